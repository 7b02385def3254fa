import type { Keep } from "../engine/adapter.ts";
import type { Json } from "../engine/types.ts";
import type { Box } from "./box.ts";
import { bytes, type Sql, text } from "./sql.ts";

/** The encrypted key–value part of one adapter. A value is bound to its adapter and key: swapped in the table, it does not open. */
export function createKeep(sql: Sql, box: Box, adapter: string): Keep {
  const context = (key: string) => JSON.stringify([adapter, key]);
  const open = (key: string, sealed: Uint8Array): Json =>
    JSON.parse(Buffer.from(box.open("keep", sealed, context(key))).toString("utf8"));
  return {
    async get(key) {
      const [row] = await sql.all(`SELECT value FROM "Keep" WHERE adapter = $1 AND key = $2`, [adapter, key]);
      return row === undefined ? undefined : open(key, bytes(row, "value"));
    },
    async set(key, value) {
      const sealed = box.seal("keep", Buffer.from(JSON.stringify(value)), context(key));
      await sql.run(
        `INSERT INTO "Keep"(adapter, key, value) VALUES ($1, $2, $3) ON CONFLICT (adapter, key) DO UPDATE SET value = excluded.value`,
        [adapter, key, sealed],
      );
    },
    async delete(key) {
      await sql.run(`DELETE FROM "Keep" WHERE adapter = $1 AND key = $2`, [adapter, key]);
    },
    async list(prefix) {
      const rows = await sql.all(`SELECT key, value FROM "Keep" WHERE adapter = $1 AND substr(key, 1, $2) = $3`, [
        adapter,
        [...prefix].length,
        prefix,
      ]);
      return rows
        .map((row) => ({ key: text(row, "key"), value: open(text(row, "key"), bytes(row, "value")) }))
        .sort((one, other) => (one.key < other.key ? -1 : 1));
    },
  };
}
