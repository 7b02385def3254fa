import { describe, expect, test } from "vitest";
import { setCode } from "../../src/cohorts/cohorts.ts";
import { move, moveTo, setCohortState } from "../../src/cohorts/members.ts";
import { rebuildProgress } from "../../src/jobs/rebuild.ts";
import { isGoodCode } from "../../src/people/codes.ts";
import type { Store } from "../../src/store/types.ts";
import { databaseKinds } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";
import { createWorld, secret, tuesday } from "./world.ts";

const dayMs = 86_400_000;

describe.each(databaseKinds)("joining a cohort, on %s", (kind) => {
  let store: Store;
  let world: ReturnType<typeof createWorld>;
  eachWithStore(kind, (opened) => {
    store = opened;
    world = createWorld(store);
  });

  const stateOf = async (cohortId: string, personId: string) =>
    (await store.db.membership.findUnique({ where: { cohortId_personId: { cohortId, personId } } }))?.state;

  test("the code opens it, in any case; a second time says so and changes nothing", async () => {
    const { id, code } = await world.cohort();
    const anna = await world.learner("anna");
    expect(await isGoodCode(store.db, secret, code.toLowerCase(), tuesday)).toBe(true);
    await anna.type(`join ${code.toLowerCase()}`);
    expect(await world.work(anna)).toContain("You are in Spring. Welcome.");
    expect(await stateOf(id, await anna.id())).toBe("active");
    await anna.type(`join ${code}`);
    expect(await world.work(anna)).toContain("You are in Spring already.");
    expect(await store.db.membership.count()).toBe(1);
    expect(await rebuildProgress(store.db)).toEqual({ persons: 1, changed: 0 });
  });

  test("a deep link welcomes a stranger first and lets them in afterwards", async () => {
    const { id, code } = await world.cohort();
    const bo = world.chat("bo");
    expect(await bo.command("start", `join_${code}`)).toContain("Which language shall we use?");
    await bo.press("English");
    expect(await world.work(bo)).toContain("You are in Spring. Welcome.");
    expect(await stateOf(id, await bo.id())).toBe("active");
  });

  test("an application is sent after the last yes only; the decision comes to the chat", async () => {
    const ticks = { en: ["I am 18 or older.", "I live in the municipality."] };
    const { id, code } = await world.cohort({ joining: "apply", ticks });
    const anna = await world.learner("anna");
    await anna.type(`join ${code}`);
    const asked = await world.work(anna);
    expect(asked).toContain("Spring asks 2 questions");
    expect(asked).toContain("I am 18 or older.");
    expect(await anna.press("Yes")).toContain("I live in the municipality.");
    expect(await stateOf(id, await anna.id())).toBeUndefined();
    await anna.press("Yes");
    expect(await world.work(anna)).toContain("A coordinator decides, and you hear it here.");
    expect(await stateOf(id, await anna.id())).toBe("applied");
    expect((await store.db.membership.findFirstOrThrow()).ticks).toBe(JSON.stringify(ticks.en));
    expect(await move(store.db, { cohortId: id, personId: await anna.id() }, "approve", world.clock.now)).toBe(
      "active",
    );
    expect(await world.work(anna)).toContain("You are in Spring. Welcome.");
  });

  test("a no ends the application and sends nothing; a refusal is told", async () => {
    const { id, code } = await world.cohort({ joining: "apply", ticks: { en: ["I am 18 or older."] } });
    const [anna, bo] = [await world.learner("anna"), await world.learner("bo")];
    await anna.type(`join ${code}`);
    await world.work(anna);
    expect(await anna.press("No")).toContain("Nothing was sent.");
    expect(await store.db.membership.count()).toBe(0);
    await bo.type(`join ${code}`);
    await world.work(bo);
    await bo.press("Yes");
    await world.work(bo);
    const who = { cohortId: id, personId: await bo.id() };
    expect(await move(store.db, who, "refuse", world.clock.now)).toBe("refused");
    expect(await world.work(bo)).toContain("There is no place for you in Spring this time.");
    expect(await move(store.db, who, "refuse", world.clock.now)).toBeUndefined();
    await bo.type(`join ${code}`);
    expect(await world.work(bo)).toContain("There is no place for you in Spring this time.");
  });

  test("where places are taken one waits, and the first who waits gets the place that becomes free", async () => {
    const { id, code } = await world.cohort({ places: 1 });
    const chats = [await world.learner("anna"), await world.learner("bo"), await world.learner("cai")];
    const [anna, bo, cai] = chats as [(typeof chats)[0], (typeof chats)[0], (typeof chats)[0]];
    for (const chat of chats) {
      await chat.type(`join ${code}`);
      await world.work(chat);
      world.clock.now += 1_000;
    }
    expect(await stateOf(id, await bo.id())).toBe("waiting");
    await bo.type(`join ${code}`);
    expect(await world.work(bo)).toContain("You are on the waiting list of Spring already.");
    await move(store.db, { cohortId: id, personId: await anna.id() }, "remove", world.clock.now);
    expect(await world.work(bo)).toContain("You are in Spring. Welcome.");
    expect(await anna.news()).toContain("You are not in Spring any more.");
    expect(await cai.news()).toBe("");
    expect(await stateOf(id, await cai.id())).toBe("waiting");
  });

  test("of many who want the last places at once exactly as many get one as there are", async () => {
    const { id, code } = await world.cohort({ places: 2 });
    const chats = await Promise.all(["a", "b", "c", "d", "e"].map((name) => world.learner(name)));
    await Promise.all(chats.map((chat) => chat.type(`join ${code}`)));
    const { join } = await import("../../src/cohorts/members.ts");
    await Promise.all(
      chats.map(async (chat) => join(store.db, { cohortId: id, personId: await chat.id() }, world.clock.now)),
    );
    expect(await store.db.membership.count({ where: { state: "active" } })).toBe(2);
    expect(await store.db.membership.count({ where: { state: "waiting" } })).toBe(3);
  });

  test("a renewed code replaces the old one, a closed one opens nothing, a finished cohort says what to do", async () => {
    const { id, code } = await world.cohort();
    const anna = await world.learner("anna");
    const fresh = await setCode(store.db, id, true);
    await anna.type(`join ${code}`);
    expect(await world.work(anna)).toContain("This code does not work");
    await setCohortState(store.db, id, "finished", world.clock.now);
    await anna.type(`join ${fresh}`);
    expect(await world.work(anna)).toContain("Ask your coordinator for the code of one that is open.");
    expect(await isGoodCode(store.db, secret, fresh ?? "", tuesday)).toBe(false);
    expect(await setCode(store.db, id, false)).toBeNull();
    expect(await store.db.membership.count()).toBe(0);
  });

  test("an invitation is for one person: used, used by another, too old", async () => {
    const { id } = await world.cohort({ joining: "apply", ticks: { en: ["I am 18 or older."] } });
    const [anna, bo] = [await world.learner("anna"), await world.learner("bo")];
    const code = await world.invitation("ABCDE23456", id);
    await anna.type(`join ${code}`);
    expect(await world.work(anna)).toContain("You are in Spring. Welcome.");
    await anna.type(`join ${code}`);
    expect(await world.work(anna)).toContain("You are in Spring already.");
    await bo.type(`join ${code}`);
    expect(await world.work(bo)).toContain("Somebody has used this invitation already.");
    const old = await world.invitation("ABCDE98765", id);
    world.clock.now += 8 * dayMs;
    await bo.type(`join ${old}`);
    expect(await world.work(bo)).toContain("This invitation is too old.");
    expect(await stateOf(id, await bo.id())).toBeUndefined();
  });

  test("an invitation to a role gives it in its organisation", async () => {
    const lead = await world.learner("lead");
    await lead.type(`join ${await world.invitation("ABCDE22222", null, "coordinator")}`);
    expect(await world.work(lead)).toContain("registered as: coordinator");
    expect(await store.db.grant.findMany()).toMatchObject([{ role: "coordinator", organisationId: "root" }]);
  });

  test("a calendar opens one lesson after the other, and nobody is reminded of a closed one", async () => {
    const { code } = await world.cohort({ pace: { kind: "drip", from: "2026-03-09", every: 7 } });
    const anna = await world.learner("anna", "Monday to Friday");
    await anna.press("08:00").catch(() => anna.type("10:00"));
    await anna.type(`join ${code}`);
    const told = await world.work(anna);
    expect(told).toContain("It begins on Monday 9 March.");
    expect(told).toContain("A lesson opens every 7 days.");
    expect(await anna.command("next")).toContain("The next lesson opens on Monday 9 March.");
    expect(await anna.reminded()).toBe("");
    world.clock.now = Date.UTC(2026, 2, 8, 22, 59);
    expect(await anna.command("next")).toContain("The next lesson opens on");
    world.clock.now = Date.UTC(2026, 2, 8, 23, 0);
    expect(await anna.command("next")).toContain("Lesson 1 of");
  });

  test("a paused cohort reminds nobody; going on brings the reminders back", async () => {
    const { id, code } = await world.cohort();
    const anna = await world.learner("anna", "Monday to Friday");
    await anna.type("10:00");
    await anna.type(`join ${code}`);
    await world.work(anna);
    await setCohortState(store.db, id, "running", world.clock.now);
    await setCohortState(store.db, id, "paused", world.clock.now);
    expect(await world.work(anna)).toContain("Spring is paused.");
    expect(await anna.reminded()).toBe("");
    await setCohortState(store.db, id, "running", world.clock.now);
    expect(await world.work(anna)).toContain("Spring goes on.");
    expect(await anna.reminded()).not.toBe("");
  });

  test("a finished cohort makes alumni; whoever waited hears that it is over", async () => {
    const { id, code } = await world.cohort({ places: 1 });
    const [anna, bo] = [await world.learner("anna"), await world.learner("bo")];
    for (const chat of [anna, bo]) {
      await chat.type(`join ${code}`);
      await world.work(chat);
    }
    await setCohortState(store.db, id, "finished", world.clock.now);
    expect(await world.work(anna)).toContain("Spring has ended.");
    expect(await bo.news()).toContain("There is no place for you in Spring this time.");
    expect(await stateOf(id, await anna.id())).toBe("alumni");
    expect(await stateOf(id, await bo.id())).toBe("refused");
  });

  test("whoever is moved is told where they are, once", async () => {
    const [from, to] = [await world.cohort(), await world.cohort({ name: "Autumn" })];
    const anna = await world.learner("anna");
    await anna.type(`join ${from.code}`);
    await world.work(anna);
    const who = { cohortId: from.id, personId: await anna.id() };
    expect(await moveTo(store.db, who, to.id, world.clock.now)).toBe("active");
    expect(await world.work(anna)).toBe("You are in Autumn. Welcome.");
    expect(await stateOf(from.id, who.personId)).toBe("left");
    expect(await moveTo(store.db, who, to.id, world.clock.now)).toBeUndefined();
  });
});
