import { kindOf, parsed } from "./rows.ts";
import { number, type Row, text } from "./sql.ts";
import type { ClaimedRow, OutboxPart, Settlement } from "./types.ts";

/** The columns of a claimed row with its address, for both databases. */
export const claimColumns = `o.seq, o.class, o.attempts, o."mayBeSent", o.payload, o."createdAt", o."addressId",
  a.channel, a.tenant, a."user" AS "user", a.ref`;

/** Whether the chat of a claimed row has other open rows, without those that are settled in the same statement. */
export function moreColumn(settled = ""): string {
  return `(SELECT count(*) FROM (SELECT 1 FROM "Outbox" e WHERE e."addressId" = o."addressId" AND e.status <= 1 ${settled} LIMIT 2) two) > 1
    AS more`;
}

/** What a step settles, by what becomes of the row. */
export interface Settled {
  readonly sent: readonly number[];
  readonly again: readonly Extract<Settlement, { readonly outcome: "again" }>[];
  readonly ended: readonly Extract<Settlement, { readonly code: string }>[];
  readonly messages: readonly { readonly token: string; readonly messageId: string }[];
  readonly facts: readonly DeliveryFact[];
}

/** What a broadcast's delivery learns from a settled row; `reason` is null where it was sent. */
interface DeliveryFact {
  readonly broadcast: string;
  readonly person: string;
  readonly state: "sent" | "unknown" | "failed";
  readonly reason: string | null;
  readonly delivered: boolean;
}

/** Sorts settlements. `moved`: rows that went on to another address, of which only the message ids are left to keep. */
export function sortSettlements(settle: readonly Settlement[], moved: ReadonlySet<number> = nothing): Settled {
  const sent: number[] = [];
  const again: Settled["again"][number][] = [];
  const ended: Settled["ended"][number][] = [];
  const messages: Settled["messages"][number][] = [];
  const facts: DeliveryFact[] = [];
  for (const row of settle) {
    messages.push(...(row.messages ?? []));
    if (moved.has(row.seq)) continue;
    if (row.outcome === "sent") sent.push(row.seq);
    else if (row.outcome === "again") again.push(row);
    else ended.push(row);
    const fact = factOf(row);
    if (fact !== undefined) facts.push(fact);
  }
  messages.sort((one, other) => (one.token < other.token ? -1 : 1));
  facts.sort((one, other) => (`${one.broadcast}${one.person}` < `${other.broadcast}${other.person}` ? -1 : 1));
  return { sent, again, ended, messages, facts };
}

const nothing: ReadonlySet<number> = new Set();

function factOf(row: Settlement): DeliveryFact | undefined {
  if (row.of === undefined || row.outcome === "again") return undefined;
  if (row.outcome === "sent") return { ...row.of, state: "sent", reason: null, delivered: row.delivered === true };
  const state = row.outcome === "unknown" ? "unknown" : "failed";
  return { ...row.of, state, reason: `${row.outcome}:${row.code}`, delivered: false };
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
    more: Boolean(row.more),
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
