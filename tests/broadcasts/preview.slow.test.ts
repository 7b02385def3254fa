import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cleanPicture, keepPicture } from "../../src/images/upload.ts";
import { rootId } from "../../src/people/standing.ts";
import { type ConsoleWorld, startConsole } from "../console/world.ts";
import { findChromium, startBrowser } from "../support/browser.ts";
import { jpeg } from "./pictures.ts";
import { everyPlatform } from "./platforms.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let browser: Browser | undefined;
let world: ConsoleWorld;
beforeAll(async () => {
  browser = await startBrowser();
  world = await startConsole();
  Object.assign(world.deps, { adapters: await everyPlatform() });
  await world.member("anna", rootId);
  await world.person("lead");
  await world.grant("lead", "coordinator");
  const picture = await cleanPicture(jpeg());
  if (typeof picture === "string") throw new Error(picture);
  const id = await keepPicture(world.store.db, { organisationId: rootId, picture, now: 0 });
  const lead = await world.enter("lead");
  await lead.get("/console/broadcasts/new");
  await lead.post("/console/broadcasts", {
    "text-en": `Dear {name}, will you come to the meeting? ${"averylongwordwithoutanyspace".repeat(5)}`,
    "text-bg": "Ще дойдете ли на срещата?",
    "options-en": "Yes, I will\nNo, I cannot come at all this week because of work",
    "options-bg": "Да\nНе",
    "alt-en": "A red house",
    "alt-bg": "Червена къща",
    pictureid: id,
    next: "yes",
    reply: "yes",
    topic: "news",
  });
});
afterAll(async () => {
  await browser?.close();
  await world.close();
});

test.skipIf(findChromium() === undefined).each([
  [320, "light"],
  [320, "dark"],
  [1280, "light"],
  [1280, "dark"],
] as const)("the previews keep to every rule and to the window, at %i pixels in %s", async (width, colorScheme) => {
  const context = await browser?.newContext({ viewport: { width, height: 800 }, colorScheme });
  const page = await context?.newPage();
  if (page === undefined) throw new Error("no browser");
  await page.goto(await world.signInLink("lead", "/console"));
  await page.click("main button");
  await page.waitForURL(/\/console\//u);
  const { id } = await world.store.db.broadcast.findFirstOrThrow();
  for (const path of [`/console/broadcasts/${id}`, "/console/broadcasts/new", "/console/cohorts/cohort-anna/group"]) {
    await page.goto(`${world.url}${path}`);
    for (const summary of await page.locator("main summary").all()) await summary.click();
    await page.evaluate(axe);
    const violations = await page.evaluate(async () => {
      const { axe } = window as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> };
      };
      return (await axe.run()).violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => ({ id, html, failureSummary })),
      );
    });
    expect({ path, violations }).toEqual({ path, violations: [] });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
  const shot = process.env.FADDER_SHOTS;
  if (shot !== undefined) {
    await page.goto(`${world.url}/console/broadcasts/${id}`);
    await page.screenshot({ path: `${shot}/preview-${width}-${colorScheme}.png`, fullPage: true });
  }
  await context?.close();
});
