import { describe, expect, test } from "vitest";
import { nextMonday } from "../../src/domain/clock-week.ts";
import type { Store } from "../../src/store/types.ts";
import { caseloads } from "../../src/supervision/caseload.ts";
import { membersOf, phaseOf } from "../../src/supervision/members.ts";
import { whyGone } from "../../src/supervision/reasons.ts";
import { databaseKinds } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";
import { createWorld } from "./world.ts";

const dayMs = 86_400_000;

describe.each(databaseKinds)("who is looked after, on %s", (kind) => {
  let store: Store;
  let world: Awaited<ReturnType<typeof createWorld>>;
  eachWithStore(kind, async (opened) => {
    store = opened;
    world = await createWorld(store);
  });

  test("every coordinator has a number, zero too, and whoever is silent for too long counts", async () => {
    const odense = await world.organisation("Odense");
    const [ida, per] = [
      await world.staff("ida", "coordinator", odense),
      await world.staff("per", "coordinator", odense),
    ];
    const [anna, bo, eva] = [await world.learner("anna"), await world.learner("bo"), await world.learner("eva")];
    await world.member(anna, odense, { caredBy: await ida.id() });
    await world.member(bo, odense, { caredBy: await ida.id() });
    await world.member(eva, odense);
    world.clock.now += 13 * dayMs;
    await bo.type("menu");
    await world.ask(bo, "Which room?");
    world.clock.now += dayMs;
    const members = await membersOf(world.db, [odense], world.clock.now);
    expect(members.map(({ silentDays, due }) => [silentDays, due])).toEqual([
      [14, true],
      [1, false],
      [14, true],
    ]);
    const { coordinators, nobody } = await caseloads(world.db, [odense], members, world.clock.now);
    const byName = new Map(
      coordinators.map(({ name, members: own, silent, openQuestions }) => [name, [own, silent, openQuestions]]),
    );
    expect(byName.get("Name of ida")).toEqual([2, 1, 1]);
    expect(byName.get("Name of per")).toEqual([0, 0, 0]);
    expect(nobody).toBe(1);
    expect(await per.id()).not.toBe(await ida.id());
  });

  test("a cohort's own rhythm counts, by phase", async () => {
    const odense = await world.organisation("Odense");
    const anna = await world.learner("anna");
    await world.member(anna, odense);
    const due = async () => (await membersOf(world.db, [odense], world.clock.now)).map((member) => member.due);
    world.clock.now += 6 * dayMs;
    expect(await due()).toEqual([false]);
    await world.db.cohort.update({
      where: { id: "spring" },
      data: { pace: '{"kind":"own","checkIns":{"running":5}}' },
    });
    expect(await due()).toEqual([true]);
    await world.db.cohort.update({ where: { id: "spring" }, data: { startsOn: "2026-04-01" } });
    expect(await due()).toEqual([false]);
  });

  test("on Monday at their own hour coordinators hear what waits; nothing is said where nothing waits, unless they ask", async () => {
    const odense = await world.organisation("Odense");
    const ida = await world.staff("ida", "coordinator", odense);
    const boss = await world.staff("boss", "admin");
    const anna = await world.learner("anna");
    await world.member(anna, odense);
    await ida.type("digest");
    await world.work();
    expect(await ida.news()).toContain("All is well. Nothing waits for you. One learner is active.");

    const monday = Date.parse("2026-03-09T09:00+01:00");
    world.clock.now = monday - 1;
    await world.work();
    expect(await ida.news()).toBe("");
    world.clock.now = monday;
    await world.work();
    expect(await ida.news()).toBe("");

    world.clock.now += dayMs;
    await world.ask(anna, "Which room?");
    await ida.news();
    world.clock.now = monday + 7 * dayMs;
    await world.work();
    expect(await ida.news()).toContain(
      "Your week. One learner is active. This waits for you:\nOne question without an answer",
    );
    expect(await boss.news()).toContain("Nobody has answered Name of anna yet.");
    await anna.type("digest");
    expect(await anna.news()).toBe("");
  });

  test("whoever stopped all messages gets no digest", async () => {
    const ida = await world.staff("ida", "coordinator");
    const anna = await world.learner("anna");
    await ida.type("menu");
    await world.ask(anna, "Which room?");
    await ida.command("stop");
    world.clock.now = Date.parse("2026-03-09T09:00+01:00");
    await world.work();
    expect(await ida.news()).not.toContain("Your week");
  });
});

describe("facts", () => {
  test.each([
    ["2026-03-03T10:00+01:00", "2026-03-09T09:00+01:00"],
    ["2026-03-09T08:59+01:00", "2026-03-09T09:00+01:00"],
    ["2026-03-09T09:00+01:00", "2026-03-16T09:00+01:00"],
    ["2026-03-27T12:00+01:00", "2026-03-30T09:00+02:00"],
  ])("the Monday after %s", (now, monday) => {
    expect(nextMonday(Date.parse(now), "Europe/Copenhagen", "09:00")).toBe(Date.parse(monday));
  });

  test("the phases of a cohort", () => {
    const cohort = { startsOn: "2026-03-01", endsOn: "2026-06-30" };
    const phases = ["2026-02-28", "2026-03-01", "2026-03-29", "2026-06-30", "2026-07-01"].map((day) =>
      phaseOf(cohort, Date.parse(`${day}T12:00Z`)),
    );
    expect(phases).toEqual(["before", "beginning", "running", "running", "after"]);
    expect(phaseOf({ startsOn: null, endsOn: null }, 0)).toBe("running");
  });

  test.each([
    ["403 bot was blocked by the user", "blocked"],
    ["403 user is deactivated", "closed"],
    ["account_inactive", "closed"],
    ["unsubscribed", "unsubscribed"],
    ["550 5.1.1", "mailbox"],
    ["403", "left"],
    [null, "unknown"],
  ])("%s means %s", (code, reason) => {
    expect(whyGone(null, code)).toBe(reason);
  });

  test("what is kept with an address says more than a code", () => {
    const kept = ["blocked", "uninstalled", "left", "deactivated", null].map((reason) => whyGone(reason, "550 5.1.1"));
    expect(kept).toEqual(["blocked", "uninstalled", "left", "closed", "mailbox"]);
  });
});
