import { kindOf, parsed } from "./rows.ts";
import { number, type Row, text } from "./sql.ts";
import type { ClaimedRow, OutboxPart, Settlement } from "./types.ts";

/** The columns of a claimed row with its address, for both databases. */
export const claimColumns = `o.seq, o.class, o.attempts, o."mayBeSent", o.payload, o."createdAt", o."addressId",
  a.channel, a.tenant, a."user" AS "user", a.ref`;

/** What a step settles, by what becomes of the row. */
export interface Settled {
  readonly sent: readonly number[];
  readonly again: readonly Extract<Settlement, { readonly outcome: "again" }>[];
  readonly ended: readonly Extract<Settlement, { readonly code: string }>[];
  readonly messages: readonly { readonly token: string; readonly messageId: string }[];
}

/** Sorts settlements. */
export function sortSettlements(settle: readonly Settlement[]): Settled {
  const sent: number[] = [];
  const again: Settled["again"][number][] = [];
  const ended: Settled["ended"][number][] = [];
  const messages: Settled["messages"][number][] = [];
  for (const row of settle) {
    if (row.outcome === "sent") sent.push(row.seq);
    else if (row.outcome === "again") again.push(row);
    else ended.push(row);
    messages.push(...(row.messages ?? []));
  }
  messages.sort((one, other) => (one.token < other.token ? -1 : 1));
  return { sent, again, ended, messages };
}

/** Claimed rows in the order of leaving; `messageIds` has what is known of the prompts that they replace. */
export function claimedRows(rows: readonly Row[], messageIds: ReadonlyMap<string, string>): readonly ClaimedRow[] {
  return rows.map((row) => ({
    seq: number(row, "seq"),
    kind: kindOf(row.class),
    attempts: number(row, "attempts"),
    mayBeSent: Boolean(row.mayBeSent),
    address: {
      id: text(row, "addressId"),
      channel: text(row, "channel"),
      tenant: text(row, "tenant"),
      user: text(row, "user"),
      ref: parsed(row.ref),
    },
    parts: parsed<readonly OutboxPart[]>(row.payload).map((part) => {
      const messageId = part.edits === undefined ? undefined : messageIds.get(part.edits);
      return messageId === undefined ? part : { ...part, messageId };
    }),
    createdAt: number(row, "createdAt"),
  }));
}

/** The tokens whose messages these rows replace. */
export function editedTokens(rows: readonly Row[]): readonly string[] {
  const tokens = rows.flatMap((row) => {
    const payload = text(row, "payload");
    if (!payload.includes('"edits"')) return [];
    return parsed<readonly OutboxPart[]>(payload).flatMap((part) => (part.edits === undefined ? [] : [part.edits]));
  });
  return [...new Set(tokens)];
}
