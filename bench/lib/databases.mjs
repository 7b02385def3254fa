// The databases of the contestants: SQLite with synchronous=FULL in a file of its own, PostgreSQL with its defaults.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import pg from "pg";

export const server = process.env.BENCH_DATABASE_URL ?? "postgresql://postgres@127.0.0.1:5432/postgres";

/** A folder that goes with the process. */
export function folder() {
  const dir = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), "fadder-bench-"));
  process.on("exit", () => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A new empty database on the server; `drop` removes it. */
export async function postgresql() {
  const name = `fadder_bench_${process.pid}`;
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await admin.query(`CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    async drop() {
      await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await admin.end();
    },
  };
}

export function sqlite(dir) {
  const db = new Database(join(dir, "bench.db"));
  db.pragma("journal_mode=WAL");
  db.pragma("synchronous=FULL");
  return db;
}

/** One string per key, read and written as a framework's storage does it: a query each. */
export async function keyValue(kind) {
  if (kind === "sqlite") {
    const db = sqlite(folder());
    db.exec("CREATE TABLE kv(k TEXT PRIMARY KEY, v TEXT NOT NULL)");
    const get = db.prepare("SELECT v FROM kv WHERE k=?");
    const set = db.prepare("INSERT INTO kv VALUES(?,?) ON CONFLICT(k) DO UPDATE SET v=excluded.v");
    const del = db.prepare("DELETE FROM kv WHERE k=?");
    return {
      get: async (k) => get.get(k)?.v,
      set: async (k, v) => void set.run(k, v),
      delete: async (k) => void del.run(k),
      close: async () => db.close(),
    };
  }
  const database = await postgresql();
  const pool = new pg.Pool({ connectionString: database.url, max: 10 });
  // The database is dropped while idle connections are still closing.
  pool.on("error", () => {});
  await pool.query("CREATE TABLE kv(k TEXT PRIMARY KEY, v TEXT NOT NULL)");
  const run = (name, text, values) => pool.query({ name, text, values });
  return {
    get: async (k) => (await run("get", "SELECT v FROM kv WHERE k=$1", [k])).rows[0]?.v,
    set: (k, v) => run("set", "INSERT INTO kv VALUES($1,$2) ON CONFLICT(k) DO UPDATE SET v=excluded.v", [k, v]),
    delete: (k) => run("del", "DELETE FROM kv WHERE k=$1", [k]),
    async close() {
      await pool.end();
      await database.drop();
    },
  };
}
