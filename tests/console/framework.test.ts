import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createCatalogue } from "../../src/programmes/catalogue.ts";
import { assessed } from "../support/frameworks.ts";
import { type ConsoleWorld, startConsole } from "./world.ts";

const dayMs = 86_400_000;
let world: ConsoleWorld;
let town: string;

beforeEach(async () => {
  world = await startConsole({ catalogue: createCatalogue(assessed, []) });
  town = await world.organisation("Town");
  await world.member("ola", town);
});
afterEach(() => world.close());

/** What the record says of Ola's two attempts. */
async function attempts(sharedAt: number | null): Promise<void> {
  const one = { attempt: "one", at: Date.UTC(2026, 0, 5), framework: "1.0.0", sharedAt, changes: 1 };
  const self = [
    { ...one, levels: { a1: 1, a2: 0, b1: 1, b2: 0 } },
    { ...one, attempt: "two", at: Date.UTC(2026, 4, 5), levels: { a1: 3, a2: 2, b1: 2, b2: 2 } },
  ];
  const ratings = { x: { first: { by: "eva", day: "2026-03-01", levels: { a1: 2 } } } };
  const own = { joinedAt: 0, lessons: {}, saved: [], checks: {}, told: [], self, facts: { ratings } };
  const state = JSON.stringify({ "family-mentor": own });
  await world.store.db.progress.upsert({
    where: { personId: "ola" },
    create: { personId: "ola", state },
    update: { state },
  });
}

async function browserOf(role: "coordinator" | "assessor" | "admin" | "trainer", organisation = town) {
  const id = `${role}-${organisation}`;
  await world.person(id);
  await world.grant(id, role, organisation);
  return world.enter(id);
}

describe("a self-assessment in the console", () => {
  test("is there for coordinators and assessors once it is shared, with a picture and the same in words", async () => {
    await attempts(Date.now());
    for (const role of ["coordinator", "assessor"] as const) {
      const browser = await browserOf(role);
      expect((await browser.get("/console/framework")).text).toContain("Name of ola");
      const { status, text } = await browser.get("/console/framework/ola");
      expect(status).toBe(200);
      expect(text).toContain("Self-assessment of 5 May 2026");
      expect(text).toContain("Own view: level 2 (Independent)");
      expect(text).toContain("it never certifies anything");
      expect(text).toMatch(/A1 Limits<\/td><td class="number">3<\/td><td class="number">2<\/td><td class="number">1</u);
      expect(text).toMatch(/A2 Growth<\/td><td class="number">2<\/td><td class="number">–<\/td><td class="number">0</u);
      expect(text).toContain("<svg");
      expect(/<svg.*<\/svg>/su.exec(text)?.[0]).not.toContain("ola");
      expect(text).toContain("5 Jan 2026: no level yet");
    }
    expect(await world.store.db.audit.count({ where: { action: "self.see", subject: "ola" } })).toBe(2);
    const coordinator = await world.enter(`coordinator-${town}`);
    expect((await coordinator.get("/console/people/ola")).text).toContain('href="/console/framework/ola"');
  });

  test.each([
    ["before it is shared", async () => attempts(null)],
    ["two years after it was shared", async () => attempts(Date.now() - 731 * dayMs)],
    [
      "after the permission was taken back",
      async () => {
        await attempts(Date.now() - dayMs);
        const at = BigInt(Date.now());
        await world.store.db.consent.create({
          data: { personId: "ola", purpose: "assessment", version: "1", given: false, at },
        });
      },
    ],
    [
      "of somebody who has left",
      async () => {
        await attempts(Date.now());
        await world.store.db.membership.updateMany({ data: { state: "left" } });
      },
    ],
  ])("is nobody's %s", async (_when, prepare) => {
    await prepare();
    const entry = { personId: "ola", programme: "family-mentor", version: "1.2.0", data: "{}", at: BigInt(Date.now()) };
    for (const type of ["self.done", "lesson.opened"])
      await world.store.db.record.create({ data: { ...entry, type, key: type } });
    const browser = await browserOf("coordinator");
    const person = (await browser.get("/console/people/ola")).text;
    expect(person).toContain("lesson.opened");
    expect(person).not.toContain("self.done");
    expect((await browser.get("/console/framework")).text).not.toContain("Name of ola");
    expect((await browser.get("/console/framework/ola")).status).toBe(404);
    expect((await browser.get("/console/people/ola")).text).not.toContain("/console/framework/ola");
  });

  test("is neither the admin's nor another town's", async () => {
    await attempts(Date.now());
    const elsewhere = await world.organisation("Elsewhere");
    for (const browser of [await browserOf("admin"), await browserOf("assessor", elsewhere)]) {
      expect((await browser.get("/console/framework/ola")).status).toBe(404);
      expect((await browser.get("/console/framework")).text).not.toContain("Name of ola");
    }
    expect((await (await browserOf("trainer")).get("/console/framework")).status).toBe(404);
  });
});
