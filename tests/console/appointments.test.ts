import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { rootId } from "../../src/people/standing.ts";
import { programmes } from "../support/chat.ts";
import { createDatabase, databaseKinds } from "../support/databases.ts";
import { type Browser, type ConsoleWorld, startConsole } from "./world.ts";

/** Tuesday, 3 March 2026, 10:00 in Copenhagen. */
const tuesday = Date.UTC(2026, 2, 3, 9);
const [programme] = programmes;

describe.each(databaseKinds)("appointments in the console, on %s", (kind) => {
  let world: ConsoleWorld;
  let town: string;
  const clock = { now: tuesday };
  beforeEach(async () => {
    clock.now = tuesday;
    world = await startConsole({ database: await createDatabase(kind), now: () => clock.now });
    town = await world.organisation("Town");
  });
  afterEach(() => world.close());

  async function staff(id: string, role: "assessor" | "coordinator", timeZone = "Europe/Copenhagen"): Promise<Browser> {
    await world.person(id);
    await world.store.db.person.update({ where: { id }, data: { timeZone } });
    await world.grant(id, role, town);
    return world.enter(id);
  }

  /** Anna in New York, whom Eva assesses; gives the page of the assessment. */
  async function assessed(by = "eva"): Promise<string> {
    const { db } = world.store;
    await world.member("anna", town);
    await db.person.update({ where: { id: "anna" }, data: { timeZone: "America/New_York" } });
    const at = BigInt(clock.now);
    await db.assessment.create({
      data: {
        ...{ id: "of-anna", personId: "anna", programme: "family-mentor", version: programme?.version ?? "" },
        ...{ certificate: "level-1", organisationId: town, state: "claimed", openKey: "anna:family-mentor:level-1" },
        ...{ claimedBy: by, claimedAt: at, firstOutside: false, createdAt: at, changedAt: at },
      },
    });
    return "/console/assessments/of-anna";
  }

  const one = () => world.store.db.appointment.findFirstOrThrow();
  const proposal = (times: readonly string[], seen: number): URLSearchParams => {
    const fields = new URLSearchParams({ kind: "assessment", about: "of-anna", place: "online", seen: String(seen) });
    for (const time of times) fields.append("time", time);
    return fields;
  };

  test("times are proposed from the assessment's page, by the assessor's own clock, and shown by both", async () => {
    const eva = await staff("eva", "assessor");
    const page = await assessed();
    expect((await eva.get(page)).text).toContain("Times are by your clock (Europe/Copenhagen).");
    await eva.send("/console/appointments/propose", proposal(["2026-03-24T14:30", "2026-03-31T14:30", ""], -1));
    expect(await one()).toMatchObject({
      ...{ personId: "anna", withId: "eva", state: "proposed", minutes: 30 },
      proposed: JSON.stringify([Date.UTC(2026, 2, 24, 13, 30), Date.UTC(2026, 2, 31, 12, 30)]),
    });
    const list = (await eva.get("/console/appointments")).text;
    expect(list).toContain("The times were sent.");
    expect(list).toContain("Waiting for an answer");
    expect(list).toContain("24 Mar 2026, 14:30 (For Name of anna: 24 Mar 2026, 09:30)");
    expect(list).toContain("31 Mar 2026, 14:30 (For Name of anna: 31 Mar 2026, 08:30)");
    expect((await eva.get(page)).text).toContain("24 Mar 2026, 14:30");
    const jobs = await world.store.db.job.findMany({ where: { name: "appointmentNews" } });
    expect(jobs.map(({ personId }) => personId).sort()).toEqual(["anna", "eva"]);
    expect(await world.store.db.audit.findFirst({ where: { action: "appointment.propose" } })).toMatchObject({
      ...{ actor: "eva", subject: "anna" },
    });
  });

  test.each([
    ["left out in spring", "2026-03-29T02:30", Date.UTC(2026, 2, 29, 1, 30)],
    ["there twice in autumn", "2026-10-25T02:30", Date.UTC(2026, 9, 25, 0, 30)],
    ["a day before winter time", "2026-10-24T09:00", Date.UTC(2026, 9, 24, 7)],
    ["a day after it", "2026-10-26T09:00", Date.UTC(2026, 9, 26, 8)],
  ])("a time that is %s", async (_name, typed, expected) => {
    const eva = await staff("eva", "assessor");
    await assessed();
    await eva.send("/console/appointments/propose", proposal([typed], -1));
    expect((await one()).proposed).toBe(JSON.stringify([expected]));
  });

  test("what the learner answers in chat meanwhile is not written over by an older page", async () => {
    const eva = await staff("eva", "assessor");
    await assessed();
    await eva.send("/console/appointments/propose", proposal(["2026-03-24T14:30"], -1));
    const { id, sequence } = await one();
    await world.deps.appointments.pick("anna", id, Date.UTC(2026, 2, 24, 13, 30));
    await eva.send("/console/appointments/propose", proposal(["2026-03-25T14:30"], sequence));
    const told = (await eva.get("/console/appointments")).text;
    expect(told).toContain("it was changed meanwhile. This is how it stands now.");
    await eva.post(`/console/appointments/${id}/cancel`, { seen: String(sequence) });
    expect(await one()).toMatchObject({ state: "fixed", startsAt: BigInt(Date.UTC(2026, 2, 24, 13, 30)) });
    // Who looks again decides anew.
    await eva.send("/console/appointments/propose", proposal(["2026-03-25T14:30"], sequence + 1));
    expect(await one()).toMatchObject({ state: "moved", sequence: sequence + 2 });
  });

  test("is listed by day when it is agreed, called off by either, and held after its time", async () => {
    const eva = await staff("eva", "assessor");
    await assessed();
    await eva.send("/console/appointments/propose", proposal(["2026-03-24T14:30"], -1));
    const { id } = await one();
    const at = Date.UTC(2026, 2, 24, 13, 30);
    await world.deps.appointments.pick("anna", id, at);
    const list = (await eva.get("/console/appointments")).text;
    expect(list).toContain("<h2>24 Mar 2026</h2>");
    expect(list).not.toContain("It took place");
    clock.now = at + 60_000;
    expect((await eva.get("/console/appointments")).text).toContain("It took place");
    await eva.post(`/console/appointments/${id}/held`, { seen: "1" });
    expect(await one()).toMatchObject({ state: "held" });
    expect((await eva.get("/console/appointments")).text).toContain("No appointments ahead.");
    await eva.post(`/console/appointments/${id}/cancel`, { seen: "2" });
    expect((await eva.get("/console/appointments")).text).toContain("Not done: it is over.");
  });

  test("whoever is asked picks here too, where they have a role of their own", async () => {
    const eva = await staff("eva", "assessor");
    await assessed();
    await world.grant("anna", "coordinator", town);
    const anna = await world.enter("anna");
    await eva.send("/console/appointments/propose", proposal(["2026-03-24T14:30", "2026-03-25T14:30"], -1));
    const { id } = await one();
    const list = (await anna.get("/console/appointments")).text;
    expect(list).toContain("24 Mar 2026, 09:30");
    expect(list).not.toContain("/console/assessments/of-anna");
    await anna.post(`/console/appointments/${id}/pick`, { seen: "0", at: String(Date.UTC(2026, 2, 25, 13, 30)) });
    expect(await one()).toMatchObject({ state: "fixed", startsAt: BigInt(Date.UTC(2026, 2, 25, 13, 30)) });
  });

  test("a coordinator sees that there is one and changes nothing; elsewhere nobody sees it", async () => {
    const eva = await staff("eva", "assessor");
    const page = await assessed();
    const ida = await staff("ida", "coordinator");
    await eva.send("/console/appointments/propose", proposal(["2026-03-24T14:30"], -1));
    const { id } = await one();
    const seen = (await ida.get("/console/appointments")).text;
    expect(seen).toContain("Name of anna with Name of eva");
    expect(seen).not.toContain(`/console/appointments/${id}`);
    expect((await ida.get("/console/people/anna")).text).toContain('href="/console/appointments?person=anna"');
    expect((await ida.get("/console/appointments?person=nobody")).text).toContain("No appointments ahead.");
    expect((await ida.get(page)).text).not.toContain("24 Mar 2026");
    for (const step of ["cancel", "held", "pick"])
      expect((await ida.post(`/console/appointments/${id}/${step}`, { seen: "0", at: "none" })).status).toBe(404);
    expect((await ida.send("/console/appointments/propose", proposal(["2026-03-26T14:30"], 0))).status).toBe(404);
    const elsewhere = await world.organisation("Elsewhere", rootId);
    await world.person("omar");
    await world.grant("omar", "coordinator", elsewhere);
    expect((await (await world.enter("omar")).get("/console/appointments")).text).not.toContain("Name of anna");
    expect(await one()).toMatchObject({ state: "proposed", sequence: 0 });
  });
});
