import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sections } from "../../src/console/sections.ts";
import { findChromium, startBrowser } from "../support/browser.ts";
import { makeThings } from "./things.ts";
import { type ConsoleWorld, startConsole } from "./world.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const routes = sections.flatMap((section) => section.routes);
/** A file is no page. */
const pages = routes.filter(({ method, path }) => method === "get" && !/\.\w+$|^\/logos\//u.test(path));

let browser: Browser;
let world: ConsoleWorld;
let fill: (path: string) => string;

beforeAll(async () => {
  const started = await startBrowser();
  if (started) browser = started;
  world = await startConsole();
  const town = await world.organisation("Town with a name that is long enough to need a second line");
  fill = await makeThings(world, town);
  await enough(town);
  for (const role of ["admin", "coordinator"] as const) {
    await world.person(role);
    await world.grant(role, role);
  }
});
afterAll(async () => {
  await browser?.close();
  await world.close();
});

/** Enough people in one cohort that charts are drawn. */
async function enough(organisationId: string): Promise<void> {
  const { db } = world.store;
  const part = await db.cohortPart.findFirstOrThrow({ where: { organisationId } });
  const at = BigInt(Date.now());
  for (let n = 0; n < 8; n += 1) {
    const personId = await world.person(`learner-${n}`);
    const membership = { cohortId: part.cohortId, personId, organisationId, state: "active", ticks: "[]" };
    await db.membership.create({ data: { id: personId, ...membership, joinedAt: at, changedAt: at } });
    const record = { personId, type: "lesson.done", key: `lesson:${n}`, programme: "family-mentor", version: "1.0.0" };
    await db.record.create({ data: { ...record, data: "{}", at } });
  }
}

/** A page in which somebody with these roles is signed in by the button of a link. */
async function enter(person: string, width: number, scheme: "light" | "dark", complaints: string[]): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: scheme });
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(await world.signInLink(person, "/console"));
  await judge(page, width);
  await page.click("main button");
  await page.waitForURL(/\/console\//u);
  return page;
}

/** Every rule of axe, and nothing wider than the window. */
async function judge(page: Page, width: number): Promise<void> {
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> };
    };
    return (await axe.run()).violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => ({ id, html, failureSummary })),
    );
  });
  const { pathname } = new URL(page.url());
  expect({ pathname, violations }).toEqual({ pathname, violations: [] });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect({ pathname, wide: wide > width }).toEqual({ pathname, wide: false });
}

describe.skipIf(findChromium() === undefined)("the console in a browser", () => {
  test.each([
    [320, "light", "admin"],
    [360, "light", "coordinator"],
    [1280, "light", "admin"],
    [360, "dark", "admin"],
    [1280, "dark", "coordinator"],
  ] as const)(
    "breaks no rule of accessibility at %i px, %s, for a %s",
    async (width, scheme, role) => {
      const complaints: string[] = [];
      const page = await enter(role, width, scheme, complaints);
      let seen = 0;
      for (const { path } of pages) {
        const answer = await page.goto(`${world.url}${fill(path)}`).catch((error: unknown) => {
          // A file to keep is no page to judge.
          if (String(error).includes("Download is starting")) return undefined;
          throw error;
        });
        if (answer?.status() === 200) {
          seen += 1;
          await judge(page, width);
          expect([path, await page.locator("h1").count()]).toEqual([path, 1]);
        }
      }
      expect(seen).toBeGreaterThan(4);
      await page.goto(`${world.url}/console/overview`);
      expect(await page.locator("svg.chart").count()).toBeGreaterThanOrEqual(3);
      await page.goto(`${world.url}/console/there-is-no-such-page`);
      await judge(page, width);
      // The page that is not there is the only thing a browser may complain about.
      expect(complaints.filter((text) => !text.includes("404"))).toEqual([]);
      await page.context().close();
    },
    180_000,
  );

  test.each([360, 1280])(
    "shows whoever is not signed in a page without a fault at %i px",
    async (width) => {
      const context = await browser.newContext({ viewport: { width, height: 800 } });
      const page = await context.newPage();
      for (const path of ["/console", "/console/setup", `/sign-in/${"x".repeat(43)}`]) {
        await page.goto(`${world.url}${path}`);
        await judge(page, width);
      }
      await context.close();
    },
    60_000,
  );

  test("is used with the keyboard alone: sign in, skip, go on, filter, sort, sign out", async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
    await page.goto(await world.signInLink("coordinator", "/console/people"));
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Skip to the content");
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Sign in");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/console\/people/u);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const passed: string[] = [];
    while (passed.at(-1) !== "q" && passed.length < 12) {
      await page.keyboard.press("Tab");
      const [id = "", outline] = await page.evaluate(() => {
        const at = document.activeElement;
        return at === null ? [] : [at.id || at.tagName, getComputedStyle(at).outlineStyle];
      });
      expect([id, outline]).toEqual([id, "solid"]);
      passed.push(id);
    }
    expect(passed).toEqual(["organisation", "cohort", "reach", "BUTTON", "SUMMARY", "A", "q"]);
    await page.keyboard.type("Name of member-");
    await page.keyboard.press("Enter");
    await page.waitForURL(/q=Name\+of\+member-/u);
    expect(await page.locator("tbody tr").count()).toBe(1);
    await page.focus("thead th:nth-child(2) a");
    await page.keyboard.press("Enter");
    await page.waitForURL(/sort=cohort/u);
    expect(await page.locator("th[aria-sort=ascending]").textContent()).toContain("Cohort");
    await page.focus("header button");
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=You are signed out");
    await context.close();
  });
});
