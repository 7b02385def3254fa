import { deliveryOf, partIdOf } from "./delivery.ts";
import type { readBefore } from "./merge-before.ts";
import { parsed } from "./rows.ts";
import { number, type Row, type Sql, text, textOrNull } from "./sql.ts";
import { type OutboxPart, outboxStatus } from "./types.ts";

/**
 * Of two deliveries of one broadcast one stays, and with it one message: what has left or may have left counts before what still
 * waits, what waits before what will never leave. What waits in the other's chats is taken back. Before the addresses move.
 */
export async function joinDeliveries(
  sql: Sql,
  from: string,
  into: string,
  remove: Awaited<ReturnType<typeof readBefore>>["remove"],
): Promise<void> {
  const both = await sql.all(
    `SELECT f."broadcastId" AS id, f.state AS own, i.state AS other FROM "BroadcastDelivery" f
      JOIN "BroadcastDelivery" i ON i."broadcastId" = f."broadcastId" AND i."personId" = $2 WHERE f."personId" = $1`,
    [from, into],
  );
  if (both.length === 0) return;
  const open = await openMessages(sql, from, into);
  for (const row of both) {
    const broadcast = text(row, "id");
    const messages = (person: string) => open.filter((one) => one.broadcast === broadcast && one.person === person);
    const moves = standing(text(row, "own"), messages(from)) > standing(text(row, "other"), messages(into));
    const loser = moves ? into : from;
    for (const { seq } of messages(loser)) {
      await sql.run(
        `DELETE FROM "Outbox" WHERE seq = $1 AND status = ${outboxStatus.waiting} AND "mayBeSent" = false`,
        [seq],
      );
    }
    await remove("BroadcastDelivery", `x."broadcastId" = $1 AND x."personId" = $2`, [broadcast, loser]);
  }
}

interface OpenMessage {
  readonly seq: number;
  readonly person: string;
  readonly broadcast: string | undefined;
  /** It may have left already, so nobody can take it back. */
  readonly underWay: boolean;
}

async function openMessages(sql: Sql, from: string, into: string): Promise<readonly OpenMessage[]> {
  const rows = await sql.all(
    `SELECT o.seq, o.status, o."mayBeSent", o.payload, a."personId" FROM "Address" a JOIN "Outbox" o ON o."addressId" = a.id
      WHERE a."personId" IN ($1, $2) AND o.status <= 1 AND o.class = 2`,
    [from, into],
  );
  return rows.map((row) => ({
    seq: number(row, "seq"),
    person: text(row, "personId"),
    broadcast: deliveryOf({ kind: "broadcast", parts: parsed<OutboxPart[]>(row.payload) })?.broadcast,
    underWay: row.status !== outboxStatus.waiting || Boolean(row.mayBeSent),
  }));
}

/** How much a delivery counts beside another one of the same broadcast. */
function standing(state: string, open: readonly OpenMessage[]): number {
  if (state === "sent") return 4;
  if (open.some(({ underWay }) => underWay)) return 3;
  // Nobody gets something a second time that they may have, unless somebody asks for it.
  if (state === "unknown" && open.length === 0) return 2;
  return state === "planned" || open.length > 0 ? 1 : 0;
}

/**
 * The delivery as it returns when two who were one from `mergedAt` on are two again; `other` has the one that stayed. It is sent
 * only where nothing left for the two meanwhile and the broadcast is still being sent. Undefined where the broadcast has gone.
 */
export async function deliveryAgain(sql: Sql, row: Row, other: string, mergedAt: number): Promise<Row | undefined> {
  const id = text(row, "broadcastId");
  const [broadcast] = await sql.all(`SELECT state FROM "Broadcast" WHERE id = $1`, [id]);
  if (broadcast === undefined) return undefined;
  if (row.state !== "planned") return row;
  const isSending = broadcast.state === "sending";
  const open = await sql.all(
    `SELECT 1 FROM "Outbox" WHERE "addressId" = $1 AND class = 2 AND status <= 1 AND payload LIKE $2`,
    [textOrNull(row, "addressId"), `[{"id":"${partIdOf({ broadcast: id, person: "" })}%`],
  );
  if (isSending && open.length > 0) return row;
  const [stayed] = await sql.all(
    `SELECT state, "sentAt" FROM "BroadcastDelivery" WHERE "broadcastId" = $1 AND "personId" = $2`,
    [id, other],
  );
  const hasLeft = stayed?.state === "unknown" || (stayed?.state === "sent" && Number(stayed.sentAt) >= mergedAt);
  if (stayed !== undefined && hasLeft) return { ...row, state: text(stayed, "state"), sentAt: stayed.sentAt ?? null };
  return isSending ? row : { ...row, state: "cancelled" };
}
