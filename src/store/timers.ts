import { parsed } from "./rows.ts";
import { number, type Sql, text, textOrNull } from "./sql.ts";
import type { DueTimer } from "./types.ts";

/** Due timers, the oldest first, each with the address used last if reachable, else another reachable one. None while held. */
export async function dueTimers(sql: Sql, now: number, limit: number): Promise<readonly DueTimer[]> {
  const rows = await sql.all(
    `SELECT t."personId", t.name, t.due, t.data, a.channel, a.tenant, a."user" AS "user", a.ref
      FROM "Timer" t JOIN "Person" p ON p.id = t."personId"
      LEFT JOIN "Address" a ON a.id = coalesce(
        (SELECT l.id FROM "Address" l WHERE l.id = p."addressId" AND l."personId" = p.id AND l.state = 'reachable'),
        (SELECT o.id FROM "Address" o WHERE o."personId" = p.id AND o.state = 'reachable' ORDER BY o."changedAt" DESC, o.id LIMIT 1))
      WHERE t.due <= $1 AND NOT EXISTS (SELECT 1 FROM "Meta" WHERE key = 'held')
      ORDER BY t.due, t."personId", t.name LIMIT $2`,
    [now, limit],
  );
  return rows.map((row) => ({
    personId: text(row, "personId"),
    name: text(row, "name"),
    due: number(row, "due"),
    data: parsed(row.data),
    address:
      textOrNull(row, "channel") === null
        ? null
        : { channel: text(row, "channel"), tenant: text(row, "tenant"), user: text(row, "user"), ref: parsed(row.ref) },
  }));
}
