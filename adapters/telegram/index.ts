import type { Adapter, AdapterDeps } from "../../src/engine/adapter.ts";
import type { Json } from "../../src/engine/types.ts";
import { createBot } from "./bot.ts";
import type { TelegramConnection } from "./connection.ts";
import { createDeliver } from "./deliver.ts";
import { checkHealth } from "./health.ts";
import { SENDS_PER_SECOND } from "./limits.ts";
import { type Backoff, createPolling, POLL_BACKOFF, type PollProblems } from "./poll.ts";
import { render } from "./render.ts";
import { createSetUp, nameKey } from "./set-up.ts";
import { shownParts } from "./shown.ts";
import { createTake } from "./take.ts";
import { mountWebhook } from "./webhook.ts";

/** The adapter for any number of bots. Nothing is asked of Telegram before `setUp`, `deliver` or a listener runs. */
export function createTelegramAdapter(
  connections: readonly TelegramConnection[],
  deps: AdapterDeps,
  backoff: Backoff = POLL_BACKOFF,
): Adapter {
  const bots = connections.map((connection) => createBot(connection, deps));
  const deliver = createDeliver(bots, deps);
  const take = createTake(deps, deliver);
  const problems: PollProblems = new Map();
  const { publicUrl, log } = deps;

  return {
    channel: "telegram",
    capabilities: {
      lane: true,
      rates: [
        { scope: "lane", count: SENDS_PER_SECOND, perMs: 1000 },
        { scope: "chat", count: 1, perMs: 1000, newOnly: true },
      ],
      // More at once would lengthen a ban when Telegram throttles. https://grammy.dev/advanced/flood
      concurrency: 3,
      edits: true,
      delivered: true,
      home: false,
    },
    async mount(app, receive) {
      if (publicUrl !== undefined) mountWebhook(app, bots, take, receive, log);
    },
    setUp: createSetUp(bots, deps),
    listeners: publicUrl === undefined ? bots.map((bot) => createPolling(bot, take, problems, log, backoff)) : [],
    deliver,
    preview(reply) {
      const parts = render(reply);
      return {
        parts: parts.map(
          (part): Json =>
            part.type === "text"
              ? { method: "sendMessage", ...toJson(part.payload) }
              : { method: "sendPhoto", photo: "attach://picture", ...toJson(part.payload) },
        ),
        shown: shownParts(parts),
      };
    },
    health: () => checkHealth(bots, problems, deps),
    async joinWays(code, word = "join") {
      const names = await Promise.all(bots.map((bot) => deps.keep.get(nameKey(bot))));
      return names.flatMap((name) =>
        typeof name === "string"
          ? [{ name: `Telegram (@${name})`, url: `https://t.me/${name}?start=${word}_${code}`, complete: true }]
          : [],
      );
    },
    close: () => take.close(),
  };
}

function toJson(payload: object): { readonly [key: string]: Json } {
  return payload as { readonly [key: string]: Json };
}
