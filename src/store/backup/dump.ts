import { setImmediate as nextTick } from "node:timers/promises";
import pg from "pg";
import { appliedIn as appliedInPostgresql } from "../postgresql/migrate.ts";
import { connectionConfig } from "../postgresql/pool.ts";
import { connect, sqlitePath } from "../sqlite/file.ts";
import { appliedIn as appliedInSqlite } from "../sqlite/migrate.ts";
import { type Column, columnType, inOrder, type Plain, plainValue, type Table } from "./tables.ts";

/** A consistent view of a database in a form that both kinds share. */
export interface Dump {
  readonly kind: "sqlite" | "postgresql";
  /** Names of the migrations it has. */
  readonly migrations: readonly string[];
  /** All our tables, those that others point to first. */
  readonly tables: readonly Table[];
  /** The rows of a table in pieces; a row is its values in the order of the columns. */
  rows(table: Table): AsyncIterable<readonly (readonly Plain[])[]>;
  close(): Promise<void>;
}

/** Rows of one piece, and of one where each row can hold a file of 10 MB: a piece is in memory whole, as text. */
const [pieceRows, pieceFiles] = [500, 4];

function rowsAtOnce({ columns }: Table): number {
  return columns.some(({ name, type }) => name === "bytes" && type === "bytes") ? pieceFiles : pieceRows;
}

/** Opens a view that stays as it is while a server goes on writing. */
export function openDump(url: string): Promise<Dump> {
  return url.startsWith("file:") ? dumpSqlite(url) : dumpPostgresql(url);
}

async function dumpSqlite(url: string): Promise<Dump> {
  const connection = connect(sqlitePath(url));
  // The first read fixes the view.
  connection.exec("BEGIN");
  const names = connection
    .prepare<[], { name: string }>(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name <> '_prisma_migrations'`,
    )
    .all();
  const tables = names.map(({ name }): Table => {
    const columns = connection.pragma(`table_info("${name}")`) as { name: string; type: string }[];
    const parents = connection.pragma(`foreign_key_list("${name}")`) as { table: string }[];
    return {
      name,
      columns: columns.map((column): Column => ({ name: column.name, type: columnType(column.type) })),
      parents: parents.map((parent) => parent.table),
    };
  });
  return {
    kind: "sqlite",
    migrations: appliedInSqlite(connection).map((row) => row.name),
    tables: inOrder(tables),
    async *rows(table) {
      let piece: (readonly Plain[])[] = [];
      const most = rowsAtOnce(table);
      for (const row of connection.prepare<[], unknown[]>(`SELECT * FROM "${table.name}"`).raw(true).iterate()) {
        piece.push(row.map((value, index) => plainValue(value, table.columns[index])));
        if (piece.length < most) continue;
        yield piece;
        piece = [];
        // The process may be the server's own.
        await nextTick();
      }
      if (piece.length > 0) yield piece;
    },
    async close() {
      connection.close();
    },
  };
}

async function dumpPostgresql(url: string): Promise<Dump> {
  const client = new pg.Client(connectionConfig(url));
  await client.connect();
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  const found = await client.query<{ table: string; name: string; type: string }>(
    `SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, NULL) AS type
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND c.relname <> '_prisma_migrations'
      ORDER BY c.relname, a.attnum`,
  );
  const keys = await client.query<{ child: string; parent: string }>(
    `SELECT c.relname AS child, p.relname AS parent FROM pg_constraint k
      JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class p ON p.oid = k.confrelid
      WHERE k.contype = 'f' AND c.relnamespace = current_schema()::regnamespace`,
  );
  const tables = [...new Set(found.rows.map((row) => row.table))].map(
    (name): Table => ({
      name,
      columns: found.rows
        .filter((row) => row.table === name)
        .map((row): Column => ({ name: row.name, type: columnType(row.type) })),
      parents: keys.rows.filter((row) => row.child === name).map((row) => row.parent),
    }),
  );
  return {
    kind: "postgresql",
    migrations: (await appliedInPostgresql(client)).map((row) => row.name),
    tables: inOrder(tables),
    async *rows(table) {
      await client.query(`DECLARE piece NO SCROLL CURSOR FOR SELECT * FROM "${table.name}"`);
      for (;;) {
        const { rows } = await client.query<unknown[]>({
          text: `FETCH ${rowsAtOnce(table)} FROM piece`,
          rowMode: "array",
        });
        if (rows.length === 0) break;
        yield rows.map((row) => row.map((value, index) => plainValue(value, table.columns[index])));
      }
      await client.query("CLOSE piece");
    },
    async close() {
      await client.end();
    },
  };
}
