import type { Express } from "express";
import express from "express";
import { afterEach, describe, expect, test } from "vitest";
import { type AppParts, createApp } from "../../src/app.ts";
import { movableClock } from "../../src/config/clock.ts";
import type { Adapter } from "../../src/engine/adapter.ts";
import type { Phase } from "../../src/http/health.ts";
import { createMetrics } from "../../src/http/metrics.ts";
import { type Listening, listen } from "../../src/http/server.ts";
import { StoreError } from "../../src/store/types.ts";
import { createWords } from "../../src/words.ts";
import { areaWords, silentLog } from "./support.ts";

const words = createWords(areaWords("pages"));
const TOKEN = "sixteen-characters";
const servers: Listening[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close(100)));
});

function metricsOver(ages: Awaited<ReturnType<AppParts["database"]>> | unknown = []) {
  return createMetrics({
    store: { outbox: { ages: async () => ages } } as never,
    now: () => 100_000,
    oldestWaitingAt: () => 97_500,
  });
}

function adapterWith(mount: (app: Express) => void): Adapter {
  return {
    channel: "pigeons",
    capabilities: { lane: true, rates: [], concurrency: 1, edits: false, home: false },
    mount: async (app) => mount(app),
    setUp: async () => undefined,
    listeners: [],
    preview: () => ({ parts: [] }),
    health: async () => ({ ok: true, connections: [], hosts: [] }),
    close: async () => undefined,
  };
}

async function serve(parts: Partial<AppParts> = {}): Promise<string> {
  const app = await createApp({
    adapters: [],
    receive: async () => ({ outcome: "taken" }),
    words,
    log: silentLog,
    metrics: metricsOver(),
    metricsToken: undefined,
    publicUrl: undefined,
    loopback: true,
    trustProxy: undefined,
    phase: () => "ready",
    database: async () => undefined,
    platforms: () => [],
    ...parts,
  });
  const server = await listen(app, "127.0.0.1", 0);
  servers.push(server);
  return server.url.slice(0, -1);
}

describe("/readyz", () => {
  test("is 200 when database and routes are up, with each platform's state in the body", async () => {
    const platforms = () => [{ channel: "pigeons", state: "down", failures: 3, connections: [] }] as const;
    const response = await fetch(`${await serve({ platforms })}/readyz`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      ready: true,
      phase: "ready",
      database: "up",
      platforms: { pigeons: { state: "down", failures: 3, connections: [] } },
    });
  });

  test.each<Phase>(["starting", "stopping"])("is 503 while %s", async (phase) => {
    const url = await serve({ phase: () => phase });
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  test("is 503 while the database does not answer, and says no more about it", async () => {
    const database = () => Promise.reject(new Error("password authentication failed for user x"));
    const response = await fetch(`${await serve({ database })}/readyz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ ready: false, database: "down" });
  });
});

describe("/metrics", () => {
  test("shows waiting turns, lanes and counters", async () => {
    const metrics = metricsOver([{ lane: "pigeons:north", waiting: 4, oldestAt: 40_000, unknown: 1, failed: 2 }]);
    metrics.turn("taken", 3);
    metrics.turn("failed", 3);
    metrics.renewed(2);
    metrics.outbox.delivered("pigeons:north", "reply");
    metrics.outbox.throttled("pigeons:north");
    metrics.outbox.unknown("pigeons:north", "reminder");
    const text = await (await fetch(`${await serve({ metrics })}/metrics`)).text();
    for (const line of [
      "fadder_turn_oldest_waiting_seconds 2.5",
      'fadder_outbox_oldest_seconds{lane="pigeons:north"} 60',
      'fadder_outbox_waiting{lane="pigeons:north"} 4',
      'fadder_outbox_unknown{lane="pigeons:north"} 1',
      'fadder_outbox_failed{lane="pigeons:north"} 2',
      'fadder_turns_total{outcome="taken"} 1',
      "fadder_failed_turns_total 1",
      "fadder_sessions_renewed_total 2",
      'fadder_deliveries_total{lane="pigeons:north",kind="reply"} 1',
      'fadder_throttles_total{lane="pigeons:north"} 1',
      'fadder_delivery_troubles_total{lane="pigeons:north",outcome="unknown"} 1',
    ]) {
      expect(text).toContain(line);
    }
    expect(text).toMatch(/nodejs_eventloop_lag_seconds \d/);
    expect(text).toMatch(/process_resident_memory_bytes \d/);
  });

  test("behind a public address answers only with the token", async () => {
    const url = await serve({ loopback: false, metricsToken: TOKEN });
    const status = async (authorization?: string) =>
      (await fetch(`${url}/metrics`, authorization === undefined ? {} : { headers: { authorization } })).status;
    expect(await status()).toBe(401);
    expect(await status("Bearer sixteen-characterz")).toBe(401);
    expect(await status(`Bearer ${TOKEN}x`)).toBe(401);
    expect(await status(TOKEN)).toBe(401);
    expect(await status(`Bearer ${TOKEN}`)).toBe(200);
  });

  test("behind a public address without a token answers nobody", async () => {
    const url = await serve({ loopback: false });
    expect((await fetch(`${url}/metrics`, { headers: { authorization: "Bearer undefined" } })).status).toBe(403);
  });
});

describe("errors", () => {
  const broken = adapterWith((app) => {
    app.post("/json", express.json({ limit: "1kb" }), (_request, response) => void response.json({}));
    app.get("/bug", () => {
      throw new Error("the password is swordfish");
    });
    app.get("/late", async () => {
      throw new StoreError("unavailable", "connection to 10.0.0.1 lost");
    });
  });
  const post = async (body: string) =>
    fetch(`${await serve({ adapters: [broken] })}/json`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });

  test("malformed JSON is 400 and an oversized body 413", async () => {
    const malformed = await post("{");
    expect(malformed.status).toBe(400);
    expect(await malformed.json()).toEqual({ error: "The request could not be read." });
    const oversized = await post(JSON.stringify({ text: "x".repeat(2_000) }));
    expect(oversized.status).toBe(413);
    expect(await oversized.json()).toEqual({ error: "The request is too large." });
  });

  test("a bug is 500 and says nothing about the inside", async () => {
    const response = await fetch(`${await serve({ adapters: [broken] })}/bug`);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toMatch(/swordfish|at |\.ts/);
  });

  test("nothing stored is 503, so that the platform delivers again", async () => {
    const response = await fetch(`${await serve({ adapters: [broken] })}/late`);
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("1");
    expect(await response.text()).not.toContain("10.0.0.1");
  });

  test("what nobody answers is a page for people and JSON for programs", async () => {
    const url = await serve();
    const page = await fetch(`${url}/nothing`, { headers: { accept: "text/html", "accept-language": "da" } });
    expect(page.status).toBe(404);
    expect(await page.text()).toContain("Her er ikke noget");
    const json = await fetch(`${url}/nothing`, { method: "POST" });
    expect(json.status).toBe(404);
    expect(json.headers.get("content-type")).toContain("application/json");
  });
});

describe("pages and headers", () => {
  test("nothing inline and nothing from elsewhere is allowed", async () => {
    const { headers } = await fetch(`${await serve()}/privacy`);
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(policy).not.toContain("upgrade-insecure-requests");
    expect(headers.get("x-powered-by")).toBeNull();
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("strict-transport-security")).toBeNull();
  });

  test("https is insisted on where it is spoken", async () => {
    const { headers } = await fetch(`${await serve({ publicUrl: "https://fadder.example.org" })}/privacy`);
    expect(headers.get("strict-transport-security")).toContain("max-age=31536000");
  });

  test.each(["privacy", "terms"])(
    "/%s is there in every language, with all its parts and no style of its own",
    async (name) => {
      const url = await serve();
      for (const language of words.languages) {
        const page = await (await fetch(`${url}/${name}?lang=${language}`)).text();
        expect(page).toContain(`<html lang="${language}">`);
        expect(page).toContain(words.text(language, `pages.${name}.title`));
        expect(page.match(/<h2>/g)?.length).toBe(name === "privacy" ? 6 : 4);
        expect(page).not.toMatch(/<style|style=|<script|onclick/);
      }
    },
  );

  test("the browser's language is taken where none is asked for, and the default where it is unknown", async () => {
    const url = await serve();
    const title = async (accept: string) =>
      /<h1>(.*?)<\/h1>/.exec(
        await (await fetch(`${url}/privacy`, { headers: { "accept-language": accept } })).text(),
      )?.[1];
    expect(await title("nn, sv-SE;q=0.8, en;q=0.5")).toBe(words.text("sv", "pages.privacy.title"));
    expect(await title("tlh")).toBe(words.text("en", "pages.privacy.title"));
  });
});

describe("the movable clock", () => {
  const move = async (url: string, body: unknown) =>
    fetch(`${url}/test/clock`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });

  test("moves, and tells whoever waits for the time", async () => {
    const clock = movableClock("2026-03-01T08:00:00Z", () => 0);
    let moved = 0;
    const url = await serve({
      clock: {
        now: clock.now,
        move: (to) => clock.move?.(to),
        moved: async () => {
          moved += 1;
        },
      },
    });
    expect(await (await move(url, { by: "P3D" })).json()).toEqual({ now: "2026-03-04T08:00:00.000Z" });
    expect(await (await move(url, { to: "2027-01-01T00:00:00Z" })).json()).toEqual({ now: "2027-01-01T00:00:00.000Z" });
    expect(moved).toBe(2);
    for (const wrong of [{ by: "soon" }, { to: "P" }, { to: "yesterday" }, {}, { by: "P1D", to: "P1D" }]) {
      expect((await move(url, wrong)).status).toBe(400);
    }
    expect(moved).toBe(2);
  });

  test("is not there where the clock is real", async () => {
    expect((await move(await serve(), { by: "P3D" })).status).toBe(404);
  });
});
