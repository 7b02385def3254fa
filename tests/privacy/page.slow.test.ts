import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { createMetrics } from "../../src/http/metrics.ts";
import { type Listening, listen } from "../../src/http/server.ts";
import { createDataLink } from "../../src/privacy/link.ts";
import { mountDataPage } from "../../src/privacy/page.tsx";
import { findChromium, startBrowser } from "../support/browser.ts";
import { words } from "../support/chat.ts";
import { createDatabase, quietLog, type TestDatabase } from "../support/databases.ts";
import { createWorld, secret } from "./world.ts";

describe.skipIf(findChromium() === undefined)("the page of one's own data, in a browser", () => {
  let browser: Browser | undefined;
  let database: TestDatabase;
  let server: Listening;
  let link: string;

  beforeAll(async () => {
    browser = await startBrowser();
    database = await createDatabase("sqlite");
    const store = await database.open();
    const world = createWorld(store);
    const chat = world.chat("anna");
    await chat.start();
    const now = () => world.clock.now;
    // With the headers of the whole product: they decide what a browser says about where a form stands.
    const app = await createApp({
      adapters: [],
      receive: async () => ({ outcome: "taken" }),
      words,
      log: quietLog,
      metrics: createMetrics({ store, now, oldestWaitingAt: () => undefined }),
      metricsToken: undefined,
      publicUrl: undefined,
      loopback: true,
      trustProxy: undefined,
      phase: () => "ready",
      database: async () => undefined,
      platforms: () => [],
      mount: (made) =>
        mountDataPage(made, {
          ...{ store, words, secret, publicUrl: undefined, now, open: world.open },
          openBytes: () => new Uint8Array(),
        }),
    });
    server = await listen(app, "127.0.0.1", 0);
    link = await createDataLink(store.db, secret, server.url.slice(0, -1), now)(await chat.personId());
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close(100);
    await database?.drop();
  });

  test("its button shows everything", async () => {
    const page = await browser?.newPage();
    await page?.goto(link);
    await page?.click("main button");
    await page?.waitForLoadState();
    expect(await page?.textContent("body")).toContain("Learner anna");
  });
});
