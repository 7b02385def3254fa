import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { competencesOf } from "../../src/domain/framework.ts";
import { project } from "../../src/domain/progress.ts";
import { findChromium, startBrowser } from "../support/browser.ts";
import { programmes } from "../support/chat.ts";
import { type ConsoleWorld, startConsole } from "./world.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const [programme] = programmes;
const ids = programme?.framework === undefined ? [] : competencesOf(programme.framework).map(({ id }) => id);
const { version = "1" } = programme ?? {};
const nextYear = new Date().getFullYear() + 1;

let browser: Browser;
let world: ConsoleWorld;
beforeAll(async () => {
  const started = await startBrowser();
  if (started) browser = started;
  world = await startConsole();
  const town = await world.organisation("Town");
  await candidate("anna", town);
  await world.person("eva");
  await world.store.db.person.update({ where: { id: "eva" }, data: { timeZone: "Europe/Copenhagen" } });
  await world.grant("eva", "assessor", town);
});
afterAll(async () => {
  await browser?.close();
  await world.close();
});

async function candidate(id: string, organisationId: string): Promise<void> {
  const { db } = world.store;
  const personId = await world.member(id, organisationId);
  const at = Date.now();
  const levels = Object.fromEntries(ids.map((one) => [one, 1]));
  const entry = { programme: "family-mentor", version, at };
  const state = project(null, [
    { ...entry, type: "self.done", key: "self:1", data: { attempt: "1", framework: "1", levels } },
    { ...entry, type: "self.shared", key: "self.shared:1:1", data: { attempt: "1", shared: true } },
  ]);
  await db.progress.create({ data: { personId, state: JSON.stringify(state) } });
  const row = { id: "of-anna", personId, programme: "family-mentor", version, certificate: "level-1", organisationId };
  const times = { createdAt: BigInt(at), changedAt: BigInt(at) };
  await db.assessment.create({ data: { ...row, state: "open", openKey: "one", firstOutside: false, ...times } });
}

async function judge(page: Page): Promise<void> {
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    return (await axe.run()).violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => ({ id, html })));
  });
  expect(violations).toEqual([]);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect([page.url(), wide]).toEqual([page.url(), false]);
}

describe.skipIf(findChromium() === undefined)("an assessor in a browser", () => {
  test("does a whole decision in the console alone, on the smallest screen, without a fault of accessibility", async () => {
    const context = await browser.newContext({ viewport: { width: 320, height: 700 } });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    await page.goto(await world.signInLink("eva", "/console/assessments"));
    await page.click("main button");
    await page.waitForURL(/\/console\/assessments/u);
    await judge(page);
    await page.click("text=Name of anna");
    await judge(page);
    await page.click("text=I take it");
    await page.waitForSelector("text=Rate every competence");
    await judge(page);

    // A talk first: two times of which one is picked in chat.
    await page.click("text=Propose a talk");
    for (const [n, day] of ["24", "25"].entries()) await page.fill(`#time-new-${n}`, `${nextYear}-03-${day}T14:30`);
    await judge(page);
    await page.click("text=Send these times");
    await page.waitForSelector("text=Waiting for an answer");
    await judge(page);
    const { id } = await world.store.db.appointment.findFirstOrThrow();
    await world.deps.appointments.pick("anna", id, Date.UTC(nextYear, 2, 24, 13, 30));
    await page.reload();
    await page.waitForSelector(`h2:has-text("24 Mar ${nextYear}")`);
    await page.click("main summary");
    await judge(page);
    await page.goto(`${world.url}/console/assessments/of-anna`);
    await page.waitForSelector("text=Rate every competence");
    await judge(page);

    // Some now, the rest after a break; one differs from how anna sees herself.
    for (const id of ids.slice(0, 5)) await page.check(`input[name="level.${id}"][value="1"]`);
    await page.click("button[value=save]");
    await page.waitForSelector("text=Saved.");
    expect(await page.locator("input[type=radio]:checked").count()).toBe(5);
    for (const id of ids.slice(5)) await page.check(`input[name="level.${id}"][value="1"]`);
    await page.check('input[name="level.a1"][value="2"]');
    await page.click("button[value=submit]");
    await page.waitForSelector("text=a reason is missing");
    await page.fill("#reason-a1", "Seen in two talks.");
    await page.click("button[value=submit]");
    await page.waitForSelector("text=Your ratings are handed in.");
    await judge(page);
    expect(await page.locator("thead th").allTextContents()).toEqual(["Competence", "self", "first"]);
    expect(await page.locator("tbody tr").count()).toBe(ids.length);

    await page.fill("#why", "The training is not complete yet.");
    await page.click("button[value=refused]");
    await page.waitForSelector("text=Decision: not awarded");
    await judge(page);
    expect(await world.store.db.assessment.findUnique({ where: { id: "of-anna" } })).toMatchObject({
      state: "decided",
      decision: "refused",
      decidedBy: "eva",
    });
    // A browser asks for an icon that nobody has.
    expect(complaints.filter((text) => !text.includes("404"))).toEqual([]);
    await context.close();
  }, 120_000);
});
