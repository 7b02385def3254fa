import { claimColumns, claimedRows, editedTokens, moreColumn, sortSettlements } from "../claims.ts";
import { type Flight, noteStep } from "../flights.ts";
import { type Asked, goneRows, type Moved, moveOn } from "../moves.ts";
import { classOf } from "../rows.ts";
import { type Row, text } from "../sql.ts";
import { type Lease, type OutboxStore, outboxStatus, type Settlement, StoreError } from "../types.ts";
import { classify } from "./errors.ts";
import type { Connection } from "./file.ts";
import type { Gate } from "./gate.ts";
import type { Riders } from "./riders.ts";

/** Hears of rows that went on to another address. */
export type OnMoved = (moved: readonly Moved[]) => void;

const { waiting, sending } = outboxStatus;

/**
 * One step of a lane on SQLite: one synchronous transaction where it claims. What is only settled rides with the next turns.
 */
export function createStep(
  connection: Connection,
  gate: Gate,
  ride: Riders["ride"],
  flightOf: (lease: Lease) => Flight,
  onMoved: OnMoved,
): OutboxStore["step"] {
  const prepare = (text: string) => connection.prepare<unknown[], Row>(text);
  const fence = prepare(`SELECT 1 FROM "Lane" WHERE name = ? AND holder = ? AND epoch = ?`);
  const remove = prepare(`DELETE FROM "Outbox" WHERE seq = ?`);
  const end = prepare(
    `UPDATE "Outbox" SET status = ?, code = ?, "settledAt" = ?, payload = coalesce(?, payload) WHERE seq = ?`,
  );
  const again = prepare(
    `UPDATE "Outbox" SET status = ${waiting}, "notBefore" = ?, attempts = ?, payload = ? WHERE seq = ?`,
  );
  const keepMessage = prepare(`UPDATE "Token" SET "messageId" = ? WHERE token = ?`);
  const fact = prepare(
    `UPDATE "BroadcastDelivery" SET state = ?, reason = ?, "sentAt" = ?, "deliveredAt" = ? WHERE "broadcastId" = ?
      AND "personId" = coalesce((SELECT "personId" FROM "FormerPerson" WHERE id = ?), ?) AND state <> 'sent'`,
  );
  const mark = prepare(`UPDATE "Outbox" SET status = ${sending} WHERE seq = ?`);
  const message = prepare(`SELECT "messageId" FROM "Token" WHERE token = ?`);
  // Only the first unfinished row of its chat and class may leave.
  const next = prepare(
    `SELECT ${claimColumns}, ${moreColumn()} FROM "Outbox" o INDEXED BY "Outbox_waiting" CROSS JOIN "Address" a ON a.id = o."addressId"
      WHERE o.lane = ? AND o.class = ? AND o.status = 0 AND o."notBefore" <= ?
      AND o."addressId" NOT IN (SELECT value FROM json_each(?)) AND o.seq NOT IN (SELECT value FROM json_each(?))
      AND o.seq = (SELECT e.seq FROM "Outbox" e WHERE e."addressId" = o."addressId" AND e.class = o.class AND e.status <= 1
        ORDER BY e.seq LIMIT 1)
      ORDER BY o."notBefore", o.seq LIMIT ?`,
  );

  const isHeld = (lease: Lease, holder: string) => fence.get(lease.name, holder, lease.epoch) !== undefined;

  function settleAll(settle: readonly Settlement[], now: number): readonly Moved[] {
    const moved = new Map<number, Moved>();
    for (const row of goneRows(settle)) {
      const place = runAll(connection, moveOn(row, now));
      if (place !== undefined) moved.set(row.seq, place);
    }
    const settled = sortSettlements(settle, new Set(moved.keys()));
    for (const seq of settled.sent) remove.run(seq);
    for (const row of settled.ended) {
      const parts = row.parts === undefined ? null : JSON.stringify(row.parts);
      end.run(outboxStatus[row.outcome], row.code, now, parts, row.seq);
    }
    for (const { token, messageId } of settled.messages) keepMessage.run(messageId, token);
    for (const { broadcast, person, state, reason, delivered } of settled.facts) {
      fact.run(state, reason, state === "sent" ? now : null, delivered ? now : null, broadcast, person, person);
    }
    // Under way until the step has succeeded, so the same step claims none of them.
    for (const row of settled.again) again.run(row.notBefore, row.attempts, JSON.stringify(row.parts), row.seq);
    return [...moved.values()];
  }

  const step = connection.transaction((...[lease, holder, now, settle, claim]: Parameters<OutboxStore["step"]>) => {
    if (!isHeld(lease, holder)) throw lost(lease);
    const moved = settleAll(settle, now);
    const rows: Row[] = [];
    const classes = claim.kind === undefined ? [0, 1, 2] : [classOf(claim.kind)];
    // At most one row of a chat leaves with a step.
    const busy = [...claim.busy];
    const flight = flightOf(lease);
    const underWay = JSON.stringify([...flight.seqs]);
    for (const number of classes) {
      if (rows.length >= claim.limit) break;
      const found = next.all(lease.name, number, now, JSON.stringify(busy), underWay, claim.limit - rows.length);
      for (const row of found) {
        rows.push(row);
        busy.push(text(row, "addressId"));
      }
    }
    for (const row of rows) if (row.class !== 0) mark.run(row.seq);

    const messageIds = new Map<string, string>();
    for (const token of editedTokens(rows)) {
      const id = message.get(token)?.messageId;
      if (typeof id === "string") messageIds.set(token, id);
    }
    return { claimed: claimedRows(rows, messageIds), moved };
  });

  return async (lease, holder, now, settle, claim) => {
    const flight = flightOf(lease);
    try {
      if (claim.limit > 0) {
        const { claimed, moved } = await gate.run(() => {
          const done = step.immediate(lease, holder, now, settle, claim);
          noteStep(flight, settle, done.claimed);
          return done;
        });
        onMoved(moved);
        return claimed;
      }
      const moved = await ride(() => (isHeld(lease, holder) ? settleAll(settle, now) : undefined));
      if (moved === undefined) throw lost(lease);
      noteStep(flight, settle, []);
      onMoved(moved);
      return [];
    } catch (error) {
      throw classify(error);
    }
  };
}

function lost({ name, epoch }: Lease): StoreError {
  return new StoreError("conflict", `lane ${name} is not held at epoch ${epoch} any more`);
}

/** Runs statements that follow from one another, inside an open transaction. They are rare, so nothing is kept prepared. */
function runAll<Result>(connection: Connection, steps: Generator<Asked, Result, readonly Row[]>): Result {
  for (let next = steps.next(); ; ) {
    if (next.done === true) return next.value;
    const { text, values } = next.value;
    const statement = connection.prepare<unknown[], Row>(text.replace(/\$(\d+)/g, "?$1"));
    const named = Object.fromEntries(values.map((value, index) => [String(index + 1), value]));
    if (statement.reader) next = steps.next(statement.all(named));
    else {
      statement.run(named);
      next = steps.next([]);
    }
  }
}
