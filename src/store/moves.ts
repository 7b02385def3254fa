import type { Row, Value } from "./sql.ts";
import { number, text } from "./sql.ts";
import { type OutboxPart, outboxStatus, type Settlement } from "./types.ts";
import type { Work } from "./work.ts";

/** A row whose address is gone. */
export type GoneRow = Extract<Settlement, { readonly outcome: "gone" }>;

/** Where a row went on. */
export interface Moved {
  readonly addressId: string;
  /** Empty where messages are only streamed. */
  readonly lane: string;
}

/** A statement with `$1`, `$2` … as placeholders. */
export interface Asked {
  readonly text: string;
  readonly values: readonly Value[];
}

/**
 * What becomes of a row whose address is gone, statement by statement, for both databases: the address is marked with the reason, and
 * a reminder or a broadcast goes on to the next address of the person that can be reached, the one used last first. Since each address
 * is marked before, a row comes to every address once at most. Undefined where there is none: the row is settled as it is.
 */
export function* moveOn(row: GoneRow, now: number): Generator<Asked, Moved | undefined, readonly Row[]> {
  yield {
    text: `UPDATE "Address" SET state = 'gone', reason = coalesce($2, reason), "changedAt" = $3
      WHERE id IN (SELECT "addressId" FROM "Outbox" WHERE seq = $1)`,
    values: [row.seq, row.reason ?? null, now],
  };
  if (row.channels === undefined) return undefined;
  const places = yield {
    text: `SELECT o.class, o."personId", o."createdAt", a.id, a.channel, a.tenant FROM "Outbox" o
      JOIN "Person" p ON p.id = o."personId" JOIN "Address" a ON a."personId" = p.id
      WHERE o.seq = $1 AND o.class > 0 AND a.id <> o."addressId" AND a.state = 'reachable'
      ORDER BY CASE WHEN a.id = p."addressId" THEN 0 ELSE 1 END, a."changedAt" DESC, a.id`,
    values: [row.seq],
  };
  for (const place of places) {
    const channel = row.channels.find((one) => one.channel === place.channel);
    if (channel === undefined) continue;
    const addressId = text(place, "id");
    const lane = channel.lane ? `${text(place, "channel")}:${text(place, "tenant")}` : "";
    // A number of its own: a stream reads on by number, and in a lane it stands behind what the chat has already.
    yield { text: `DELETE FROM "Outbox" WHERE seq = $1`, values: [row.seq] };
    yield {
      text: `INSERT INTO "Outbox"(lane, "addressId", "personId", class, status, payload, "notBefore", attempts, "mayBeSent", "createdAt")
        VALUES ($1, $2, $3, $4, $5, $6, 0, 0, false, $7)`,
      values: [
        lane,
        addressId,
        text(place, "personId"),
        number(place, "class"),
        lane === "" ? outboxStatus.streamed : outboxStatus.waiting,
        JSON.stringify((row.parts ?? []).map(withoutEdit)),
        number(place, "createdAt"),
      ],
    };
    if (row.of !== undefined) {
      yield {
        text: `UPDATE "BroadcastDelivery" SET "addressId" = $3, state = $4, "sentAt" = $5 WHERE "broadcastId" = $1 AND state <> 'sent'
          AND "personId" = coalesce((SELECT "personId" FROM "FormerPerson" WHERE id = $2), $2)`,
        values: [
          row.of.broadcast,
          row.of.person,
          addressId,
          lane === "" ? "sent" : "planned",
          lane === "" ? now : null,
        ],
      };
    }
    return { addressId, lane };
  }
  return undefined;
}

/** Who must hear that rows went on. */
export function movedWork(moved: readonly Moved[]): Work {
  const lanes = new Set(moved.flatMap(({ lane }) => (lane === "" ? [] : [lane])));
  return { lanes: [...lanes], chats: moved.flatMap((one) => (one.lane === "" ? [one.addressId] : [])), jobs: false };
}

/** The message to replace stands in the other chat. */
function withoutEdit({ edits: _, ...part }: OutboxPart): OutboxPart {
  return part;
}

/** The rows of a settlement whose addresses are gone. */
export function goneRows(settle: readonly Settlement[]): readonly GoneRow[] {
  return settle.filter((row): row is GoneRow => row.outcome === "gone");
}
