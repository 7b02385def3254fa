import type { Migration } from "../migrations.ts";
import type { Manifest, Plain, Table } from "./tables.ts";

/** An empty database that rows of a backup are put into; nothing of it counts before `finish`. */
export interface Target {
  insert(table: Table, rows: readonly (readonly Plain[])[]): Promise<void>;
  /** Brings the schema from the backup's day up to date, marks the database as held, and makes it count. */
  finish(): Promise<void>;
  /** Leaves everything as it was. */
  abandon(): Promise<void>;
}

export interface TargetOptions {
  readonly url: string;
  readonly manifest: Manifest;
  /** May a database with people in it be replaced? */
  readonly replace: boolean;
  /** Where the file that is replaced goes (SQLite). */
  readonly backupDir?: string | undefined;
  readonly now: () => number;
}

/** The migrations that the backup had and those that came later. Refuses a backup that is newer than the program. */
export function splitMigrations(
  migrations: readonly Migration[],
  had: readonly string[],
): { readonly before: readonly Migration[]; readonly after: readonly Migration[] } {
  const unknown = had.find((name) => !migrations.some((migration) => migration.name === name));
  if (unknown !== undefined) {
    throw new Error(
      `the backup is newer than this program: it has the migration ${unknown}. Use the version that made it.`,
    );
  }
  return {
    before: migrations.filter((migration) => had.includes(migration.name)),
    after: migrations.filter((migration) => !had.includes(migration.name)),
  };
}

/** Said where there is something that would be lost. */
export const notEmpty =
  "the database has people in it; say that it may be replaced, or name an empty one in DATABASE_URL";

/** Said where somebody is at work. */
export const inUse = "a server has the database open; stop every instance first, then restore";
