import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { competencesOf } from "../../src/domain/framework.ts";
import { project } from "../../src/domain/progress.ts";
import { programmes } from "../support/chat.ts";
import { type Browser, type ConsoleWorld, startConsole } from "./world.ts";

const [programme] = programmes;
const ids = programme?.framework === undefined ? [] : competencesOf(programme.framework).map(({ id }) => id);
const { version = "1" } = programme ?? {};

let world: ConsoleWorld;
let town: string;
beforeAll(async () => {
  world = await startConsole();
  town = await world.organisation("Town");
});
afterAll(() => world.close());

/** Somebody whose assessment for a certificate waits, and who shares how they see themselves. */
async function candidate(id: string, certificate = "level-1"): Promise<string> {
  const { db } = world.store;
  const personId = await world.member(id, town);
  const at = Date.now();
  const levels = Object.fromEntries(ids.map((one) => [one, 1]));
  const entry = { programme: "family-mentor", version, at };
  const state = project(null, [
    { ...entry, type: "self.done", key: "self:1", data: { attempt: "1", framework: "1", levels } },
    { ...entry, type: "self.shared", key: "self.shared:1:1", data: { attempt: "1", shared: true } },
  ]);
  await db.progress.create({ data: { personId, state: JSON.stringify(state) } });
  const times = { createdAt: BigInt(at), changedAt: BigInt(at) };
  const place = { organisationId: town, state: "open", openKey: `${personId}:family-mentor:${certificate}` };
  await db.assessment.create({
    data: {
      id: `of-${id}`,
      personId,
      programme: "family-mentor",
      version,
      certificate,
      firstOutside: false,
      ...place,
      ...times,
    },
  });
  return `/console/assessments/of-${id}`;
}

async function staff(id: string, role: "assessor" | "coordinator" | "admin"): Promise<Browser> {
  await world.person(id);
  await world.grant(id, role, town);
  return world.enter(id);
}

const rated = (levels: number, more: Record<string, string> = {}): Record<string, string> => ({
  ...Object.fromEntries(ids.map((id) => [`level.${id}`, String(levels)])),
  ...more,
});

describe("a decision in the console", () => {
  test("is made from the list to the last word, and shows what was found side by side only then", async () => {
    const path = await candidate("anna");
    const eva = await staff("eva", "assessor");
    const list = await eva.get("/console/assessments");
    expect(list.text).toContain("Name of anna");
    expect((await eva.get("/console/assessments?format=csv")).text).not.toContain("Name of anna");
    await eva.post(`${path}/claim`);
    expect((await eva.get(path)).text).toContain("Rate every competence");

    // A level that differs needs a reason; everything else is kept.
    await eva.post(`${path}/rate`, { ...rated(1, { "level.a1": "2" }), "reason.a1": "", step: "submit" });
    expect((await eva.get(path)).text).toContain("a reason is missing");
    await eva.post(`${path}/rate`, { "level.a1": "2", "reason.a1": "Her phone is 20 30 40 50.", step: "save" });
    expect((await eva.get(path)).text).toContain("Write it without them");
    await eva.post(`${path}/rate`, { "level.a1": "5", step: "save" });
    expect((await eva.get(path)).text).toContain("this level is not on the scale");
    await eva.post(`${path}/rate`, { "level.a1": "2", "reason.a1": "Seen in two talks.", step: "submit" });
    const after = await eva.get(path);
    expect(after.text).toContain("Seen in two talks.");
    expect(after.text).not.toContain("Rate every competence");
    await eva.post(`${path}/rate`, { "level.a1": "1", step: "save" });
    expect((await eva.get(path)).text).toContain("cannot be changed");
    expect(await world.store.db.rating.count({ where: { assessmentId: "of-anna" } })).toBe(ids.length + 1);

    // Much of what the certificate asks for is not there: by the rule nobody awards it.
    expect(after.text).toContain("By the rule it cannot be awarded");
    await eva.post(`${path}/decide`, { verdict: "awarded", text: "I like her." });
    expect((await eva.get(path)).text).toContain("the rule is not met");
    await eva.post(`${path}/decide`, { verdict: "refused", text: "The training is not complete." });
    expect((await eva.get(path)).text).toContain("Decision: not awarded");
    expect(await world.store.db.assessment.findUnique({ where: { id: "of-anna" } })).toMatchObject({
      state: "decided",
    });
    expect(await world.store.db.job.count({ where: { name: "assessmentNews", personId: "anna" } })).toBe(2);
  });

  test("is countersigned by somebody who did not rate, and a coordinator sees how far it is and nothing of it", async () => {
    const path = await candidate("berit", "level-2");
    const [ole, ida, boss] = [
      await staff("ole", "assessor"),
      await staff("ida", "coordinator"),
      await staff("boss", "admin"),
    ];
    await ole.post(`${path}/claim`);
    await ole.post(`${path}/rate`, { ...rated(1), step: "submit" });
    await ole.post(`${path}/decide`, { verdict: "refused", text: "Level 2 was not seen." });
    await ole.post(`${path}/sign`, { agrees: "yes" });
    expect((await ole.get(path)).text).toContain("you had a part in it already");
    const seen = await ida.get(path);
    expect(seen.text).toContain("waits for a second signature");
    expect(seen.text).not.toContain("Level 2 was not seen.");
    expect((await ida.post(`${path}/sign`, { agrees: "yes" })).status).toBe(404);
    await boss.post(`${path}/sign`, { agrees: "no" });
    expect((await ole.get(path)).text).toContain("Somebody decides now.");
    await ole.post(`${path}/decide`, { verdict: "refused", text: "Level 2 was not seen in any talk." });
    await boss.post(`${path}/sign`, { agrees: "yes" });
    expect((await boss.get(path)).text).toContain("Decision: not awarded");
  });

  test("is closed to the person it is about, whatever role they have", async () => {
    const path = await candidate("carl");
    await world.grant("carl", "assessor", town);
    const carl = await world.enter("carl");
    expect((await carl.get(path)).status).toBe(404);
    expect((await carl.post(`${path}/claim`)).status).toBe(404);
    expect((await carl.get("/console/assessments?which=running")).text).toContain("No assessment here.");
  });
});
