import { ExpressReceiver, isValidSlackRequest } from "@slack/bolt";
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Router,
} from "express";
import type { Log } from "../../src/engine/adapter.ts";
import { startBolt } from "./bolt.ts";
import { sdkLogger } from "./clients.ts";
import type { SlackConnection } from "./connection.ts";
import type { Intake } from "./intake.ts";
import { limits } from "./limits.ts";

/**
 * Mounts `POST /slack/events` for events, pressed buttons and commands of all connections. Which one a request is for
 * is found by its signature: 401 without a valid one, 413 for an oversized body, 400 for a malformed one, 503 when
 * nothing was stored.
 */
export function mountEvents(app: Express, connections: readonly SlackConnection[], intake: Intake, log: Log): void {
  const doors = doorsOf(connections, intake, log);
  const raw = express.raw({ type: () => true, limit: limits.bodyBytes, inflate: false });
  app.post("/slack/events", raw, refuse(log), admit(doors, log));
}

/** All connections of one Slack app: they share its signing secret. */
interface Door {
  readonly signingSecret: string;
  readonly router: Router;
}

/** Slack has given up long before; this only keeps a connection from hanging. */
const ANSWER_MS = 30_000;

function doorsOf(connections: readonly SlackConnection[], intake: Intake, log: Log): Door[] {
  const bySecret = new Map<string, SlackConnection[]>();
  for (const connection of connections) {
    if (connection.signingSecret === undefined) continue;
    bySecret.set(connection.signingSecret, [...(bySecret.get(connection.signingSecret) ?? []), connection]);
  }
  return [...bySecret].map(([signingSecret, own]) => {
    const router = express.Router();
    const receiver = new ExpressReceiver({
      signingSecret,
      endpoints: "/slack/events",
      router,
      // Bolt would otherwise answer 200 first and do the work afterwards.
      processBeforeResponse: true,
      unhandledRequestTimeoutMillis: ANSWER_MS,
      unhandledRequestHandler: ({ response }) => {
        if (!response.headersSent) response.writeHead(503).end();
      },
      processEventErrorHandler: async ({ response }) => {
        log.warn({}, "Slack request not stored; Slack is asked to deliver it again");
        if (!response.headersSent) response.writeHead(503).end();
        return false;
      },
      logger: sdkLogger(log),
    });
    startBolt(receiver, own, intake, log);
    return { signingSecret, router };
  });
}

function admit(doors: readonly Door[], log: Log): RequestHandler {
  return (request, response, next) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const door = doors.find((candidate) => isSigned(request, body, candidate.signingSecret));
    if (!door) {
      log.warn({}, "Slack request without a valid signature refused");
      response.status(401).end();
      return;
    }
    const kind = kindOf(request, body);
    if (kind === "malformed") response.status(400).end();
    // Bolt does not answer what it does not know; Slack would call that a failure.
    else if (kind === "unknown") response.status(200).end();
    else door.router(Object.assign(request, { rawBody: body }), response, next);
  };
}

/** Bolt's own check, and what it leaves out: a time stamp in the future. Security keeps to the real clock. */
function isSigned(request: Request, body: Buffer, signingSecret: string): boolean {
  const signature = request.get("x-slack-signature") ?? "";
  const stamp = request.get("x-slack-request-timestamp") ?? "";
  if (!/^v0=[0-9a-f]{64}$/.test(signature) || !/^\d{1,12}$/.test(stamp)) return false;
  if (Math.abs(Date.now() / 1000 - Number(stamp)) > limits.signatureAgeSeconds) return false;
  return isValidSlackRequest({
    signingSecret,
    body: body.toString("utf8"),
    headers: { "x-slack-signature": signature, "x-slack-request-timestamp": Number(stamp) },
  });
}

function kindOf(request: Request, raw: Buffer): "known" | "unknown" | "malformed" {
  const text = raw.toString("utf8");
  try {
    let body: unknown;
    if (request.get("content-type") === "application/x-www-form-urlencoded") {
      const form = new URLSearchParams(text);
      const payload = form.get("payload");
      body = payload === null ? Object.fromEntries(form) : JSON.parse(payload);
    } else {
      body = JSON.parse(text);
    }
    if (typeof body !== "object" || body === null) return "malformed";
    const { type, event, command, ssl_check } = body as {
      type?: unknown;
      event?: unknown;
      command?: unknown;
      ssl_check?: unknown;
    };
    if (type === "event_callback") return typeof event === "object" && event !== null ? "known" : "malformed";
    const known =
      type === "url_verification" || type === "block_actions" || typeof command === "string" || ssl_check !== undefined;
    return known ? "known" : "unknown";
  } catch {
    return "malformed";
  }
}

function refuse(log: Log): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const status = typeof error === "object" && error !== null && "status" in error ? Number(error.status) : 400;
    log.warn({ status }, "Slack request with an unreadable body refused");
    if (response.headersSent) next(error);
    else response.status(status >= 400 && status < 500 ? status : 400).end();
  };
}
