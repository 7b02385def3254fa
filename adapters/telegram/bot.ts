import { createHash, timingSafeEqual } from "node:crypto";
import http from "node:http";
import https from "node:https";
import { Api } from "grammy";
import type { AdapterDeps } from "../../src/engine/adapter.ts";
import { botId, OFFICIAL_ROOT, type TelegramConnection } from "./connection.ts";
import { REQUEST_SECONDS } from "./limits.ts";

/** One connected bot. */
export interface Bot {
  /** The number before the colon of the token: the tenant of all its addresses. */
  readonly id: string;
  readonly api: Api["raw"];
  readonly root: string;
  /** What Telegram shall put into the header of every webhook request. */
  readonly secret: string;
  /** Whether this header is the bot's. Takes the same time for every header of a length. */
  owns(header: string): boolean;
  /** Whether names and descriptions are set from the words, or stay as BotFather has them. */
  readonly profile: TelegramConnection["profile"];
}

/** Makes no request: a bot that cannot be reached is made all the same. */
export function createBot(connection: TelegramConnection, deps: Pick<AdapterDeps, "sign" | "signed">): Bot {
  const id = botId(connection);
  const root = connection.apiRoot ?? OFFICIAL_ROOT;
  const api = new Api(connection.token, {
    apiRoot: root,
    timeoutSeconds: REQUEST_SECONDS,
    // Looked up per request, so that a proxy put in as the global agent is used. It also closes a connection that is idle
    // for 5 seconds, long before Telegram does: a send on a connection just closed would count as perhaps sent.
    baseFetchConfig: { agent: (url: URL) => (url.protocol === "https:" ? https : http).globalAgent },
  });
  const own = connection.webhookSecret;
  return {
    id,
    api: api.raw,
    root,
    secret: own ?? deps.sign(PURPOSE, id),
    owns: (header) => (own === undefined ? deps.signed(PURPOSE, id, header) : sameText(own, header)),
    profile: connection.profile,
  };
}

/** The library works with node's signals, but its types know only those of a package it brings. */
export function abortable(signal: AbortSignal): NonNullable<Parameters<Bot["api"]["getMe"]>[0]> {
  return signal as unknown as NonNullable<Parameters<Bot["api"]["getMe"]>[0]>;
}

const PURPOSE = "telegram.webhook";

/** Digests have one length, so the comparison says nothing about the length of the secret. */
function sameText(one: string, other: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
