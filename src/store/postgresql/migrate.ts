import { randomUUID } from "node:crypto";
import pg from "pg";
import { type Applied, failedMigration, type Migration, MigrationError, pendingOf } from "../migrations.ts";
import { connectionConfig } from "./pool.ts";

/** The number that Prisma's own tools lock while they migrate. */
const lockNumber = 72707369;

// The table as Prisma's engine makes it.
const table = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ, migration_name VARCHAR(255) NOT NULL,
  logs TEXT, rolled_back_at TIMESTAMPTZ, started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`;

/** Applies what is missing, one transaction each under a lock that other instances wait for. Returns the names applied. */
export async function migratePostgresql(url: string, migrations: readonly Migration[]): Promise<readonly string[]> {
  const client = new pg.Client(connectionConfig(url));
  await client.connect();
  try {
    const pending = pendingOf(migrations, await appliedIn(client));
    const names: string[] = [];
    for (const migration of pending) if (await apply(client, migrations, migration)) names.push(migration.name);
    return names;
  } finally {
    await client.end();
  }
}

/** What `_prisma_migrations` says; nothing for an empty database. */
export async function appliedIn(client: pg.Client | pg.Pool): Promise<readonly Applied[]> {
  const there = await client.query(
    `SELECT to_regclass('_prisma_migrations') AS history, to_regclass('"Person"') AS person`,
  );
  const { history, person } = there.rows[0];
  if (history === null) {
    if (person !== null) {
      throw new MigrationError("the database has tables of ours but no migration history; restore a backup of it");
    }
    return [];
  }
  const found = await client.query<{ name: string; checksum: string; finished: boolean }>(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
  );
  return found.rows;
}

/** Applies one migration inside a transaction that is already open, and notes it. */
export async function applyInside(client: pg.Client, migration: Migration): Promise<void> {
  // Without values it travels as one simple query: the server splits it, so a semicolon in a text or function does no harm.
  await client.query(migration.script);
  await client.query(
    `INSERT INTO _prisma_migrations(id, checksum, migration_name, finished_at, applied_steps_count) VALUES ($1, $2, $3, now(), 1)`,
    [randomUUID(), migration.checksum, migration.name],
  );
}

/** Opens the transaction that everything about the schema happens in: one process at a time, with the history there. */
export async function beginLocked(client: pg.Client): Promise<void> {
  await client.query("BEGIN");
  await client.query("SELECT pg_advisory_xact_lock($1)", [lockNumber]);
  await client.query(table);
}

async function apply(client: pg.Client, migrations: readonly Migration[], migration: Migration): Promise<boolean> {
  try {
    await beginLocked(client);
    const pending = pendingOf(migrations, await appliedIn(client)).includes(migration);
    if (pending) await applyInside(client, migration);
    await client.query("COMMIT");
    return pending;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error instanceof MigrationError ? error : failedMigration(migration.name, error);
  }
}
