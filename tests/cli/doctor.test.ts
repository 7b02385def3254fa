import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import type { Kit } from "../../src/cli/kit.ts";
import { run } from "../../src/cli/run.ts";
import type { Adapter, Health, Platform } from "../../src/engine/adapter.ts";
import type { Store } from "../../src/store/types.ts";
import { fakeKit } from "./kit.ts";

function platform(channel: string, on: boolean): Platform {
  return {
    channel,
    connection: z.unknown(),
    fromEnvironment: () => (on ? { connection: {}, problems: [] } : undefined),
    create: () => Promise.reject(new Error("not created here")),
  };
}

function adapter(channel: string, health: () => Promise<Health>): Adapter {
  return {
    channel,
    capabilities: { lane: true, rates: [], concurrency: 1, edits: false, home: false },
    mount: async () => undefined,
    setUp: () => Promise.reject(new Error("the doctor sets nothing up")),
    listeners: [],
    preview: () => ({ parts: [] }),
    health,
    close: async () => undefined,
  };
}

const store = { kind: "sqlite", upkeep: { held: async () => false }, close: async () => undefined } as unknown as Store;

function kitWith(health: () => Promise<Health>, parts: Partial<Kit> = {}) {
  return fakeKit({
    env: { DATA_DIR: mkdtempSync(join(tmpdir(), "fadder-doctor-")) },
    platforms: [platform("pigeons", true), platform("owls", false)],
    openStore: async () => store,
    adapters: async () => [adapter("pigeons", health)],
    ...parts,
  });
}

const well: Health = { ok: true, connections: [{ name: "north", ok: true, detail: "reachable" }], hosts: [] };

test("says for each platform what is configured and reachable; nothing wrong is status 0", async () => {
  const kit = kitWith(async () => well);
  expect(await run(["doctor"], kit)).toBe(0);
  const text = kit.said.join("\n");
  expect(text).toMatch(/ok {5}database: sqlite, reachable and up to date/);
  expect(text).toMatch(/ok {5}pigeons north: reachable/);
  expect(text).toMatch(/off {4}owls: not configured/);
  expect(text).toMatch(/ok {5}disk: \d+ MB free/);
  expect(text).toMatch(/ok {5}secret: will be made/);
});

test("says what is wrong with a connection, and the repair; status 1", async () => {
  const connections = [{ name: "south", ok: false, detail: "the token was revoked", repair: "make a new one" }];
  const kit = kitWith(async () => ({ ok: false, connections, hosts: [] }));
  expect(await run(["doctor"], kit)).toBe(1);
  expect(kit.said.join("\n")).toMatch(/wrong {2}pigeons south: the token was revoked\n\s+repair: make a new one/);
});

test("a platform that throws does not hide the others", async () => {
  const kit = kitWith(() => Promise.reject(new Error("connect ECONNREFUSED")), {
    adapters: async () => [
      adapter("pigeons", () => Promise.reject(new Error("connect ECONNREFUSED"))),
      adapter("hens", async () => well),
    ],
  });
  expect(await run(["doctor"], kit)).toBe(1);
  expect(kit.said.join("\n")).toMatch(/wrong {2}pigeons: connect ECONNREFUSED\n.*ok {5}hens north/);
});

test("an unreachable database is named, and the rest is still examined", async () => {
  const kit = kitWith(async () => well, {
    openStore: () => Promise.reject(new Error("connect ECONNREFUSED 10.0.0.1:5432")),
  });
  expect(await run(["doctor"], kit)).toBe(1);
  expect(kit.said.join("\n")).toMatch(/wrong {2}database: connect ECONNREFUSED/);
  expect(kit.said.join("\n")).toMatch(/note {3}pigeons: not examined/);
});

test("wrong settings are listed whole", async () => {
  const kit = fakeKit({ env: { PORT: "x", LOG_LEVEL: "loud" } });
  expect(await run(["doctor"], kit)).toBe(1);
  expect(kit.said.join("\n")).toMatch(/PORT: [^\n]*\n\s+LOG_LEVEL: /);
});

test("a held database, a moved clock and a secret that others can read are said", async () => {
  const held = { ...store, upkeep: { held: async () => true } } as unknown as Store;
  const kit = kitWith(async () => well, { openStore: async () => held });
  const dataDir = kit.env.DATA_DIR ?? "";
  writeFileSync(join(dataDir, "secret"), "x".repeat(40), { mode: 0o644 });
  const env = { DATA_DIR: dataDir, FADDER_NOW: "+P3D" };
  const { adapters, openStore, platforms } = kit;
  const moved = fakeKit({ adapters, openStore, platforms, env });
  expect(await run(["doctor"], moved)).toBe(1);
  const text = moved.said.join("\n");
  expect(text).toMatch(/note {3}database: .*held after a restore\n\s+repair: .*fadder release/);
  expect(text).toMatch(/note {3}FADDER_NOW: set/);
  expect(text).toMatch(/wrong {2}secret: .*\n\s+repair: chmod 600/);
});

test("--network lists every host and tries each; any answer counts", async () => {
  const server = createServer((_request, response) => response.writeHead(404).end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const open = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
  const shut = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`;
  await new Promise((resolve) => closed.close(resolve));
  const kit = kitWith(async () => ({ ...well, hosts: [open, shut] }));
  expect(await run(["doctor", "--network"], kit)).toBe(1);
  server.close();
  const text = kit.said.join("\n");
  expect(text).toContain(`ok     ${open}: reachable directly`);
  expect(text).toContain(`wrong  ${shut}: not reachable directly (ECONNREFUSED)`);
  expect(text).toMatch(/clock: 0 s ahead of the hosts above|clock: [01] s/);
});
