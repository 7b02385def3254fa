import express, { type Express, type NextFunction, type Request, type Response } from "express";
import type { AdapterDeps, Receive } from "../../src/engine/adapter.ts";
import type { Bot } from "./bot.ts";
import { UPDATE_BYTES } from "./limits.ts";
import { updateSchema } from "./parse.ts";
import type { Take } from "./take.ts";

/** The one route of all bots: the secret in the header says whose update it is. */
export const WEBHOOK_PATH = "/telegram/webhook";

/**
 * Telegram delivers again until the answer is 2xx, so 200 comes after the commit, and 503 where nothing was stored.
 * https://core.telegram.org/bots/api#setwebhook
 */
export function mountWebhook(
  app: Express,
  bots: readonly Bot[],
  take: Take,
  receive: Receive,
  log: AdapterDeps["log"],
): void {
  /** Before the body is read: a stranger's body is not worth it. */
  const authenticate = (request: Request, response: Response, next: NextFunction) => {
    const header = request.get("x-telegram-bot-api-secret-token") ?? "";
    // Every bot is compared, also after a match, so that the time says nothing about which one it was.
    const owners = bots.filter((bot) => bot.owns(header));
    const [owner] = owners;
    if (owner === undefined || header === "") {
      response.status(401).end();
      return;
    }
    response.locals.bot = owner;
    next();
  };

  const handle = async (request: Request, response: Response) => {
    const bot = response.locals.bot as Bot;
    const update = updateSchema.safeParse(parseJson(request.body));
    if (!update.success) {
      response.status(400).end();
      return;
    }
    try {
      await take.update(bot, update.data, receive);
    } catch (error) {
      log.warn(
        { bot: bot.id, update: update.data.update_id, fault: error instanceof Error ? error.name : "fault" },
        "an update was not stored; Telegram delivers it again",
      );
      response.status(503).end();
      return;
    }
    response.status(200).end();
  };

  /** What the body reader refuses: too large, compressed, cut off. */
  const refuse = (error: unknown, _request: Request, response: Response, next: NextFunction) => {
    const status = (error as { status?: unknown }).status;
    if (typeof status !== "number" || status < 400 || status > 499) next(error);
    else response.status(status).end();
  };

  const body = express.raw({ type: () => true, limit: UPDATE_BYTES, inflate: false });
  app.post(WEBHOOK_PATH, authenticate, body, handle, refuse);
}

function parseJson(body: unknown): unknown {
  try {
    return JSON.parse(Buffer.isBuffer(body) ? body.toString("utf8") : "");
  } catch {
    return undefined;
  }
}
