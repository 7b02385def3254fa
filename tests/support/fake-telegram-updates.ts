import { Refusal } from "./fake-telegram-rules.ts";

export interface FakeUpdate {
  readonly update_id: number;
  readonly [kind: string]: unknown;
}
interface Pending {
  readonly update: FakeUpdate;
  readonly queue: string;
  readonly at: number;
  readonly done: () => void;
}
interface Webhook {
  readonly url: string;
  readonly secret: string | undefined;
}

/** A button press is dropped when nobody took it for so long. `Client.cpp`, callback queries. */
export const PRESS_LIFE_MS = 150_000;
/** Delivered only where they are asked for by name. https://core.telegram.org/bots/api#getupdates */
const NOT_BY_DEFAULT = new Set(["chat_member", "message_reaction", "message_reaction_count"]);
/** Waits between two tries of a webhook; the real ones are longer, the order is the same: at once, then doubling. */
const RETRY_MS = [0, 100, 200, 400, 800, 1600];

/**
 * The updates of one bot: held until a poller confirms them or the webhook answers 2xx. Messages of a chat and presses
 * of a user are different queues; within one, the next is delivered after the one before was taken.
 */
export function createUpdates(now: () => number) {
  let pending: Pending[] = [];
  let next = 70_000_001;
  let allowed: readonly string[] | undefined;
  let webhook: Webhook | undefined;
  let lastError: string | undefined;
  let waiting: { wake: () => void; stop: (refusal: Refusal) => void } | undefined;
  const busy = new Set<string>();
  const attempts: { updateId: number; status: number }[] = [];
  let closed = false;

  const wanted = (update: FakeUpdate) => {
    const kind = Object.keys(update).find((key) => key !== "update_id") ?? "";
    return allowed === undefined || allowed.length === 0 ? !NOT_BY_DEFAULT.has(kind) : allowed.includes(kind);
  };
  const settle = (gone: (entry: Pending) => boolean) => {
    for (const entry of pending) if (gone(entry)) entry.done();
    pending = pending.filter((entry) => !gone(entry));
  };
  const expire = () => settle(({ update, at }) => update.callback_query !== undefined && now() - at > PRESS_LIFE_MS);

  async function post(entry: Pending, to: Webhook): Promise<number> {
    const secret: Record<string, string> =
      to.secret === undefined ? {} : { "x-telegram-bot-api-secret-token": to.secret };
    try {
      const response = await fetch(to.url, {
        method: "POST",
        headers: { "content-type": "application/json", ...secret },
        body: JSON.stringify(entry.update),
        signal: AbortSignal.timeout(60_000),
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return 0;
    }
  }

  async function drain(queue: string): Promise<void> {
    if (busy.has(queue)) return;
    busy.add(queue);
    let tries = 0;
    while (!closed && webhook !== undefined) {
      expire();
      const entry = pending.find((candidate) => candidate.queue === queue);
      if (entry === undefined) break;
      const status = await post(entry, webhook);
      attempts.push({ updateId: entry.update.update_id, status });
      if (status >= 200 && status < 300) {
        tries = 0;
        settle((candidate) => candidate === entry);
        continue;
      }
      lastError = status === 0 ? "Connection refused" : `Wrong response from the webhook: ${status}`;
      const pause = RETRY_MS[Math.min(tries, RETRY_MS.length - 1)] ?? 0;
      tries += 1;
      await new Promise((resolve) => setTimeout(resolve, pause).unref());
    }
    busy.delete(queue);
  }

  function add(update: FakeUpdate, queue: string): Promise<number> {
    const { update_id } = update;
    if (!wanted(update)) return Promise.resolve(update_id);
    return new Promise((resolve) => {
      pending.push({ update, queue, at: now(), done: () => resolve(update_id) });
      if (webhook !== undefined) void drain(queue);
      waiting?.wake();
    });
  }

  return {
    attempts,
    /** Puts an update in line; resolves with its id when it was confirmed or answered 2xx. */
    push(kinds: Readonly<Record<string, unknown>>, queue: string): Promise<number> {
      return add({ update_id: next++, ...kinds }, queue);
    },
    /** The same update once more, as after a lost acknowledgement. */
    again(update: FakeUpdate): Promise<number> {
      return add(update, `again:${update.update_id}`);
    },

    async poll(params: Readonly<Record<string, unknown>>, hangUp: AbortSignal): Promise<FakeUpdate[]> {
      if (webhook !== undefined) {
        const how = "use deleteWebhook to delete the webhook first";
        throw new Refusal(409, `Conflict: can't use getUpdates method while webhook is active; ${how}`);
      }
      const only = "make sure that only one bot instance is running";
      waiting?.stop(new Refusal(409, `Conflict: terminated by other getUpdates request; ${only}`));
      if (Array.isArray(params.allowed_updates)) allowed = params.allowed_updates as string[];
      const offset = Number(params.offset ?? 0);
      settle(({ update }) => update.update_id < offset);
      expire();
      const seconds = Math.min(50, Number(params.timeout ?? 0));
      if (pending.length === 0 && seconds > 0) await someUpdate(seconds, hangUp);
      const limit = Math.min(100, Math.max(1, Number(params.limit ?? 100)));
      return pending.slice(0, limit).map((entry) => entry.update);
    },
    setWebhook(url: string, secret: string | undefined, kinds: unknown): void {
      webhook = { url, secret };
      lastError = undefined;
      if (Array.isArray(kinds)) allowed = kinds as string[];
      waiting?.stop(new Refusal(409, "Conflict: terminated by setWebhook request"));
      for (const queue of new Set(pending.map((entry) => entry.queue))) void drain(queue);
    },
    deleteWebhook(): void {
      webhook = undefined;
    },
    info() {
      return {
        url: webhook?.url ?? "",
        has_custom_certificate: false,
        pending_update_count: pending.length,
        ...(lastError === undefined ? {} : { last_error_message: lastError }),
        ...(allowed === undefined ? {} : { allowed_updates: allowed }),
      };
    },
    close(): void {
      closed = true;
      waiting?.wake();
    },
  };

  function someUpdate(seconds: number, hangUp: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (finish: () => void) => {
        clearTimeout(timer);
        hangUp.removeEventListener("abort", own.wake);
        if (waiting === own) waiting = undefined;
        finish();
      };
      const own = { wake: () => end(resolve), stop: (refusal: Refusal) => end(() => reject(refusal)) };
      const timer = setTimeout(own.wake, seconds * 1000);
      hangUp.addEventListener("abort", own.wake);
      waiting = own;
    });
  }
}
