import express, { type Express, type NextFunction, type Request, type Response } from "express";
import type { AdapterDeps, Receive } from "../../src/engine/adapter.ts";
import type { fromOurPage, Limiter } from "./guard.ts";
import type { Identity } from "./identity.ts";
import { limits } from "./limits.ts";
import { parseMessage } from "./parse.ts";
import { textsFor } from "./texts.ts";

interface Parts {
  readonly deps: AdapterDeps;
  readonly identity: Identity;
  readonly limiter: Limiter;
  readonly fromOurPage: typeof fromOurPage;
}

/** `POST /chat/message`: what the page sends. Every refusal is JSON `{ error, message }`, the message in the reader's language. */
export function createMessages({ deps, identity, limiter, fromOurPage }: Parts) {
  const json = express.json({ limit: limits.bodyBytes, type: "application/json" });

  function refuse(req: Request, res: Response, status: number, error: Refusal, waitSeconds?: number): void {
    if (waitSeconds !== undefined) res.set("Retry-After", String(waitSeconds));
    res.status(status).json({ error, message: textsFor(req, deps.words).t(keys[error]) });
  }

  async function check(req: Request, res: Response, next: NextFunction): Promise<void> {
    if (!fromOurPage(req, deps.publicUrl)) return refuse(req, res, 403, "foreign");
    const user = identity.of(req);
    if (user === undefined) return refuse(req, res, 401, "no_session");
    if (!req.is("application/json")) return refuse(req, res, 415, "wrong_type");
    const wait = await limiter.message(req, user);
    if (wait !== undefined) return refuse(req, res, 429, "too_many", wait);
    next();
  }

  function read(req: Request, res: Response, next: NextFunction): void {
    json(req, res, (error?: unknown) => {
      if (error === undefined) return next();
      const status = statusOf(error);
      if (status === 413) return refuse(req, res, 413, "too_large");
      if (status === 415) return refuse(req, res, 415, "wrong_type");
      refuse(req, res, 400, "malformed");
    });
  }

  return {
    mount(app: Express, receive: Receive): void {
      app.post("/chat/message", check, read, async (req, res) => {
        const user = identity.of(req);
        const inbound = user === undefined ? undefined : parseMessage(req.body, user, deps.now());
        if (!inbound) return refuse(req, res, 400, "malformed");
        try {
          const { outcome, notice } = await receive(inbound);
          res.set("Cache-Control", "no-store").json({ outcome, ...(notice !== undefined && { notice }) });
        } catch {
          // Nothing was stored. The page keeps the message and sends it again under the same id.
          refuse(req, res, 503, "unavailable", 2);
        }
      });
    },
  };
}

const keys = {
  foreign: "web.error.foreign",
  no_session: "web.error.noSession",
  wrong_type: "web.error.wrongType",
  too_many: "web.error.tooMany",
  too_large: "web.error.tooLarge",
  malformed: "web.error.malformed",
  unavailable: "web.error.unavailable",
} as const;

type Refusal = keyof typeof keys;

function statusOf(error: unknown): number | undefined {
  return typeof error === "object" && error !== null && "status" in error && typeof error.status === "number"
    ? error.status
    : undefined;
}
