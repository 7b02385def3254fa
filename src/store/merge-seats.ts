import type { Sql, Value } from "./sql.ts";

/**
 * Before two persons become one: where both have a seat at a session, the one with attendance stays, and whoever stays counts on from the
 * higher number of notes, so that the next entry of the record has a key of its own.
 */
export async function joinSeats(
  sql: Sql,
  from: string,
  into: string,
  remove: (table: string, where: string, values: readonly Value[]) => Promise<void>,
): Promise<void> {
  await sql.run(
    `UPDATE "Seat" SET notes = (SELECT max(o.notes) FROM "Seat" o WHERE o."eventId" = "Seat"."eventId" AND o."personId" IN ($1, $2))
      WHERE "personId" IN ($1, $2)`,
    [from, into],
  );
  const noted = `EXISTS (SELECT 1 FROM "Seat" o WHERE o."personId" = $1 AND o."eventId" = x."eventId" AND o.attendance IS NOT NULL)`;
  await remove("Seat", `x."personId" = $2 AND x.attendance IS NULL AND ${noted}`, [from, into]);
}
