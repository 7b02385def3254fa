import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { giveRole } from "../../src/people/grants.ts";
import { type Browser, type ConsoleWorld, startConsole } from "./world.ts";

let world: ConsoleWorld;
let town: string;
let ida: Browser;
beforeEach(async () => {
  world = await startConsole();
  town = await world.organisation("Town");
  await world.member("own", town);
  await world.member("foreign", town);
  await world.store.db.cohort.update({ where: { id: "cohort-foreign" }, data: { programme: "pairs" } });
  for (const person of ["own", "foreign"]) await question(person);
  await world.person("ida");
  const grant = { personId: "ida", organisationId: town, programme: "family-mentor", createdBy: null };
  for (const role of ["coordinator", "admin"] as const) await giveRole(world.store.db, { ...grant, role }, Date.now());
  ida = await world.enter("ida");
});
afterEach(() => world.close());

async function question(personId: string): Promise<void> {
  const at = BigInt(Date.now());
  const place = { organisationId: town, cohortId: `cohort-${personId}` };
  await world.store.db.question.create({
    data: { id: `q-${personId}`, personId, ...place, state: "open", createdAt: at, changedAt: at },
  });
}

describe("a role for one programme", () => {
  test.each(["/console/people", "/console/inbox", "/console/today", "/console/cohorts"])(
    "shows on %s its programme alone",
    async (path) => {
      const { text } = await ida.get(path);
      expect(text).toMatch(/(Name|Cohort) of own/u);
      expect(text).not.toMatch(/(Name|Cohort) of foreign/u);
    },
  );

  test("opens the pages of its own and no others", async () => {
    for (const page of ["people/", "inbox/q-", "cohorts/cohort-"]) {
      expect([page, (await ida.get(`/console/${page}own`)).status]).toEqual([page, 200]);
      expect([page, (await ida.get(`/console/${page}foreign`)).status]).toEqual([page, 404]);
    }
    expect((await ida.post("/console/inbox/q-foreign/answer", { text: "Mine" })).status).toBe(404);
    expect((await ida.post("/console/inbox/q-own/answer", { text: "Mine" })).status).toBe(303);
  });

  test("counts its own in the caseload", async () => {
    expect((await ida.get("/console/caseload")).text).toContain("One person has no coordinator of their own.");
  });

  test("gives no file of everybody, no look at the trail and no word about the organisation", async () => {
    expect((await ida.post("/console/exports", { organisation: town })).status).toBe(404);
    expect((await ida.get(`/console/organisations/${town}`)).status).toBe(404);
    await world.store.db.audit.create({
      data: {
        at: 1n,
        actor: "somebody-else",
        action: "person.see",
        subject: "foreign",
        organisationId: town,
        detail: "{}",
      },
    });
    expect((await ida.get("/console/audit")).text).not.toContain("somebody-else");
  });

  test("gives and takes roles for this programme alone", async () => {
    const { db } = world.store;
    await giveRole(db, { personId: "foreign", role: "trainer", organisationId: town, createdBy: null }, Date.now());
    const list = (await ida.get("/console/roles")).text;
    expect(list).toContain("Name of ida");
    expect(list).not.toContain("Name of foreign");
    const form = { role: "trainer", organisation: town, deputyFor: "", until: "" };
    expect((await ida.post("/console/roles/give/own", { ...form, programme: "" })).status).toBe(404);
    expect((await ida.post("/console/roles/give/own", { ...form, programme: "family-mentor" })).status).toBe(303);
    expect(await db.grant.findMany({ where: { personId: "own" } })).toMatchObject([{ programme: "family-mentor" }]);
  });
});
