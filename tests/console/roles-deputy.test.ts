import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { responsibleFor } from "../../src/inbox/responsible.ts";
import { giveRole } from "../../src/people/grants.ts";
import { type Browser, type ConsoleWorld, startConsole } from "./world.ts";

const dayMs = 86_400_000;
const day = (from: number, days: number): string => new Date(from + days * dayMs).toISOString().slice(0, 10);

let world: ConsoleWorld;
let clock: { now: number };
let town: string;
let city: string;
beforeEach(async () => {
  clock = { now: Date.now() };
  world = await startConsole({ now: () => clock.now });
  [town, city] = [await world.organisation("Town"), await world.organisation("City")];
  for (const name of ["ida", "per", "lea"]) await world.person(name);
  await world.grant("ida", "coordinator", town);
  await world.grant("per", "trainer", town);
  await world.grant("lea", "coordinator", city);
});
afterEach(() => world.close());

const deputies = () => world.store.db.grant.findMany({ where: { role: "deputy" } });

describe("a deputy whom an administrator names", () => {
  let admin: Browser;
  beforeEach(async () => {
    await world.person("boss");
    await world.grant("boss", "admin", town);
    await world.member("anna", town);
    admin = await world.enter("boss");
  });
  const give = (changes: Record<string, string>) =>
    admin.post("/console/roles/give/anna", {
      role: "deputy",
      organisation: town,
      programme: "",
      deputyFor: "ida",
      until: day(clock.now, 5),
      ...changes,
    });

  test("stands in for a coordinator there", async () => {
    await give({});
    expect(await deputies()).toMatchObject([{ personId: "anna", deputyFor: "ida", organisationId: town }]);
    expect((await world.store.db.audit.findFirst({ where: { action: "role.give" } }))?.detail).toContain("ida");
  });

  test("is not named for somebody who is no coordinator, who is one elsewhere or above, or for themselves", async () => {
    await world.person("top");
    await world.grant("top", "coordinator");
    await world.grant("anna", "coordinator", town);
    for (const deputyFor of ["per", "lea", "top", "anna", "nobody"]) {
      await give({ deputyFor });
      expect([deputyFor, await deputies()]).toEqual([deputyFor, []]);
    }
    expect((await admin.get("/console/roles/give/anna")).text).not.toContain("Name of lea");
  });

  test("gets no more than the coordinator has", async () => {
    const { db } = world.store;
    await db.grant.deleteMany({ where: { personId: "ida" } });
    const grant = { personId: "ida", role: "coordinator", organisationId: town, createdBy: null } as const;
    await giveRole(db, { ...grant, programme: "family-mentor" }, clock.now);
    await give({});
    expect(await deputies()).toEqual([]);
    await give({ programme: "family-mentor" });
    expect(await deputies()).toHaveLength(1);
  });
});

describe("a deputy of one's own", () => {
  test("gets the questions until the last day, and not a moment longer", async () => {
    const { db } = world.store;
    const ida = await world.enter("ida");
    const page = (await ida.get("/console/deputy")).text;
    expect(page).toContain("Name of per");
    expect(page).not.toContain("Name of lea");
    await ida.post("/console/deputy", { person: "per", until: day(clock.now, 3) });
    expect((await ida.get("/console/deputy")).text).toContain("Name of per stands in for you in Town until");
    expect(world.told.at(-1)?.input).toMatchObject({ name: "roles", data: { role: "deputy", given: true } });
    const place = { organisationId: town, caredBy: "ida", programme: "family-mentor" };
    expect(await responsibleFor(db, place, clock.now)).toEqual(["per"]);
    expect(await responsibleFor(db, place, clock.now + 5 * dayMs)).toEqual(["ida"]);
    const [grant] = await deputies();
    await ida.post(`/console/deputy/${grant?.id}/end`);
    expect(await responsibleFor(db, place, clock.now)).toEqual(["ida"]);
    const trail = await db.audit.findMany({ where: { actor: "ida", subject: "per" } });
    expect(trail.map(({ action }) => action)).toEqual(["role.give", "role.take"]);
  });

  test("is a colleague, for a time that lies ahead, and nobody else ends it", async () => {
    const ida = await world.enter("ida");
    for (const fields of [
      { person: "lea", until: day(clock.now, 3) },
      { person: "ida", until: day(clock.now, 3) },
      { person: "per", until: day(clock.now, -1) },
      { person: "per", until: day(clock.now, 800) },
      { person: "per", until: "soon" },
    ])
      await ida.post("/console/deputy", fields);
    expect(await deputies()).toEqual([]);
    await ida.post("/console/deputy", { person: "per", until: day(clock.now, 3) });
    const [grant] = await deputies();
    const lea = await world.enter("lea");
    expect((await lea.post(`/console/deputy/${grant?.id}/end`)).status).toBe(404);
    expect(await deputies()).toHaveLength(1);
  });
});
