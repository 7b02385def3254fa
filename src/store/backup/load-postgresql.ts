import pg from "pg";
import { loadMigrations } from "../migrations.ts";
import { serverLock } from "../postgresql/listen.ts";
import { applyInside, beginLocked } from "../postgresql/migrate.ts";
import { connectionConfig } from "../postgresql/pool.ts";
import { inUse, notEmpty, splitMigrations, type Target, type TargetOptions } from "./load.ts";
import type { Column, Plain, Table } from "./tables.ts";

/** Replaces our tables inside one transaction: until its end everybody sees the old ones. */
export async function openPostgresqlTarget({ url, manifest, replace, now }: TargetOptions): Promise<Target> {
  const migrations = loadMigrations("postgresql");
  const { before, after } = splitMigrations(migrations, manifest.migrations);
  const client = new pg.Client(connectionConfig(url));
  await client.connect();
  try {
    const { rows } = await client.query("SELECT pg_try_advisory_lock($1) AS free", [serverLock]);
    if (rows[0]?.free !== true) throw new Error(inUse);
    if (!replace && (await hasPeople(client))) throw new Error(notEmpty);
    await beginLocked(client);
    const ours = new Set(
      migrations.flatMap(({ script }) => [...script.matchAll(/CREATE TABLE "(\w+)"/g)].map(([, name]) => name)),
    );
    for (const name of ours) await client.query(`DROP TABLE IF EXISTS "${name}" CASCADE`);
    await client.query("DELETE FROM _prisma_migrations");
    for (const migration of before) await applyInside(client, migration);
  } catch (error) {
    await client.end();
    throw error;
  }
  return {
    insert: (table, rows) => insert(client, table, rows),
    async finish() {
      await client.query(`UPDATE "Lane" SET until = NULL, holder = NULL`);
      await client.query(
        `INSERT INTO "Meta"(key, value) VALUES ('held', $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
        [String(now())],
      );
      for (const table of manifest.tables) await continueSequences(client, table);
      for (const migration of after) await applyInside(client, migration);
      await client.query("COMMIT");
      await client.end();
    },
    async abandon() {
      await client.query("ROLLBACK").catch(() => undefined);
      await client.end();
    },
  };
}

async function hasPeople(client: pg.Client): Promise<boolean> {
  const there = await client.query(`SELECT to_regclass('"Person"') AS person`);
  if (there.rows[0]?.person === null) return false;
  return (await client.query(`SELECT 1 FROM "Person" LIMIT 1`)).rows.length > 0;
}

const types: Readonly<Record<Column["type"], string>> = {
  text: "text",
  integer: "bigint",
  boolean: "boolean",
  bytes: "text",
};

async function insert(client: pg.Client, table: Table, rows: readonly (readonly Plain[])[]): Promise<void> {
  const names = table.columns.map((column) => `"${column.name}"`).join(", ");
  const values = table.columns
    .map(({ name, type }) => (type === "bytes" ? `decode("${name}", 'base64')` : `"${name}"`))
    .join(", ");
  const shape = table.columns.map(({ name, type }) => `"${name}" ${types[type]}`).join(", ");
  const objects = rows.map((row) =>
    Object.fromEntries(table.columns.map((column, index) => [column.name, accepted(row[index] ?? null)])),
  );
  await client.query(
    `INSERT INTO "${table.name}"(${names}) SELECT ${values} FROM json_to_recordset($1::json) AS x(${shape})`,
    [JSON.stringify(objects)],
  );
}

/** PostgreSQL keeps no NUL in a text; SQLite may have one. */
function accepted(value: Plain): Plain {
  return typeof value === "string" ? value.replaceAll("\0", "") : value;
}

async function continueSequences(client: pg.Client, table: Table): Promise<void> {
  for (const { name, type } of table.columns) {
    if (type !== "integer") continue;
    const { rows } = await client.query("SELECT pg_get_serial_sequence($1, $2) AS sequence", [`"${table.name}"`, name]);
    const sequence: string | null = rows[0]?.sequence ?? null;
    if (sequence === null) continue;
    await client.query(`SELECT setval($1, (SELECT coalesce(max("${name}"), 0) + 1 FROM "${table.name}"), false)`, [
      sequence,
    ]);
  }
}
