import { deliveryOf } from "../store/delivery.ts";
import { number, type Sql, text } from "../store/sql.ts";
import { type OutboxPart, outboxStatus } from "../store/types.ts";
import { recipientsOf } from "./audience.ts";
import type { Maker } from "./maker.ts";
import type { MessageRow } from "./rows.ts";
import { messagesOf, openMessage, windowAfter } from "./write.ts";

/** People in one step of writing messages: a transaction of a few milliseconds, beside which nothing else of the process runs. */
const stepSize = 100;
/** On PostgreSQL, where the process goes on while the server works. */
const serverStep = 500;

/** What one step of writing messages has done. */
export interface MessageStep {
  /** Where the next step begins; empty where nobody is left. */
  readonly to: string;
  readonly rows: readonly MessageRow[];
}

/**
 * Writes the messages of the next people of a planned broadcast: all of them, or nothing where somebody else was faster or it is
 * not being sent any more (undefined). Everything is read anew in the same transaction, so whoever has stopped, paused, moved or
 * gone since the planning is met as they are now. `from` is the cursor: null at the beginning.
 */
export function writeNext(
  sql: Sql,
  maker: Maker,
  broadcast: string,
  from: string | null,
  now: number,
): Promise<MessageStep | undefined> {
  return sql.transaction(async (inside) => {
    const after = from ?? "";
    const end = await windowAfter(inside, broadcast, after, sql.kind === "sqlite" ? stepSize : serverStep);
    const moved = await inside.run(
      `UPDATE "Broadcast" SET cursor = $3, "changedAt" = $4
        WHERE id = $1 AND state = 'sending' AND planned = true AND cursor IS NOT DISTINCT FROM CAST($2 AS TEXT)`,
      [broadcast, from, end ?? "", now],
    );
    if (moved !== 1) return undefined;
    const waiting = await inside.all(
      `SELECT d."personId" FROM "BroadcastDelivery" d WHERE d."broadcastId" = $1 AND d."personId" > $2
        ${end === null ? "" : `AND d."personId" <= $4`} AND d.state = 'planned' AND NOT EXISTS (${openMessage("d", "$3")})`,
      [broadcast, after, messagesOf(broadcast), ...(end === null ? [] : [end])],
    );
    const people = await recipientsOf(
      inside,
      waiting.map((row) => text(row, "personId")),
    );
    return { to: end ?? "", rows: people.length === 0 ? [] : await maker.write(inside, people) };
  });
}

/** Goes back to the beginning, for whoever came to the broadcast behind the cursor, as by a merge of two persons. */
export async function writeAnew(sql: Sql, broadcast: string): Promise<void> {
  await sql.run(
    `UPDATE "Broadcast" SET cursor = NULL WHERE id = $1 AND state = 'sending' AND planned = true AND cursor = ''`,
    [broadcast],
  );
}

/** Messages for streamed chats whose time has come, in one transaction. */
const dueSize = 200;

/**
 * Lets streams see the messages of broadcasts whose time has come: a stream reads on by number, so they get a new one now. Returns
 * the chats.
 */
export async function showDue(sql: Sql, now: number): Promise<readonly string[]> {
  // A look costs less than a transaction, and mostly there is nothing.
  const [first] = await sql.all(
    `SELECT seq FROM "Outbox" WHERE status = 0 AND lane = '' AND class = 2 AND "notBefore" <= $1 LIMIT 1`,
    [now],
  );
  if (first === undefined) return [];
  return sql.transaction(async (inside) => {
    const due = await inside.all(
      `DELETE FROM "Outbox" WHERE seq IN (SELECT seq FROM "Outbox" WHERE status = 0 AND lane = '' AND class = 2 AND "notBefore" <= $1
        ORDER BY "notBefore", seq LIMIT ${dueSize}) RETURNING seq, "addressId", "personId", payload`,
      [now],
    );
    for (const row of [...due].sort((one, other) => number(one, "seq") - number(other, "seq"))) {
      const payload = text(row, "payload");
      await inside.run(
        `INSERT INTO "Outbox"(lane, "addressId", "personId", class, status, payload, "notBefore", attempts, "mayBeSent", "createdAt")
          VALUES ('', $1, $2, 2, ${outboxStatus.streamed}, $3, 0, 0, false, $4)`,
        [text(row, "addressId"), text(row, "personId"), payload, now],
      );
      const parts: readonly OutboxPart[] = JSON.parse(payload);
      const of = deliveryOf({ kind: "broadcast", parts });
      if (of === undefined) continue;
      await inside.run(
        `UPDATE "BroadcastDelivery" SET state = 'sent', "sentAt" = $3 WHERE "broadcastId" = $1 AND state = 'planned'
          AND ("personId" = $2 OR "personId" IN (SELECT "personId" FROM "FormerPerson" WHERE id = $2))`,
        [of.broadcast, of.person, now],
      );
    }
    return due.map((row) => text(row, "addressId"));
  });
}
