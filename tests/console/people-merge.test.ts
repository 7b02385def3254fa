import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { emptySession } from "../../src/engine/session.ts";
import { type Browser, type ConsoleWorld, startConsole } from "./world.ts";

let world: ConsoleWorld;
let town: string;
let ida: Browser;
beforeEach(async () => {
  world = await startConsole();
  town = await world.organisation("Town");
  await world.member("anna", town);
  await world.member("anna-too", town);
  await world.person("ida");
  await world.grant("ida", "coordinator", town);
  ida = await world.enter("ida");
});
afterEach(() => world.close());

const people = async () => (await world.store.db.person.findMany()).map(({ id }) => id).sort();
const undoId = async () => (await world.store.db.undo.findFirst())?.id ?? "";

describe("two records of one person", () => {
  test("are found by name, seen side by side, joined and parted again; the trail says so", async () => {
    const page = (await ida.get("/console/people/anna")).text;
    expect(page).toContain('href="/console/people/anna/merge"');
    const found = (await ida.get("/console/people/anna/merge")).text;
    expect(found).toContain("Name of anna-too");
    expect(found.match(/merge\?other=/gu)).toHaveLength(1);
    const both = (await ida.get("/console/people/anna/merge?other=anna-too")).text;
    expect(both).toContain("Comes to it: Name of anna-too");
    const done = await ida.post("/console/people/anna/merge", { other: "anna-too" });
    const after = (await ida.get(done.headers.get("location") ?? "")).text;
    expect(after).toContain("The two records are one.");
    expect(await people()).toEqual(["anna", "ida"]);
    expect(await world.store.db.membership.count({ where: { personId: "anna" } })).toBe(2);

    const id = await undoId();
    expect(after).toContain(`action="/console/merges/${id}/undo"`);
    await ida.post(`/console/merges/${id}/undo`);
    expect((await ida.get("/console/people/anna/merge")).text).toContain("They are two records again.");
    expect(await people()).toEqual(["anna", "anna-too", "ida"]);
    expect(await world.store.db.membership.count({ where: { personId: "anna-too" } })).toBe(1);
    await ida.post(`/console/merges/${id}/undo`);
    expect((await ida.get("/console/people/anna/merge")).text).toContain("it was undone already");
    const trail = await world.store.db.audit.findMany({ where: { actor: "ida", action: { contains: "merge" } } });
    expect(trail.map(({ action, subject }) => [action, subject])).toEqual([
      ["person.merge", "anna"],
      ["person.unmerge", "anna"],
      ["person.unmerge", "anna-too"],
    ]);
  });

  test("are not joined across a place that is not the coordinator's, nor with somebody who has a role", async () => {
    const elsewhere = await world.organisation("Elsewhere");
    await world.member("foreign", elsewhere);
    await world.member("both-places", town);
    const at = BigInt(Date.now());
    const second = { cohortId: "cohort-foreign", personId: "both-places", organisationId: elsewhere };
    await world.store.db.membership.create({
      data: { id: "second", ...second, state: "active", ticks: "[]", joinedAt: at, changedAt: at },
    });
    await world.member("trainer", town);
    await world.grant("trainer", "admin", town);
    await world.member("named", town);
    await world.store.db.person.update({ where: { id: "named" }, data: { roles: '["coordinator"]' } });
    const before = await people();
    for (const other of ["foreign", "both-places", "trainer", "named", "ida", "anna", "nobody"]) {
      expect([other, (await ida.post("/console/people/anna/merge", { other })).status]).toEqual([other, 404]);
      expect([other, (await ida.post(`/console/people/${other}/merge`, { other: "anna" })).status]).toEqual([
        other,
        404,
      ]);
      const page = (await ida.get(`/console/people/anna/merge?other=${other}`)).text;
      expect(page).toContain("These two cannot become one here.");
    }
    expect(await people()).toEqual(before);
  });

  test("stay two where one of them writes at this moment", async () => {
    const { mergePersons } = world.store;
    Object.assign(world.store, {
      mergePersons: async (...given: Parameters<typeof mergePersons>) => {
        await world.store.db.session.create({
          data: { personId: "anna", rev: 1, state: JSON.stringify(emptySession) },
        });
        return mergePersons(...given);
      },
    });
    const done = await ida.post("/console/people/anna/merge", { other: "anna-too" });
    expect(done.status).toBe(303);
    expect((await ida.get("/console/people/anna")).text).toContain("one of the two was writing just now");
    expect(await people()).toEqual(["anna", "anna-too", "ida"]);
    expect(await world.store.db.undo.count()).toBe(0);
  });
});
