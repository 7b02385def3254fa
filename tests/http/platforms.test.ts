import { expect, test } from "vitest";
import type { Adapter, Health } from "../../src/engine/adapter.ts";
import { createPlatforms } from "../../src/http/platforms.ts";
import { silentLog } from "./support.ts";

function adapter(channel: string, setUp: () => Promise<void>, health: () => Promise<Health>): Adapter {
  return {
    channel,
    capabilities: { lane: true, rates: [], concurrency: 1, edits: false, home: false },
    mount: async () => undefined,
    setUp,
    listeners: [],
    preview: () => ({ parts: [] }),
    health,
    close: async () => undefined,
  };
}

const well: Health = { ok: true, connections: [{ name: "north", ok: true, detail: "fine" }], hosts: [] };

test("a platform that cannot be reached is tried again and does not stop the others", async () => {
  let tries = 0;
  const stubborn = adapter(
    "stubborn",
    async () => {
      tries += 1;
      if (tries < 3) throw new Error("connect ECONNREFUSED");
    },
    async () => {
      if (tries < 3) throw new Error("connect ECONNREFUSED");
      return well;
    },
  );
  const platforms = createPlatforms(
    [
      stubborn,
      adapter(
        "easy",
        async () => undefined,
        async () => well,
      ),
    ],
    silentLog,
    () => 1,
  );
  platforms.start();
  expect(platforms.states().map(({ state }) => state)).toEqual(["starting", "starting"]);
  await expect.poll(() => platforms.states().map(({ state }) => state)).toEqual(["up", "up"]);
  expect(tries).toBe(3);
  platforms.stop();
});

test("says that a platform is down, and which connections of it are not", async () => {
  const refused = () => Promise.reject(new Error("refused"));
  const half: Health = {
    ok: false,
    connections: [
      { name: "north", ok: true, detail: "fine" },
      { name: "south", ok: false, detail: "token revoked", repair: "make a new one" },
    ],
    hosts: [],
  };
  const platforms = createPlatforms(
    [
      adapter("dead", refused, refused),
      adapter(
        "half",
        async () => undefined,
        async () => half,
      ),
    ],
    silentLog,
    () => 60_000,
  );
  platforms.start();
  await expect.poll(() => platforms.states().map(({ state }) => state)).toEqual(["down", "partly up"]);
  expect(platforms.states()[1]?.connections).toContainEqual({ name: "south", ok: false, detail: "token revoked" });
  platforms.stop();
});

test("however often somebody looks, a platform is asked once", async () => {
  let asked = 0;
  const platforms = createPlatforms(
    [
      adapter(
        "calm",
        async () => undefined,
        async () => {
          asked += 1;
          return well;
        },
      ),
    ],
    silentLog,
  );
  platforms.start();
  await expect.poll(() => platforms.states()[0]?.state).toBe("up");
  for (let look = 0; look < 50; look += 1) platforms.states();
  expect(asked).toBe(1);
  platforms.stop();
});
