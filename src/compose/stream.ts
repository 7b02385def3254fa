import type { ChatStream } from "../engine/adapter.ts";
import type { Store } from "../store/types.ts";

/** The chat's rows for pages and terminals, with one subscription to the store for all of them. */
export function createChatStream(store: Pick<Store, "outbox" | "onWork">): ChatStream & { close(): void } {
  const listeners = new Map<string, Set<() => void>>();
  const close = store.onWork((work) => {
    for (const chat of work.chats) for (const listener of listeners.get(chat) ?? []) listener();
  });
  return {
    read: (chat, after, limit) => store.outbox.stream(chat, after, limit),
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
