import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import Sqlite from "better-sqlite3";
import { loadMigrations } from "../migrations.ts";
import { lock, sqlitePath } from "../sqlite/file.ts";
import { migrateSqlite } from "../sqlite/migrate.ts";
import { inUse, notEmpty, splitMigrations, type Target, type TargetOptions } from "./load.ts";
import type { Column, Plain } from "./tables.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** Fills a new file beside the database and puts it in its place at the end; the replaced one is kept. */
export function openSqliteTarget({ url, manifest, replace, backupDir, now }: TargetOptions): Target {
  const path = sqlitePath(url);
  const unlock = lock(path);
  if (unlock === undefined) throw new Error(inUse);
  const fresh = `${path}.restoring`;
  try {
    if (!replace && hasPeople(path)) throw new Error(notEmpty);
    remove(fresh);
    const { before } = splitMigrations(loadMigrations("sqlite"), manifest.migrations);
    migrateSqlite({ path: fresh, migrations: before, now, log: quiet });
  } catch (error) {
    unlock();
    throw error;
  }
  const connection = new Sqlite(fresh);
  connection.pragma("foreign_keys = OFF");
  connection.exec("BEGIN IMMEDIATE");
  return {
    async insert(table, rows) {
      const columns = table.columns.map((column) => `"${column.name}"`).join(", ");
      const places = table.columns.map(() => "?").join(", ");
      const statement = connection.prepare(`INSERT INTO "${table.name}"(${columns}) VALUES (${places})`);
      for (const row of rows) statement.run(row.map((value, index) => bound(value, table.columns[index])));
    },
    async finish() {
      connection.exec(`UPDATE "Lane" SET until = NULL, holder = NULL`);
      connection.prepare(`INSERT OR REPLACE INTO "Meta"(key, value) VALUES ('held', ?)`).run(String(now()));
      const orphans = connection.pragma("foreign_key_check") as unknown[];
      if (orphans.length > 0) throw new Error(`the backup has ${orphans.length} rows that point to nothing`);
      connection.exec("COMMIT");
      connection.close();
      migrateSqlite({ path: fresh, migrations: loadMigrations("sqlite"), backupDir, now, log: quiet });
      keepOld(path, backupDir, now());
      renameSync(fresh, path);
      unlock();
    },
    async abandon() {
      if (connection.open) connection.close();
      remove(fresh);
      unlock();
    },
  };
}

function hasPeople(path: string): boolean {
  if (!existsSync(path)) return false;
  const connection = new Sqlite(path);
  try {
    const there = connection.prepare(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'Person'`).get();
    return there !== undefined && connection.prepare(`SELECT 1 FROM "Person" LIMIT 1`).get() !== undefined;
  } finally {
    connection.close();
  }
}

function keepOld(path: string, backupDir: string | undefined, now: number): void {
  if (existsSync(path)) {
    const folder = backupDir ?? dirname(path);
    mkdirSync(folder, { recursive: true });
    const stamp = new Date(now).toISOString().replace(/\D/g, "").slice(0, 17);
    const copy = join(folder, `${basename(path)}.before-restore.${stamp}`);
    const connection = new Sqlite(path);
    try {
      connection.prepare("VACUUM INTO ?").run(copy);
      chmodSync(copy, 0o600);
    } finally {
      connection.close();
    }
  }
  remove(path);
}

function remove(path: string): void {
  for (const suffix of ["", "-wal", "-shm", "-journal"]) rmSync(path + suffix, { force: true });
}

function bound(value: Plain, of: Column | undefined): string | number | null | Buffer {
  if (typeof value === "boolean") return Number(value);
  if (of?.type === "bytes" && typeof value === "string") return Buffer.from(value, "base64");
  return value;
}
