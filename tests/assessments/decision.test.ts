import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Store } from "../../src/store/types.ts";
import { createDatabase, type TestDatabase } from "../support/databases.ts";
import { asking, createWorld, ids } from "./world.ts";

let database: TestDatabase;
let store: Store;
beforeEach(async () => {
  database = await createDatabase("sqlite");
  store = await database.open();
});
afterEach(() => database.drop());

describe("one assessor in chat alone", () => {
  test("takes, rates in any order, corrects, hands in and decides; the learner hears each step and gets each rating once", async () => {
    const world = await createWorld(store, asking({ assessors: 1 }));
    const odense = await world.organisation("Odense");
    const anna = await world.candidate("anna", odense, { self: 1 });
    const eva = await world.staff("eva", "assessor", odense);

    expect(await world.command(eva, "queue")).toContain("No assessment waits for you.");
    expect(await world.command(anna, "assessment")).toContain("You can ask for it now");
    expect(await world.press(anna, "Ask for it")).toContain("It waits for an assessor.");
    expect(await world.command(anna, "assessment", "ask")).toContain("an assessment is under way already");

    expect(await world.command(eva, "queue")).toContain("1. Name of anna");
    const seen = await world.press(eva, "Open 1");
    expect(seen).toContain("Their self-assessment is shared");
    expect(seen).toContain("Confirmed:");
    expect(await world.press(eva, "I take it")).toContain(`0 of ${ids.length}`);
    expect(await anna.news()).toContain("An assessor has begun");

    // Any order: the third competence first, by the letter of its place.
    expect(await world.type(eva, "C")).toContain(`(3 of ${ids.length})`);
    // Level 2 differs from how anna sees herself.
    expect(await world.type(eva, "2")).toContain("You found 2, the person says 1");
    expect(await world.type(eva, "She showed it with two families at once.")).toContain(`(4 of ${ids.length})`);
    expect(await world.type(eva, "9")).toContain("this level is not on the scale");
    for (let n = 0; n < ids.length - 2; n += 1) await world.type(eva, "1");
    // Weeks later, the last one is still open.
    world.clock.now += 20 * 86_400_000;
    await world.command(eva, "queue");
    expect(await world.press(eva, "Open 1")).toContain("An assessor has it.");
    expect(await world.press(eva, "Rate")).toContain(`${ids.length - 1} of ${ids.length}`);
    expect(await world.type(eva, "B")).toContain(`(2 of ${ids.length})`);
    const full = await world.type(eva, "0");
    expect(full).toContain("the person says 1");
    expect(await world.type(eva, "Not yet seen in any visit.")).toContain("Everything has a level");
    await world.type(eva, "B");
    expect(await world.type(eva, "1")).toContain("Everything has a level");
    expect(await anna.news()).toBe("");

    const handed = await world.press(eva, "Hand in");
    expect(handed).toContain("Your ratings are handed in.");
    expect(handed).toContain("The rule proposes: award.");
    await world.press(eva, "Award");
    expect(await world.type(eva, "All of it was seen in practice.")).toContain("Your decision is kept.");

    const heard = await anna.news();
    expect(heard).toContain("The certificate is awarded to you.");
    expect(heard).toContain("Reason: All of it was seen in practice.");
    const shown = await world.command(anna, "assessment");
    expect(shown).toContain("self 1 · first 2");
    expect(await world.press(anna, "Reasons")).toContain("She showed it with two families at once.");

    const records = await store.db.record.findMany({ where: { personId: await anna.id(), type: "rating" } });
    expect(records).toHaveLength(ids.length);
    expect(records[0]?.key).toMatch(/^rating:.+:first:a1$/u);
    const [row] = await store.db.assessment.findMany();
    expect(row).toMatchObject({ state: "decided", decision: "awarded", openKey: null, claimedBy: await eva.id() });
    const kept = await store.db.rating.findMany();
    expect(kept.length).toBe(ids.length + 1);
    expect(kept.some(({ reason }) => reason && Buffer.from(reason).toString().includes("families"))).toBe(false);
    // The award is a job of its own, once.
    expect(await world.awards()).toEqual([row?.id]);
  });
});
