import Sqlite from "better-sqlite3";
import pg from "pg";

/** An entry of the record as it stands in the database. */
export interface StoredEntry {
  readonly type: string;
  readonly key: string;
  readonly programme: string;
  readonly version: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Reads a running product's database from outside, without its code. `$1` stands for a parameter on both. */
export async function query<Row>(databaseUrl: string, sql: string, values: readonly string[] = []): Promise<Row[]> {
  if (databaseUrl.startsWith("file:")) {
    const database = new Sqlite(databaseUrl.slice("file:".length), { readonly: true, timeout: 5_000 });
    try {
      return database.prepare(sql.replace(/\$\d/g, "?")).all(...values) as Row[];
    } finally {
      database.close();
    }
  }
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query(sql, [...values])).rows as Row[];
  } finally {
    await client.end();
  }
}

/** The record of the person behind an address (`channel:tenant:user`), in the order it was written. */
export async function recordOf(databaseUrl: string, address: string): Promise<readonly StoredEntry[]> {
  const rows = await query<{ type: string; key: string; programme: string; version: string; data: string }>(
    databaseUrl,
    `SELECT r.type, r.key, r.programme, r.version, r.data FROM "Record" r
      JOIN "Address" a ON a."personId" = r."personId" WHERE a.id = $1 ORDER BY r.id`,
    [address],
  );
  return rows.map(({ data, ...row }) => ({ ...row, data: JSON.parse(data) as Record<string, unknown> }));
}

/** The addresses of one channel. */
export async function addressesOf(databaseUrl: string, channel: string): Promise<readonly string[]> {
  const rows = await query<{ id: string }>(databaseUrl, `SELECT id FROM "Address" WHERE channel = $1 ORDER BY id`, [
    channel,
  ]);
  return rows.map((row) => row.id);
}

/** How many rows a table has. */
export async function count(databaseUrl: string, table: string): Promise<number> {
  const [row] = await query<{ n: number | string }>(databaseUrl, `SELECT count(*) AS n FROM "${table}"`);
  return Number(row?.n ?? 0);
}
