import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { backup, restore } from "../../src/compose/copies.ts";
import { openFoundation } from "../../src/compose/parts.ts";
import { loadConfig } from "../../src/config.ts";
import { eraseEverything } from "../../src/privacy/erase.ts";
import type { Store } from "../../src/store/types.ts";
import { silentLog } from "../http/support.ts";

async function withDatabase<T>(config: ReturnType<typeof loadConfig>, work: (store: Store) => Promise<T>): Promise<T> {
  const { store } = await openFoundation(config, silentLog, { migrate: true, use: "command" });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

const person = (id: string) => ({
  data: {
    id,
    name: id,
    addressId: "",
    timeZone: "UTC",
    timeZoneKnown: false,
    stopped: false,
    roles: "[]",
    createdAt: 0n,
  },
});

test("a restored database is held, and who was erased since the backup does not come back", async () => {
  const config = loadConfig({ DATA_DIR: mkdtempSync(join(tmpdir(), "fadder-copies-")) }, []);
  await withDatabase(config, async ({ db }) => {
    await db.person.create(person("stays"));
    await db.person.create(person("goes"));
  });
  const { path, rows } = await backup(config, undefined);
  expect(path).toContain(config.backupDir);
  expect(rows).toBeGreaterThanOrEqual(2);
  await withDatabase(config, async (store) => {
    await eraseEverything(store, "goes", 1);
    await store.db.person.create(person("came later"));
  });
  expect(await restore(config, path, silentLog)).toMatchObject({ erased: 1 });
  await withDatabase(config, async (store) => {
    expect((await store.db.person.findMany()).map(({ id }) => id)).toEqual(["stays"]);
    expect(await store.upkeep.held()).toBe(true);
    // The next restore must know of it too.
    expect(await store.db.meta.count({ where: { key: { startsWith: "erased:" } } })).toBe(1);
  });
});

test("a backup is never written over, and a file that is not there or not a backup changes nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "fadder-copies-"));
  const config = loadConfig({ DATA_DIR: folder }, []);
  await withDatabase(config, ({ db }) => db.person.create(person("stays")));
  const file = join(folder, "notes.txt");
  writeFileSync(file, "not a backup");
  await expect(backup(config, file)).rejects.toThrow(/is there already/);
  await expect(restore(config, join(folder, "nowhere"), silentLog)).rejects.toThrow(/there is no file/);
  await expect(restore(config, file, silentLog)).rejects.toThrow();
  await withDatabase(config, async ({ db }) => expect(await db.person.count()).toBe(1));
});

test("beside a running server it is refused in words, and the server's data stays", async () => {
  const config = loadConfig({ DATA_DIR: mkdtempSync(join(tmpdir(), "fadder-copies-")) }, []);
  const server = await openFoundation(config, silentLog, { migrate: true, use: "server" });
  await server.store.db.person.create(person("stays"));
  const { path } = await backup(config, undefined);
  await expect(restore(config, path, silentLog)).rejects.toThrow(/server/);
  expect(await server.store.db.person.count()).toBe(1);
  await server.store.close();
});
