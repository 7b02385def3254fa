import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadMigrations } from "../../src/store/migrations.ts";
import { migratePostgresql } from "../../src/store/postgresql/migrate.ts";
import { packageRoot } from "../../src/store/root.ts";
import { sqlitePath } from "../../src/store/sqlite/file.ts";
import { migrateSqlite } from "../../src/store/sqlite/migrate.ts";
import { createDatabase, databaseKinds, quietLog, type TestDatabase } from "../support/databases.ts";
import { firstTurn, readOf } from "../support/turns.ts";

describe.each(databaseKinds)("migrations on %s", (kind) => {
  let database: TestDatabase;
  let folder: string;
  beforeEach(async () => {
    database = await createDatabase(kind);
    folder = join(database.folder, "migrations");
    cpSync(join(packageRoot(), "prisma", "migrations"), folder, { recursive: true });
  });
  afterEach(() => database.drop());

  const add = (name: string, script: string) => {
    mkdirSync(join(folder, kind, name), { recursive: true });
    writeFileSync(join(folder, kind, name, "migration.sql"), script);
  };
  const migrate = async (from = folder): Promise<readonly string[]> => {
    const migrations = loadMigrations(kind, from);
    if (kind === "postgresql") return migratePostgresql(database.url, migrations);
    const backupDir = join(database.folder, "backup");
    return migrateSqlite({ path: sqlitePath(database.url), migrations, backupDir, now: Date.now, log: quietLog });
  };
  const query = async (text: string): Promise<readonly Record<string, unknown>[]> => {
    if (kind === "sqlite") {
      const connection = new Sqlite(sqlitePath(database.url));
      try {
        return connection.prepare<[], Record<string, unknown>>(text).all();
      } finally {
        connection.close();
      }
    }
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  };
  const has = (table: string) =>
    query(`SELECT * FROM "${table}"`).then(
      () => true,
      () => false,
    );

  test("an empty database gets everything once", async () => {
    const names = readdirSync(join(folder, kind)).sort();
    expect(await migrate()).toEqual(names);
    expect(await migrate()).toEqual([]);
    expect(await query("SELECT migration_name, applied_steps_count FROM _prisma_migrations")).toMatchObject(
      names.map((migration_name) => ({ migration_name, applied_steps_count: 1 })),
    );
  });

  test("a semicolon in a text does no harm, and what was there stays", async () => {
    const store = await database.open();
    await store.write([firstTurn("ann")]);
    await store.close();
    add("30000101000000_more", `CREATE TABLE "More" (a TEXT); INSERT INTO "More" VALUES ('one; two'); -- a ; comment`);
    expect(await migrate()).toEqual(["30000101000000_more"]);
    expect(await query(`SELECT a FROM "More"`)).toEqual([{ a: "one; two" }]);
    expect(await query(`SELECT count(*) AS people FROM "Person"`)).toMatchObject([
      { people: kind === "sqlite" ? 1 : "1" },
    ]);
  });

  test("a migration that fails in its second statement leaves nothing, and applies when it is repaired", async () => {
    await migrate();
    add("30000101000000_broken", `CREATE TABLE "First" (a TEXT);\nINSERT INTO "Nowhere" VALUES (1);`);
    await expect(migrate()).rejects.toThrow(
      /the migration 30000101000000_broken failed and was undone whole: .*Nowhere/,
    );
    expect(await has("First")).toBe(false);
    add("30000101000000_broken", `CREATE TABLE "First" (a TEXT);`);
    expect(await migrate()).toEqual(["30000101000000_broken"]);
    expect(await has("First")).toBe(true);
  });

  test("a newer database is refused with the name of what it has", async () => {
    add("30000101000000_future", `CREATE TABLE "Future" (a TEXT);`);
    await migrate();
    await expect(database.open()).rejects.toThrow(
      /the database is newer than this program: it has the migration 30000101000000_future/,
    );
  });

  test("an edited migration is refused with its name", async () => {
    await migrate();
    const [name = ""] = readdirSync(join(folder, kind));
    const file = join(folder, kind, name, "migration.sql");
    writeFileSync(file, `${readFileSync(file, "utf8")}\n-- a remark`);
    await expect(migrate()).rejects.toThrow(`the migration ${name} was edited after it was applied`);
  });

  test("several that start at once apply it once", async () => {
    if (kind === "sqlite") return;
    add("30000101000000_slow", `SELECT pg_sleep(0.3); CREATE TABLE "Slow" (a TEXT);`);
    const results = await Promise.all([migrate(), migrate(), migrate()]);
    // Each is applied under the lock by one of them; who gets which is theirs to settle.
    expect(results.flat().sort()).toEqual(readdirSync(join(folder, kind)).sort());
  });

  test("without migrating, an incomplete database is refused with the repair", async () => {
    await expect(database.open({ migrate: false })).rejects.toThrow(/lacks the migration .*_init.*fadder migrate/s);
    await migrate();
    const store = await database.open({ migrate: false });
    await store.ready();
  });

  test("a database of ours without history is refused", async () => {
    await migrate();
    if (kind === "sqlite") {
      const connection = new Sqlite(sqlitePath(database.url));
      connection.exec("DROP TABLE _prisma_migrations");
      connection.close();
    } else await query("DROP TABLE _prisma_migrations");
    await expect(database.open()).rejects.toThrow(/no migration history/);
  });

  test("making a table anew deletes no children, and the file is copied before", async () => {
    if (kind !== "sqlite") return;
    const store = await database.open();
    await store.write([firstTurn("ann")]);
    await store.close();
    add(
      "30000101000000_anew",
      `PRAGMA foreign_keys=OFF;
      CREATE TABLE "new_Person" AS SELECT * FROM "Person";
      DROP TABLE "Person";
      ALTER TABLE "new_Person" RENAME TO "Person";
      CREATE UNIQUE INDEX "Person_id" ON "Person"("id");
      PRAGMA foreign_keys=ON;`,
    );
    await migrate();
    expect(await query(`SELECT count(*) AS sessions FROM "Session"`)).toEqual([{ sessions: 1 }]);
    const [copy = ""] = readdirSync(join(database.folder, "backup"));
    expect(copy).toContain("before-30000101000000_anew");
    const before = await database.open({ url: `file:${join(database.folder, "backup", copy)}` });
    expect((await before.read([readOf("ann")]))[0]?.rev).toBe(1);
  });

  test("rows that would point to nothing undo the migration", async () => {
    if (kind !== "sqlite") return;
    const store = await database.open();
    await store.write([firstTurn("ann")]);
    await store.close();
    add("30000101000000_orphans", `DELETE FROM "Person";`);
    await expect(migrate()).rejects.toThrow(/point to nothing/);
    expect(await query(`SELECT count(*) AS people FROM "Person"`)).toEqual([{ people: 1 }]);
  });
});

test("both dialects have the same migrations", () => {
  const names = (kind: "sqlite" | "postgresql") => loadMigrations(kind).map((migration) => migration.name);
  expect(names("sqlite")).toEqual(names("postgresql"));
});
