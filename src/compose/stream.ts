import { noteShown } from "../broadcasts/facts.ts";
import type { ChatStream } from "../engine/adapter.ts";
import type { Store } from "../store/types.ts";

/** The chat's rows for pages and terminals, with one subscription to the store for all of them. `now`: epoch milliseconds. */
export function createChatStream(
  store: Pick<Store, "outbox" | "onWork" | "sql">,
  now: () => number,
): ChatStream & { close(): void } {
  const listeners = new Map<string, Set<() => void>>();
  const close = store.onWork((work) => {
    for (const chat of work.chats) for (const listener of listeners.get(chat) ?? []) listener();
  });
  return {
    async read(chat, after, limit) {
      const rows = await store.outbox.stream(chat, after, limit);
      await noteShown(store.sql, rows, now());
      return rows;
    },
    subscribe(chat, listener) {
      const own = listeners.get(chat) ?? new Set();
      listeners.set(chat, own.add(listener));
      return () => {
        own.delete(listener);
        if (own.size === 0 && listeners.get(chat) === own) listeners.delete(chat);
      };
    },
    close,
  };
}
