import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { mountUploadPage } from "../../src/evidence/page.tsx";
import { createMetrics } from "../../src/http/metrics.ts";
import { type Listening, listen } from "../../src/http/server.ts";
import { createCatalogue } from "../../src/programmes/catalogue.ts";
import { findChromium, startBrowser } from "../support/browser.ts";
import { words } from "../support/chat.ts";
import { createDatabase, quietLog, type TestDatabase } from "../support/databases.ts";
import { createEvidenceWorld, framed, pdf } from "./world.ts";

describe.skipIf(findChromium() === undefined)("the page where a file is handed in, in a browser", () => {
  let browser: Browser | undefined;
  let database: TestDatabase;
  let server: Listening;
  let world: Awaited<ReturnType<typeof createEvidenceWorld>>;
  let link: string;

  beforeAll(async () => {
    browser = await startBrowser();
    database = await createDatabase("sqlite");
    const store = await database.open();
    world = await createEvidenceWorld(store);
    const { now } = world.uploads;
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
        mountUploadPage(made, {
          ...world.uploads,
          words,
          catalogue: createCatalogue(framed, []),
          publicUrl: undefined,
          platforms: [],
        }),
    });
    server = await listen(app, "127.0.0.1", 0);
    const made = await world.fileLink(await world.learner("anna"));
    link = `${server.url.slice(0, -1)}${new URL(made).pathname}`;
  }, 30_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close(100);
    await world?.close();
    await database?.drop();
  });

  test.each(["en", "da", "sv", "bg", "fi"])("fits a narrow telephone in %s", async (locale) => {
    const context = await browser?.newContext({
      javaScriptEnabled: false,
      viewport: { width: 320, height: 568 },
      locale,
    });
    const page = await context?.newPage();
    await page?.goto(link);
    const widths = await page
      ?.locator("h1, p, input, button, label")
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().right));
    expect(Math.max(...(widths ?? [1_000]))).toBeLessThanOrEqual(320);
    expect(await page?.locator("input[type=file]").getAttribute("required")).not.toBeNull();
    await context?.close();
  });

  test("takes a file without scripts, once the box is ticked", async () => {
    const context = await browser?.newContext({ javaScriptEnabled: false, viewport: { width: 320, height: 568 } });
    const page = await context?.newPage();
    await page?.goto(link);
    const buffer = Buffer.from(pdf());
    await page?.getByLabel("The file").setInputFiles({ name: "scan.pdf", mimeType: "application/pdf", buffer });
    await page?.getByLabel("Nobody can be recognised", { exact: false }).check();
    await page?.click("main button");
    await page?.waitForLoadState();
    expect(await page?.textContent("main")).toContain("Your file is here");
    expect(await world.db.evidenceFile.count()).toBe(1);
    await context?.close();
  });
});
