import type { ClaimedRow } from "../store/types.ts";

/** What left a lane a moment ago, which the table may not say yet when the next row of a chat is committed. */
export interface Recent {
  /** Whether this row was sent a moment ago. */
  left(seq: number): boolean;
  /** The row with the platform's id of every message that it edits, or undefined where one is not known here. */
  resolve(row: ClaimedRow): ClaimedRow | undefined;
  note(seq: number, messages: readonly { readonly token: string; readonly messageId: string }[]): void;
}

/** Settling takes milliseconds; a thousand sends take longer on every platform. */
const most = 1_000;

/** Remembers the last sends of a lane. */
export function createRecent(): Recent {
  const left = new Set<number>();
  const messages = new Map<string, string>();
  return {
    left: (seq) => left.has(seq),
    resolve(row) {
      const parts = row.parts.map((part) => {
        const messageId = part.edits === undefined ? undefined : (part.messageId ?? messages.get(part.edits));
        return messageId === undefined ? part : { ...part, messageId };
      });
      const complete = parts.every((part) => part.edits === undefined || part.messageId !== undefined);
      return complete ? { ...row, parts } : undefined;
    },
    note(seq, sent) {
      left.add(seq);
      for (const { token, messageId } of sent) messages.set(token, messageId);
      forget(left);
      forget(messages);
    },
  };
}

function forget<Key>(all: { readonly size: number; keys(): Iterable<Key>; delete(key: Key): boolean }): void {
  for (const oldest of all.keys()) {
    if (all.size <= most) return;
    all.delete(oldest);
  }
}
