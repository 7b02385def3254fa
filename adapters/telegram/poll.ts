import { setTimeout as sleep } from "node:timers/promises";
import { GrammyError } from "grammy";
import type { AdapterDeps, Listener, Receive } from "../../src/engine/adapter.ts";
import { abortable, type Bot } from "./bot.ts";
import { toDeliveryError } from "./errors.ts";
import { POLL_SECONDS, POLL_UPDATES } from "./limits.ts";
import { UPDATE_KINDS, type Update, updateSchema } from "./parse.ts";
import type { Take } from "./take.ts";

/** Milliseconds between two tries after a failure: doubled from the first to the last. */
export interface Backoff {
  readonly first: number;
  readonly last: number;
}

export const POLL_BACKOFF: Backoff = { first: 1000, last: 60_000 };

/** Why polling stands still, for `health`. */
export type PollProblems = Map<string, string>;

/**
 * Fetches a bot's updates where the product has no public address. Asking for the next page confirms the one before,
 * so it is asked for only up to the first update that was not stored. https://core.telegram.org/bots/api#getupdates
 */
export function createPolling(
  bot: Bot,
  take: Take,
  problems: PollProblems,
  log: AdapterDeps["log"],
  backoff: Backoff,
): Listener {
  /** Telegram gives updates to one place only: the webhook goes, and what waits is kept. */
  let webhookGone = false;

  async function page(offset: number | undefined, signal: AbortSignal): Promise<readonly { update_id: number }[]> {
    if (!webhookGone) await bot.api.deleteWebhook({ drop_pending_updates: false }, abortable(signal));
    webhookGone = true;
    return bot.api.getUpdates(
      {
        ...(offset === undefined ? {} : { offset }),
        limit: POLL_UPDATES,
        timeout: POLL_SECONDS,
        allowed_updates: [...UPDATE_KINDS],
      },
      abortable(signal),
    );
  }

  async function run(receive: Receive, signal: AbortSignal): Promise<void> {
    let offset: number | undefined;
    let wait = backoff.first;
    webhookGone = false;
    while (!signal.aborted) {
      let pause: number | undefined;
      try {
        const updates = await page(offset, signal);
        const taken = await takeAll(updates, receive);
        problems.delete(bot.id);
        if (taken.length > 0) offset = Math.max(...taken) + 1;
        if (taken.length < updates.length) pause = wait;
      } catch (error) {
        if (signal.aborted) break;
        pause = Math.max(wait, complain(error));
      }
      if (pause === undefined) wait = backoff.first;
      else {
        await sleep(pause, undefined, { signal }).catch(() => undefined);
        wait = Math.min(wait * 2, backoff.last);
      }
    }
  }

  /** The ids that may be confirmed: those before the first update that was not stored. */
  async function takeAll(updates: readonly { update_id: number }[], receive: Receive): Promise<number[]> {
    const results = await Promise.allSettled(
      updates.map(async (raw) => {
        const update = updateSchema.safeParse(raw);
        // Cannot come from Telegram; holding it back would hold back everything after it.
        const known: Update = update.success ? update.data : { update_id: raw.update_id };
        await take.update(bot, known, receive);
      }),
    );
    const failed = results.findIndex((result) => result.status === "rejected");
    if (failed < 0) return updates.map((update) => update.update_id);
    log.warn({ bot: bot.id, update: updates[failed]?.update_id }, "an update was not stored; it is fetched again");
    return updates.slice(0, failed).map((update) => update.update_id);
  }

  /** Says what is wrong and gives the milliseconds that Telegram asks for. */
  function complain(error: unknown): number {
    const { code, retryAfterMs = 0 } = toDeliveryError(error);
    problems.set(bot.id, code);
    if (error instanceof GrammyError && error.error_code === 409) {
      // Somebody else's webhook is put away once more; a second poller of the same token has to be found by a person.
      webhookGone = false;
      log.error(
        { bot: bot.id, code },
        "another program or a webhook takes this bot's updates: stop it, or give this product a token of its own",
      );
    } else log.warn({ bot: bot.id, code }, "updates could not be fetched; trying again");
    return retryAfterMs;
  }

  return { name: `poll:telegram:${bot.id}`, run };
}
