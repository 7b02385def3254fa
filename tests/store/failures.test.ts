import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStore } from "../../src/store/open.ts";
import { connect, sqlitePath } from "../../src/store/sqlite/file.ts";
import { createGate } from "../../src/store/sqlite/gate.ts";
import { createHotPath } from "../../src/store/sqlite/hot.ts";
import { type Store, StoreError, type TurnWrite } from "../../src/store/types.ts";
import { createDatabase, databaseKinds, quietLog, type TestDatabase } from "../support/databases.ts";
import { onServer } from "../support/postgresql.ts";
import { firstTurn, personState, readOf, session, turn } from "../support/turns.ts";

const refusal = (kind: StoreError["kind"]) => expect.objectContaining({ name: "StoreError", kind });

/** What the receiver does with poison: halve until one is left. */
async function writeHalving(store: Store, turns: readonly TurnWrite[], poison: string[]): Promise<void> {
  try {
    await store.write(turns);
  } catch (error) {
    if (!(error instanceof StoreError) || error.kind !== "poison") throw error;
    const [only] = turns;
    if (turns.length === 1 && only !== undefined) {
      poison.push(only.personId);
      return;
    }
    await writeHalving(store, turns.slice(0, turns.length / 2), poison);
    await writeHalving(store, turns.slice(turns.length / 2), poison);
  }
}

describe.each(databaseKinds)("failures on %s", (kind) => {
  let database: TestDatabase;
  let store: Store;
  beforeEach(async () => {
    database = await createDatabase(kind);
    store = await database.open();
  });
  afterEach(() => database.drop());

  test("data that the database refuses is found by halving, and hurts nobody else", async () => {
    const people = Array.from({ length: 16 }, (_, index) => `person-${index}`);
    const bad = new Map([
      ["person-3", "a\0b"],
      ["person-11", "\0"],
    ]);
    const poison: string[] = [];
    const turns = people.map((person) =>
      firstTurn(person, { newPerson: personState(person, { name: bad.get(person) ?? "fine" }) }),
    );
    await writeHalving(store, turns, poison);
    // SQLite keeps such texts; PostgreSQL refuses them.
    const lost = kind === "postgresql" ? [...bad.keys()] : [];
    expect(poison).toEqual(lost);
    const rows = await store.read(people.map((person) => readOf(person)));
    expect(people.filter((_, index) => rows[index]?.rev === 0)).toEqual(lost);
  });

  test("half a character hurts nobody", async () => {
    await store.write([firstTurn("ann", { newPerson: personState("ann", { name: "cut \ud83d" }) })]);
    expect((await store.read([readOf("ann")]))[0]?.person?.name).toMatch(/^cut \ufffd+$/);
  });

  test("a row without what it must have is poison on both", async () => {
    await store.write([firstTurn("ann")]);
    const name = null as unknown as string;
    await expect(store.write([turn("ann", { person: personState("ann", { name }) })])).rejects.toEqual(
      refusal("poison"),
    );
  });

  test("a bug of ours is neither poison nor conflict", async () => {
    await store.write([firstTurn("ann")]);
    await store.db.$executeRawUnsafe('ALTER TABLE "Record" RENAME TO "Elsewhere"');
    const entry = { type: "x", key: "k", programme: "p", version: "1", data: null, at: 1 };
    const error = await store.write([turn("ann", { records: [entry] })]).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(StoreError);
  });
});

describe("failures on postgresql alone", () => {
  test.runIf(databaseKinds.includes("postgresql"))(
    "a database that goes away is unavailable, and comes back",
    async () => {
      const database = await createDatabase("postgresql");
      try {
        const store = await database.open();
        await store.write([firstTurn("ann")]);
        const name = new URL(database.url).pathname.slice(1);
        const admin = (allow: boolean) => onServer(`ALTER DATABASE ${name} ALLOW_CONNECTIONS ${allow}`);
        await admin(false);
        await onServer(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
        await expect.poll(() => store.read([readOf("ann")]).catch((error) => error)).toEqual(refusal("unavailable"));
        await expect(store.write([turn("ann")])).rejects.toEqual(refusal("unavailable"));
        await expect(store.ready()).rejects.toEqual(refusal("unavailable"));
        await admin(true);
        await store.ready();
        expect((await store.read([readOf("ann")]))[0]?.rev).toBe(1);
      } finally {
        await database.drop();
      }
    },
  );

  test("nobody listening at the address is said at the start", async () => {
    const url = "postgresql://nobody:secret@127.0.0.1:1/none";
    const error = await openStore({ url, secret: "s", now: Date.now, log: quietLog }).catch((thrown) => thrown);
    expect(error).toEqual(refusal("unavailable"));
    expect(error.message).toContain("ECONNREFUSED");
    expect(error.message).not.toContain("secret");
  });

  test("an address of neither kind is refused with what would do", async () => {
    await expect(openStore({ url: "mysql://x", secret: "s", now: Date.now, log: quietLog })).rejects.toThrow(
      /begins with "mysql:"; it must begin with file: \(SQLite\) or postgresql:/,
    );
  });
});

describe("failures on sqlite alone", () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createDatabase("sqlite");
  });
  afterEach(() => database.drop());

  test("a full disk is unavailable, nothing is half written, and it goes on when there is room", async () => {
    const store = await database.open();
    await store.write([firstTurn("ann")]);
    // The limit belongs to a connection, so the hot path gets one of its own here.
    const connection = connect(sqlitePath(database.url));
    const hot = createHotPath(connection, createGate());
    const limit = (pages: number) => connection.pragma(`max_page_count = ${pages}`);
    limit(Number(connection.pragma("page_count", { simple: true })) + 2);
    const large = session(0, { pushedOn: "x".repeat(200_000) });
    const batch = [
      turn("ann", { session: { rev: 2, state: session(1) } }),
      firstTurn("bo", { session: { rev: 1, state: large } }),
    ];
    await expect(hot.write(batch)).rejects.toEqual(refusal("unavailable"));
    expect((await store.read([readOf("ann"), readOf("bo")])).map((row) => row.rev)).toEqual([1, 0]);
    limit(1_000_000);
    await hot.write(batch);
    expect((await store.read([readOf("ann"), readOf("bo")])).map((row) => row.rev)).toEqual([2, 1]);
    connection.close();
  });

  test("a second server on the file is refused with the repair, a command is not, and a killed server leaves no lock", async () => {
    const store = await database.open();
    await expect(database.open()).rejects.toThrow(/another Fadder server has .* open. Stop it first/);
    const command = await database.open({ use: "command" });
    await command.db.meta.create({ data: { key: "written", value: "beside" } });
    expect(await store.db.meta.count()).toBe(1);
    await command.close();
    await store.close();

    const sqlite = createRequire(import.meta.url).resolve("better-sqlite3");
    const script = `const D = require(${JSON.stringify(sqlite)}); const d = new D(${JSON.stringify(`${sqlitePath(database.url)}.lock`)});
      d.pragma("journal_mode = MEMORY"); d.exec("BEGIN EXCLUSIVE"); console.log("held"); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    await expect(database.open()).rejects.toThrow("another Fadder server");
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("exit", resolve));
    expect((await database.open()).kind).toBe("sqlite");
  });

  test("another process that writes for a moment is waited for", async () => {
    const store = await database.open();
    await store.write([firstTurn("ann")]);
    const sqlite = createRequire(import.meta.url).resolve("better-sqlite3");
    const script = `const D = require(${JSON.stringify(sqlite)}); const d = new D(${JSON.stringify(sqlitePath(database.url))});
      d.exec("BEGIN IMMEDIATE"); console.log("held"); setTimeout(() => { d.exec("COMMIT"); d.close(); }, 200);`;
    const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    await store.write([turn("ann", { session: { rev: 2, state: session(2) } })]);
    expect((await store.read([readOf("ann")]))[0]?.rev).toBe(2);
  });

  test("a server that starts again has its lanes at once", async () => {
    const first = await database.open();
    await first.outbox.take("first", ["chat:bot"], 60_000, 1);
    await first.close();
    const second = await database.open();
    expect(await second.outbox.take("second", [], 60_000, 1)).toEqual([{ name: "chat:bot", epoch: 2 }]);
  });

  test("a path that cannot be made is said", async () => {
    await writeFile(join(database.folder, "file"), "");
    const url = `file:${join(database.folder, "file", "fadder.db")}`;
    await expect(openStore({ url, secret: "s", now: Date.now, log: quietLog })).rejects.toThrow(
      /the folder .*file cannot be made/,
    );
  });
});
