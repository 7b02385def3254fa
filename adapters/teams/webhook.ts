import express, { type ErrorRequestHandler, type Express, type Request, type Response } from "express";
import type { Adapter, AdapterDeps, Receive } from "../../src/engine/adapter.ts";
import { hearGroup } from "../../src/engine/groups.ts";
import type { Registration } from "./auth.ts";
import { BODY } from "./limits.ts";
import { envelope, hasDirectoryIdentity, parseActivity, tenantOf } from "./parse.ts";
import { type Claim, claimOf, verify } from "./verify.ts";

const PATH = "/api/messages";

/**
 * Adds the route that Teams posts to. In this order: token, channel, service address, tenant, identity, then the turn;
 * the answer leaves after the turn is committed.
 */
export function mountWebhook(
  app: Express,
  registrations: readonly Registration[],
  receive: Receive,
  deps: Pick<AdapterDeps, "now" | "log" | "words" | "inGroup">,
  deliver: Adapter["deliver"],
): void {
  const refuse = (response: Response, status: number, reason: string, name = "unknown") => {
    deps.log.warn({ platform: "teams", connection: name, status, reason }, "request refused");
    response.status(status).json({ error: reason });
  };

  const claim = (request: Request, response: Response, next: () => void) => {
    const found = claimOf(registrations, request.headers.authorization, request.socket.remoteAddress);
    // Before the body is read: a stranger's body costs nothing.
    if (found.kind === "refused") return refuse(response, 401, "no acceptable token");
    response.locals.claim = found;
    next();
  };

  const handle = async (request: Request, response: Response) => {
    const found = response.locals.claim as Exclude<Claim, { kind: "refused" }>;
    const { registration } = found;
    const stop = (status: number, reason: string) => refuse(response, status, reason, registration.name);
    const body: unknown = request.body;
    if (typeof body !== "object" || body === null || Array.isArray(body))
      return stop(400, "the body is not an activity");

    const { channelId, serviceUrl } = body as { readonly channelId?: unknown; readonly serviceUrl?: unknown };
    if (found.kind === "signed") {
      // Another channel has other tokens, from other servers; none of them is for this bot. Without a service address
      // botbuilder does not compare the one in the token.
      if (channelId !== "msteams") return stop(401, "the channel is not msteams");
      if (typeof serviceUrl !== "string" || serviceUrl === "") return stop(401, "the activity has no serviceUrl");
      const verdict = await verify(registration, found.header, { channelId, serviceUrl });
      if (verdict === "unavailable") return stop(503, "the key server did not answer");
      if (verdict === "invalid") return stop(401, "the token is not valid");
    } else if (channelId !== "msteams" && channelId !== "emulator") return stop(401, "the channel is not msteams");

    const checked = envelope.safeParse(body);
    if (!checked.success) return stop(400, "the body is not an activity: type, channelId and serviceUrl are needed");
    if (!registration.allows(checked.data.serviceUrl)) return stop(403, "the host of serviceUrl is not allowed");
    if (found.kind === "signed") {
      const tenant = tenantOf(body);
      if (tenant === undefined || !registration.tenants.has(tenant)) return stop(403, "the tenant is not allowed");
      const needed = checked.data.type === "message" || checked.data.type === "invoke";
      if (!hasDirectoryIdentity(body)) {
        if (needed) return stop(403, "the sender has no directory identity");
        return response.status(200).end();
      }
    }
    const parsed = parseActivity(body, {
      appId: registration.appId,
      unsigned: found.kind === "unsigned",
      receivedAt: deps.now(),
    });
    switch (parsed.kind) {
      case "malformed":
        return stop(400, "the activity lacks an id, a sender or a conversation");
      case "unknown-invoke":
        return response.status(501).end();
      case "ignored":
        return response.status(200).end();
      case "unusable":
        return response.status(200).json(badButton(deps.words.text(language(deps, body), "teams.button.unusable")));
      case "group": {
        const stored = await hearGroup(deps, deliver, parsed.message).then(
          () => true,
          () => false,
        );
        return response.status(stored ? 200 : 503).end();
      }
      case "turn": {
        const receipt = await receive(parsed.inbound).catch((error: unknown) => {
          const name = error instanceof Error ? error.name : "unknown";
          deps.log.error({ platform: "teams", connection: registration.name, error: name }, "turn not stored");
          return undefined;
        });
        if (receipt === undefined) return response.status(503).end();
        if (!parsed.invoke) return response.status(200).end();
        return response.status(200).json(shown(receipt.notice ?? ""));
      }
    }
  };

  const failed: ErrorRequestHandler = (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    const { status } = error as { readonly status?: unknown };
    if (status === 413) return refuse(response, 413, "the body is too large");
    if (typeof status === "number" && status >= 400 && status < 500)
      return refuse(response, 400, "the body is not JSON");
    deps.log.error({ platform: "teams", error: error instanceof Error ? error.name : "unknown" }, "request failed");
    // The vendor's adapter would show the error's text to whoever asked.
    response.status(503).end();
  };

  app.post(PATH, claim, express.json({ limit: BODY, type: () => true }), handle);
  app.use(PATH, failed);
}

/**
 * The answer to a pressed button: a short text beside it. The card itself changes by an update of the outbox.
 * https://learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model
 */
function shown(notice: string): object {
  return { statusCode: 200, type: "application/vnd.microsoft.activity.message", value: notice };
}

function badButton(message: string): object {
  return { statusCode: 400, type: "application/vnd.microsoft.error", value: { code: "BadRequest", message } };
}

function language({ words }: Pick<AdapterDeps, "words">, body: object): string {
  const { locale } = body as { readonly locale?: unknown };
  return words.match(typeof locale === "string" ? locale : undefined) ?? words.languages[0] ?? "en";
}
