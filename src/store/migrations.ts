import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "./root.ts";

/** One step of the schema, as it stands in prisma/migrations/<database>/<name>/migration.sql. */
export interface Migration {
  readonly name: string;
  readonly script: string;
  /** SHA-256 of the file, hexadecimal. */
  readonly checksum: string;
}

/** A row of `_prisma_migrations`, the table that Prisma's own tools accept. */
export interface Applied {
  readonly name: string;
  readonly checksum: string;
  readonly finished: boolean;
}

/** A database whose history does not fit the program. The message names the migration and the repair. */
export class MigrationError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "MigrationError";
  }
}

/** The migrations of one kind of database, the oldest first. */
export function loadMigrations(
  kind: "sqlite" | "postgresql",
  folder: string = join(packageRoot(), "prisma", "migrations"),
): readonly Migration[] {
  const own = join(folder, kind);
  if (!existsSync(own)) throw new MigrationError(`there are no migrations in ${own}; install the program again`);
  return readdirSync(own, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const file = readFileSync(join(own, name, "migration.sql"));
      return { name, script: file.toString("utf8"), checksum: createHash("sha256").update(file).digest("hex") };
    });
}

/** What is still to be applied. Refuses a database that is newer than the program, and a history that was edited. */
export function pendingOf(migrations: readonly Migration[], applied: readonly Applied[]): readonly Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const row of applied) {
    const migration = known.get(row.name);
    if (migration === undefined) {
      throw new MigrationError(
        `the database is newer than this program: it has the migration ${row.name}. ` +
          "Start the version that made it, or restore a backup from before it.",
      );
    }
    if (!row.finished) {
      throw new MigrationError(
        `the migration ${row.name} was begun by another tool and not finished. Restore a backup from before it.`,
      );
    }
    if (row.checksum !== migration.checksum) {
      throw new MigrationError(
        `the migration ${row.name} was edited after it was applied. Put its file back as it was; a change of the schema is a new migration.`,
      );
    }
  }
  const done = new Set(applied.map((row) => row.name));
  return migrations.filter((migration) => !done.has(migration.name));
}

/** Says which migration failed; nothing of it was kept. */
export function failedMigration(name: string, error: unknown): MigrationError {
  const why = error instanceof Error ? error.message : String(error);
  return new MigrationError(`the migration ${name} failed and was undone whole: ${why}`, { cause: error });
}
