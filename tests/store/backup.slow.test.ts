import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { backup } from "../../src/store/backup.ts";
import { restore } from "../../src/store/restore.ts";
import type { Store } from "../../src/store/types.ts";
import { createDatabase, databaseKinds, type TestDatabase } from "../support/databases.ts";
import { firstTurn, message, readOf, session, turn } from "../support/turns.ts";

const secret = "the secret of the backup";
const now = Date.now;
const pairs = databaseKinds.flatMap((from) => databaseKinds.map((to) => ({ from, to })));
const people = Array.from({ length: 700 }, (_, index) => `person-${index}`);

describe.each(pairs)("a backup of $from restored into $to", ({ from, to }) => {
  let source: TestDatabase;
  let target: TestDatabase;
  let store: Store;
  let file: string;
  beforeEach(async () => {
    source = await createDatabase(from);
    target = await createDatabase(to);
    store = await source.open({ secret });
    file = join(source.folder, "copies", "one.backup");
  });
  afterEach(async () => {
    await source.drop();
    await target.drop();
  });
  const fill = async () => {
    for (let at = 0; at < people.length; at += 100) {
      await store.write(
        people.slice(at, at + 100).map((person) =>
          firstTurn(person, {
            journal: new Uint8Array([0, 200, 3]),
            records: [{ type: "x", key: "k", programme: "p", version: "1", data: { ключ: "€" }, at: 2 ** 45 }],
            tokens: [{ token: `t-${person}`, meaning: { type: "step", activity: "a", key: "k" } }],
            timersSet: [{ name: "n", due: 1, data: null }],
            outbox: [message(person, person)],
          }),
        ),
      );
    }
    await store.keep("adapter").set("key", { token: "kept" });
  };
  const give = { secret, now, from: "" };

  test("brings back every row, files and keys, and is held", async () => {
    await fill();
    const filesDir = join(source.folder, "files");
    const long = `${"deep/".repeat(30)}${"n".repeat(120)}.pdf`;
    await mkdir(join(filesDir, "deep/".repeat(30)), { recursive: true });
    await writeFile(join(filesDir, long), "content of a file");
    await writeFile(join(filesDir, "empty"), "");
    const keyFile = join(source.folder, "secret");
    await writeFile(keyFile, secret);
    const counts = await backup({ url: source.url, secret, to: file, filesDir, keyFile, now });
    expect(counts).toMatchObject({ Person: 700, Record: 700, Outbox: 700, Keep: 1, FormerPerson: 0 });
    const bytes = await readFile(file);
    expect(bytes.includes("person-1")).toBe(false);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(source.folder, "copies"))).toEqual(["one.backup"]);

    const place = { filesDir: join(target.folder, "files"), keyFile: join(target.folder, "key") };
    expect(await restore({ ...give, ...place, url: target.url, from: file })).toEqual(counts);
    expect(await readFile(join(place.filesDir, long), "utf8")).toBe("content of a file");
    expect(await readFile(place.keyFile, "utf8")).toBe(secret);

    const restored = await target.open({ secret });
    const reads = people.map((person) => readOf(person, "none", `t-${person}`));
    expect(await restored.read(reads)).toEqual(await store.read(reads));
    expect(await restored.keep("adapter").get("key")).toEqual({ token: "kept" });
    expect([...((await restored.db.delivery.findFirst())?.journal ?? [])]).toEqual([0, 200, 3]);
    expect(await restored.upkeep.held()).toBe(true);
    expect(await restored.outbox.take("me", [], 1_000, 9)).toEqual([]);
    expect(await restored.dueTimers(10, 9)).toEqual([]);
    await restored.upkeep.release();
    expect(await restored.outbox.take("me", [], 1_000, 9)).toHaveLength(1);
    const before = (await restored.db.outbox.findFirst({ orderBy: { seq: "desc" } }))?.seq ?? 0;
    await restored.write([turn("person-1", { outbox: [message("person-1", "later")] })]);
    expect((await restored.db.outbox.findFirst({ orderBy: { seq: "desc" } }))?.seq).toBeGreaterThan(before);
  });

  test("is one moment of a database that is written to meanwhile", async () => {
    await fill();
    let writing = true;
    let written = 0;
    const writer = (async () => {
      for (let rev = 2; writing; rev++) {
        // Each batch brings everybody to the same revision.
        await store.write(people.map((person) => turn(person, { session: { rev, state: session(rev) } })));
        written = rev;
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    await expect.poll(() => written).toBeGreaterThan(2);
    const began = written;
    await backup({ url: source.url, secret, to: file, now });
    expect(written).toBeGreaterThan(began);
    writing = false;
    await writer;
    await restore({ ...give, url: target.url, from: file });
    const restored = await target.open({ secret });
    const revs = new Set((await restored.db.session.findMany()).map((row) => row.rev));
    expect(revs.size).toBe(1);
    expect(await restored.db.delivery.count()).toBe(people.length * Math.max(...revs));
  });

  test("cut, changed or under another secret it is refused, and the database stays as it was", async () => {
    await store.write([firstTurn("ann")]);
    await backup({ url: source.url, secret, to: file, now });
    const there = await target.open({ secret });
    await there.write([firstTurn("bo")]);
    await there.close();
    const bytes = await readFile(file);
    const wrong = join(source.folder, "wrong");
    const attempt = async (content: Uint8Array, changes: object = {}) => {
      await writeFile(wrong, content);
      return restore({ ...give, url: target.url, from: wrong, replace: true, ...changes });
    };
    for (const length of [0, 10, 24, 30, bytes.length - 1]) {
      await expect(attempt(bytes.subarray(0, length))).rejects.toThrow(/backup/);
    }
    for (const at of [0, 9, 40, bytes.length - 1]) {
      await expect(attempt(bytes.map((byte, index) => (index === at ? byte ^ 1 : byte)))).rejects.toThrow(/backup/);
    }
    await expect(attempt(bytes, { secret: "another" })).rejects.toThrow(/another FADDER_SECRET/);
    const after = await target.open({ secret });
    expect((await after.db.person.findMany()).map((person) => person.id)).toEqual(["bo"]);
    expect(await after.upkeep.held()).toBe(false);
    await after.close();
    await attempt(bytes, { secret: "another", previousSecret: secret });
    const restored = await target.open({ secret });
    expect((await restored.db.person.findMany()).map((person) => person.id)).toEqual(["ann"]);
  });

  test("is refused while a server is at work, and where people would be lost", async () => {
    await store.write([firstTurn("ann")]);
    await backup({ url: source.url, secret, to: file, now });
    const there = await target.open({ secret });
    await there.write([firstTurn("bo")]);
    const attempt = (replace: boolean) => restore({ ...give, url: target.url, from: file, replace });
    await expect(attempt(true)).rejects.toThrow(/a server has the database open/);
    await there.close();
    await expect(attempt(false)).rejects.toThrow(/has people in it/);
    await attempt(true);
  });
});
