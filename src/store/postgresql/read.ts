import type pg from "pg";
import { chatOf } from "../../engine/adapter.ts";
import { readColumns, turnRows } from "../rows.ts";
import type { TurnRead, TurnRows } from "../types.ts";
import { binaryArray } from "./arrays.ts";
import { classify } from "./errors.ts";

// Each table is reached by its key through a LATERAL with LIMIT, which the planner cannot turn into a hash join over the whole
// table: with statistics that lag behind it did, and a read of 64 rows took ten times as long.
const statement = `SELECT x.n, d.id IS NOT NULL, ${readColumns}
  FROM unnest($1::int4[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) AS x(n, channel, tenant, id, chat, token)
  LEFT JOIN LATERAL (SELECT id FROM "Delivery" WHERE channel = x.channel AND tenant = x.tenant AND id = x.id LIMIT 1) d ON true
  LEFT JOIN LATERAL (SELECT * FROM "Address" WHERE id = x.chat LIMIT 1) a ON true
  LEFT JOIN LATERAL (SELECT * FROM "Person" WHERE id = a."personId" LIMIT 1) p ON true
  LEFT JOIN LATERAL (SELECT rev, state FROM "Session" WHERE "personId" = a."personId" LIMIT 1) s ON true
  LEFT JOIN LATERAL (SELECT state FROM "Progress" WHERE "personId" = a."personId" LIMIT 1) g ON true
  LEFT JOIN LATERAL (SELECT "personId", meaning, "answerKey", "messageId" FROM "Token" WHERE token = x.token LIMIT 1) t ON true
  LEFT JOIN LATERAL (SELECT "personId" FROM "FormerPerson" WHERE id = t."personId" LIMIT 1) f ON true
  LEFT JOIN LATERAL (SELECT data FROM "Record" WHERE "personId" = a."personId" AND key = t."answerKey" LIMIT 1) r ON true`;

const columns = ["int4", "text", "text", "text", "text", "text"] as const;

/** The rows of all waiting turns in one named statement. */
export function createRead(pool: pg.Pool) {
  return async (rows: readonly TurnRead[]): Promise<readonly TurnRows[]> => {
    const wanted = rows.map((row, n) => {
      const { channel, tenant, id } = row.delivery;
      return [n, channel, tenant, id, chatOf(row), row.token];
    });
    try {
      const found = await pool.query<unknown[]>({
        name: "read",
        text: statement,
        values: columns.map((type, column) => binaryArray(type, wanted, column)),
        rowMode: "array",
      });
      const result = new Array<TurnRows>(rows.length);
      for (const row of found.rows) result[Number(row[0])] = turnRows(row.slice(1));
      return result;
    } catch (error) {
      throw classify(error);
    }
  };
}
