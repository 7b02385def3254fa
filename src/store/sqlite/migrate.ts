import { randomUUID } from "node:crypto";
import { chmodSync, mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import Sqlite from "better-sqlite3";
import type { Log } from "../../engine/adapter.ts";
import { type Applied, failedMigration, type Migration, MigrationError, pendingOf } from "../migrations.ts";
import type { Connection } from "./file.ts";

// The table as Prisma's engine makes it.
const table = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL, "logs" TEXT,
  "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp,
  "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)`;

export interface SqliteMigration {
  readonly path: string;
  readonly migrations: readonly Migration[];
  /** Where the copy from before goes; beside the database where absent. */
  readonly backupDir?: string | undefined;
  readonly now: () => number;
  readonly log: Log;
}

/** Applies what is missing, one transaction each; a database with content is copied before. Returns the names applied. */
export function migrateSqlite({ path, migrations, backupDir, now, log }: SqliteMigration): readonly string[] {
  mkdirSync(dirname(path), { recursive: true });
  const connection = new Sqlite(path, { timeout: 60_000 });
  try {
    connection.pragma("journal_mode = WAL");
    connection.pragma("synchronous = FULL");
    const pending = pendingOf(migrations, appliedIn(connection));
    const first = pending[0];
    if (first === undefined) return [];
    if (pending.length < migrations.length) copyBefore(connection, path, backupDir, first.name, now(), log);
    // Must stand before BEGIN: inside a transaction it does nothing, and making a table anew would delete its children.
    connection.pragma("foreign_keys = OFF");
    const names: string[] = [];
    for (const migration of pending) if (apply(connection, migrations, migration, now)) names.push(migration.name);
    return names;
  } finally {
    connection.close();
  }
}

/** What `_prisma_migrations` says; nothing for a new file. */
export function appliedIn(connection: Connection): readonly Applied[] {
  const there = connection
    .prepare(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_prisma_migrations'`)
    .get();
  if (there === undefined) {
    const foreign = connection.prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'Person'`).get();
    if (foreign !== undefined) {
      throw new MigrationError("the database has tables of ours but no migration history; restore a backup of it");
    }
    return [];
  }
  return connection
    .prepare<[], { name: string; checksum: string; finished: number }>(
      `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished FROM "_prisma_migrations"
        WHERE rolled_back_at IS NULL`,
    )
    .all()
    .map((row) => ({ ...row, finished: row.finished === 1 }));
}

function apply(
  connection: Connection,
  migrations: readonly Migration[],
  migration: Migration,
  now: () => number,
): boolean {
  try {
    connection.exec("BEGIN IMMEDIATE");
    connection.exec(table);
    // Another process may have been here while this one waited.
    if (!pendingOf(migrations, appliedIn(connection)).includes(migration)) {
      connection.exec("COMMIT");
      return false;
    }
    const started = now();
    connection.exec(migration.script);
    const orphans = connection.pragma("foreign_key_check");
    if (Array.isArray(orphans) && orphans.length > 0) {
      throw new Error(
        `it leaves ${orphans.length} rows that point to nothing, the first: ${JSON.stringify(orphans[0])}`,
      );
    }
    connection
      .prepare(
        `INSERT INTO "_prisma_migrations"(id, checksum, migration_name, started_at, finished_at, applied_steps_count)
          VALUES (?, ?, ?, ?, ?, 1)`,
      )
      .run(randomUUID(), migration.checksum, migration.name, started, now());
    connection.exec("COMMIT");
    return true;
  } catch (error) {
    if (connection.inTransaction) connection.exec("ROLLBACK");
    throw error instanceof MigrationError ? error : failedMigration(migration.name, error);
  }
}

function copyBefore(
  connection: Connection,
  path: string,
  backupDir: string | undefined,
  name: string,
  now: number,
  log: Log,
): void {
  const folder = backupDir ?? dirname(path);
  mkdirSync(folder, { recursive: true });
  const stamp = new Date(now).toISOString().replace(/\D/g, "").slice(0, 17);
  const copy = join(folder, `${basename(path)}.before-${name}.${stamp}`);
  connection.prepare("VACUUM INTO ?").run(copy);
  chmodSync(copy, 0o600);
  log.info({ copy: basename(copy) }, "copied the database before migrating it");
}
