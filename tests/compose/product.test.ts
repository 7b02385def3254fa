import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { platform as terminal } from "../../adapters/terminal/platform.ts";
import { platform as web } from "../../adapters/web/platform.ts";
import { script } from "../../dialogs/index.ts";
import type { Product } from "../../src/cli/kit.ts";
import { composeServer } from "../../src/compose/product.ts";
import { loadConfig } from "../../src/config.ts";
import type { Adapter, Platform } from "../../src/engine/adapter.ts";
import { silentLog } from "../http/support.ts";

const running: Product[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((product) => product.stop()));
});

const folder = () => mkdtempSync(join(tmpdir(), "fadder-product-"));

async function start(
  env: Record<string, string> = {},
  extra: readonly Platform[] = [],
): Promise<{ url: string; product: Product }> {
  const platforms = [web, ...extra];
  const config = loadConfig({ DATA_DIR: folder(), PORT: "0", ...env }, platforms);
  const product = await composeServer(config, { platforms, terminal, script: async () => script, log: silentLog });
  running.push(product);
  return { url: (await product.start()) ?? "", product };
}

/** A platform whose adapter does what the test says. */
function pigeons(parts: Partial<Adapter>): Platform {
  return {
    channel: "pigeons",
    connection: web.connection,
    fromEnvironment: () => ({ connection: {}, problems: [] }),
    create: async () => ({
      channel: "pigeons",
      capabilities: { lane: true, rates: [], concurrency: 1, edits: false, home: false },
      mount: async () => undefined,
      setUp: async () => undefined,
      listeners: [],
      preview: () => ({ parts: [] }),
      health: async () => ({ ok: true, connections: [{ name: "north", ok: true, detail: "fine" }], hosts: [] }),
      close: async () => undefined,
      ...parts,
    }),
  };
}

describe("a server", () => {
  test("serves the chat, is ready, and shows its numbers", async () => {
    const { url } = await start();
    expect((await fetch(url)).status).toBe(200);
    const ready = await fetch(`${url}readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ ready: true, database: "up", platforms: { web: {} } });
    expect(await (await fetch(`${url}metrics`)).text()).toContain("fadder_turn_oldest_waiting_seconds 0");
  });

  test("a platform that cannot be reached does not stop the others", async () => {
    const refused = () => Promise.reject(new Error("connect ECONNREFUSED"));
    const { url } = await start({}, [pigeons({ setUp: refused, health: refused })]);
    expect((await fetch(url)).status).toBe(200);
    await expect
      .poll(async () => (await (await fetch(`${url}readyz`)).json()) as unknown)
      .toMatchObject({ ready: true, platforms: { pigeons: { state: "down", failures: 1 } } });
  });

  test("a second server on the same embedded database is refused with the repair", async () => {
    const data = folder();
    await start({ DATA_DIR: data });
    await expect(start({ DATA_DIR: data })).rejects.toThrow(/another Fadder server has .* open\. Stop it first/);
  });

  test("programmes that cannot be taught stop the start, with their places", async () => {
    await expect(start({ PROGRAMMES_DIR: folder() })).rejects.toThrow(
      /the programmes cannot be taught:\n {2}.*PROGRAMMES_DIR/,
    );
  });
});

describe("a clean stop", () => {
  test("is within its bound with a stream open, a listener running and an adapter that hangs", async () => {
    const order: string[] = [];
    const hanging = pigeons({
      listeners: [
        {
          name: "poll:pigeons:north",
          run: (_receive, signal) =>
            new Promise((resolve) => {
              signal.addEventListener("abort", () => {
                order.push("listener ended");
                resolve();
              });
            }),
        },
      ],
      close: () => {
        order.push("close called");
        return new Promise(() => undefined);
      },
    });
    const { url, product } = await start({}, [hanging]);
    const stream = await fetch(`${url}chat/stream`, { headers: { accept: "text/event-stream" } });
    expect(stream.status).toBe(200);
    const ended = stream.text();
    const started = performance.now();
    await Promise.all([product.stop(), product.stop()]);
    expect(performance.now() - started).toBeLessThan(10_000);
    await ended;
    expect(order.at(-1)).toBe("close called");
    await expect(fetch(url)).rejects.toThrow();
  });

  test("gives the database back: the next server starts at once", async () => {
    const data = folder();
    const { product } = await start({ DATA_DIR: data });
    await product.stop();
    const { url } = await start({ DATA_DIR: data });
    expect((await fetch(`${url}readyz`)).status).toBe(200);
  });
});

describe("the movable clock", () => {
  test("is there where FADDER_NOW is set", async () => {
    const { url } = await start({ FADDER_NOW: "2026-03-01T08:00:00Z" });
    const response = await fetch(`${url}test/clock`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ by: "P3D" }),
    });
    expect(await response.json()).toMatchObject({ now: expect.stringMatching(/^2026-03-04T08:00/) });
  });
});
