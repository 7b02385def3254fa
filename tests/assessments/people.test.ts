import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { appeal, ask, withdraw } from "../../src/assessments/ask.ts";
import { countersign, decide } from "../../src/assessments/decide.ts";
import { claim, giveBack, rate, submit } from "../../src/assessments/steps.ts";
import type { Outcome } from "../../src/assessments/types.ts";
import { appealMs } from "../../src/domain/assessment.ts";
import { rootId } from "../../src/people/standing.ts";
import type { Store } from "../../src/store/types.ts";
import { createDatabase, databaseKinds, type TestDatabase } from "../support/databases.ts";
import { asking, createWorld, ids } from "./world.ts";

const day = 86_400_000;
const why = (outcome: Outcome): string => (outcome.ok ? "done" : outcome.why);

describe.each(databaseKinds)("assessment by several people, on %s", (kind) => {
  let database: TestDatabase;
  let store: Store;
  beforeEach(async () => {
    database = await createDatabase(kind);
    store = await database.open();
  });
  afterEach(() => database.drop());

  /** What an assessor sees first of what waits for them. */
  const open = async (world: World, who: Parameters<World["press"]>[0]): Promise<string> => {
    await world.command(who, "queue");
    return world.press(who, "Open 1");
  };
  type World = Awaited<ReturnType<typeof createWorld>>;
  async function rateAll(world: World, me: string, id: string, level: number): Promise<void> {
    for (const competence of ids) expect(why(await rate(world.deps, me, { id, competence, level }))).toBe("done");
    expect(why(await submit(world.deps, me, id))).toBe("done");
  }

  test("two rate blindly, one of them from outside; a third signs, and the refusal is appealed to a fourth", async () => {
    const world = await createWorld(store, asking({ assessors: 2, external: true, countersign: true }));
    const [odense, aarhus] = [await world.organisation("Odense"), await world.organisation("Aarhus")];
    const anna = await world.candidate("anna", odense);
    const [eva, ole, pia] = [
      await world.staff("eva", "assessor", odense),
      await world.staff("ole", "assessor", odense),
      await world.staff("pia", "assessor", aarhus),
    ];
    const [boss, kim] = [await world.staff("boss", "admin", odense), await world.staff("kim", "assessor", odense)];
    await world.command(anna, "assessment", "ask");
    const [row] = await store.db.assessment.findMany();
    const id = row?.id ?? "";

    await open(world, eva);
    await world.press(eva, "I take it");
    await rateAll(world, await eva.id(), id, 1);
    // Whoever is from Odense cannot have the second seat.
    expect(await world.command(ole, "queue")).toContain("No assessment waits for you.");
    expect(why(await claim(world.deps, await ole.id(), id))).toBe("external");
    expect(await world.command(eva, "queue")).toContain("No assessment waits for you.");
    const seen = await open(world, pia);
    expect(seen).toContain("It waits for a second assessor");
    expect(seen).not.toContain("first 1");
    await world.press(pia, "I take it");
    // Asks for more; the person adds it, and it comes back.
    await world.press(pia, "Ask for more");
    await world.type(pia, "Add one example of a first talk.");
    expect(await anna.news()).toContain("Add one example of a first talk.");
    expect(why(await rate(world.deps, await pia.id(), { id, competence: "a1", level: 1 }))).toBe("turn");
    expect(await world.press(anna, "I have added it")).toContain("It goes back to the same assessor.");
    expect(await pia.news()).toContain("What you asked for was added.");
    await rateAll(world, await pia.id(), id, 0);
    const all = await open(world, eva);
    expect(all).toContain("first 1 · second 0");
    expect(all).toContain("By the rule it cannot be awarded.");
    await world.press(eva, "Do not award");
    await world.type(eva, "Two of us did not both find the level.");
    expect(await anna.news()).not.toContain("Decided");
    for (const one of [eva, pia]) expect(why(await countersign(world.deps, await one.id(), id, true))).not.toBe("done");
    await open(world, boss);
    await world.press(boss, "Countersign");
    const heard = await anna.news();
    expect(heard).toContain("is not awarded this time");
    expect(heard).toContain("You can appeal until");
    expect(await world.command(anna, "assessment")).toContain("first 1 · second 0");

    await world.press(anna, "Appeal");
    expect(await world.type(anna, "My second talk was not looked at.")).toContain("Your appeal is there.");
    const again = await store.db.assessment.findFirstOrThrow({ where: { appealOf: id } });
    for (const one of [eva, boss])
      expect(why(await claim(world.deps, await one.id(), again.id)), "took part before").not.toBe("done");
    expect(await open(world, kim)).toContain("My second talk was not looked at.");
    await world.press(kim, "I take it");
    await rateAll(world, await kim.id(), again.id, 1);
    expect(await open(world, kim)).toContain("first 1 · second 0 · appeal 1");
    await world.press(kim, "Award");
    await world.type(kim, "The talk shows it.");
    expect(why(await countersign(world.deps, await boss.id(), again.id, true))).toBe("rated");
    await world.staff("liv", "assessor", odense);
    const liv = await store.db.person.findFirstOrThrow({ where: { name: "Name of liv" } });
    expect(why(await countersign(world.deps, liv.id, again.id, true))).toBe("done");
    await world.work();
    expect(await anna.news()).toContain("The certificate is awarded to you.");
    expect(await world.awards()).toEqual([again.id]);
    const records = await store.db.record.findMany({ where: { personId: await anna.id(), type: "rating" } });
    expect(records).toHaveLength(3 * ids.length);
    expect(new Set(records.map(({ key }) => key.split(":").slice(0, 3).join(":")))).toEqual(
      new Set([`rating:${id}:first`, `rating:${id}:second`, `rating:${id}:appeal`]),
    );
    expect(await store.db.assessment.findMany({ orderBy: { createdAt: "asc" } })).toMatchObject([
      { id, state: "closed" },
      { id: again.id, state: "decided" },
    ]);
  });

  test("of two who do the same at once one gets it", async () => {
    const world = await createWorld(store, asking({ assessors: 1 }));
    const anna = await world.candidate("anna", rootId);
    const [eva, ole] = [await world.staff("eva", "assessor"), await world.staff("ole", "assessor")];
    const [learner, one, other] = [await anna.id(), await eva.id(), await ole.id()];
    const wanted = { programme: "family-mentor", version: "" };
    const asked = await Promise.all(["x", "y"].map((id) => ask(world.deps, learner, { id, ...wanted })));
    expect(asked.map(why).sort()).toEqual(["done", "running"]);
    const { id } = await store.db.assessment.findFirstOrThrow();
    const claims = await Promise.all([one, other].map((me) => claim(world.deps, me, id)));
    expect(claims.map(why).sort()).toEqual(["done", "taken"]);
    const me = (await store.db.assessment.findFirstOrThrow()).claimedBy ?? "";
    for (const competence of ids) await rate(world.deps, me, { id, competence, level: 1 });
    const given = await Promise.all([submit(world.deps, me, id), submit(world.deps, me, id)]);
    expect(given.map(why).sort()).toEqual(["done", "submitted"]);
    const decided = await Promise.all(
      (["awarded", "refused"] as const).map((verdict) =>
        decide(world.deps, me, { id, verdict, reason: `It is ${verdict}.` }),
      ),
    );
    expect(decided.filter(({ ok }) => ok)).toHaveLength(1);
    await world.work();
    const heard = await anna.news();
    expect(heard.split("Decided:").length).toBe(2);
  });
});

describe("what is refused, with its reason and nothing half done", () => {
  let database: TestDatabase;
  let store: Store;
  beforeEach(async () => {
    database = await createDatabase("sqlite");
    store = await database.open();
  });
  afterEach(() => database.drop());

  test("each of these", async () => {
    const world = await createWorld(store, asking({ assessors: 1 }));
    const [odense, aarhus] = [await world.organisation("Odense"), await world.organisation("Aarhus")];
    const [eva, far, cares] = [
      await world.staff("eva", "assessor", odense),
      await world.staff("far", "assessor", aarhus),
      await world.staff("cares", "assessor", odense),
    ];
    const anna = await world.candidate("anna", odense, { caredBy: await cares.id() });
    const learner = await anna.id();
    const [me, distant, carer] = [await eva.id(), await far.id(), await cares.id()];
    const { deps } = world;
    const wanted = { programme: "family-mentor", version: "" };
    const nobody = await world.learner("nobody");
    expect(why(await ask(deps, await nobody.id(), { id: "n", ...wanted }))).toBe("missing");
    expect(why(await ask(deps, learner, { id: "a", ...wanted }))).toBe("done");
    await world.db.grant.create({
      data: { id: "g", personId: learner, role: "assessor", organisationId: odense, createdAt: 0n },
    });
    const before = await store.db.assessment.findFirstOrThrow();
    expect(why(await claim(deps, learner, "a"))).toBe("own");
    expect(why(await claim(deps, distant, "a"))).toBe("notyours");
    expect(why(await claim(deps, carer, "a"))).toBe("cares");
    expect(why(await claim(deps, me, "there is none"))).toBe("gone");
    expect(why(await rate(deps, me, { id: "a", competence: "a1", level: 1 }))).toBe("taken");
    expect(why(await decide(deps, me, { id: "a", verdict: "awarded", reason: "x" }))).toBe("turn");
    expect(await store.db.assessment.findFirstOrThrow()).toEqual({ ...before });

    expect(why(await claim(deps, me, "a"))).toBe("done");
    expect(why(await rate(deps, me, { id: "a", competence: "a1", level: 5 }))).toBe("scale");
    expect(why(await rate(deps, me, { id: "a", competence: "a1", level: -1 }))).toBe("scale");
    expect(why(await rate(deps, me, { id: "a", competence: "a1", level: 1.5 }))).toBe("scale");
    expect(why(await rate(deps, me, { id: "a", competence: "z9", level: 1 }))).toBe("competence");
    expect(why(await submit(deps, me, "a"))).toBe("incomplete");
    expect(await store.db.rating.count()).toBe(0);
    for (const competence of ids) await rate(deps, me, { id: "a", competence, level: 0 });
    await submit(deps, me, "a");
    expect(why(await rate(deps, me, { id: "a", competence: "a1", level: 2 }))).toBe("submitted");
    expect(why(await giveBack(deps, me, "a", true))).toBe("submitted");
    expect(why(await decide(deps, me, { id: "a", verdict: "awarded", reason: "x" }))).toBe("below");
    expect(why(await decide(deps, me, { id: "a", verdict: "refused", reason: " " }))).toBe("reason");
    expect(why(await decide(deps, me, { id: "a", verdict: "refused", reason: "Not yet." }))).toBe("done");
    expect(why(await claim(deps, distant, "a"))).toBe("over");
    expect(why(await rate(deps, me, { id: "a", competence: "a1", level: 2 }))).toBe("over");
    expect(why(await withdraw(deps, learner, "a"))).toBe("over");
    expect(why(await appeal(deps, me, { id: "b", of: "a", text: "Again." }))).toBe("gone");
    expect(why(await appeal(deps, learner, { id: "b", of: "a", text: "" }))).toBe("reason");
    world.clock.now += appealMs + day;
    expect(why(await appeal(deps, learner, { id: "b", of: "a", text: "Again." }))).toBe("late");
    expect(await store.db.assessment.count()).toBe(1);
  });

  test("those who may take it hear of it with their next push, once, and nobody else does", async () => {
    const world = await createWorld(store, asking({ assessors: 1 }));
    const [odense, aarhus] = [await world.organisation("Odense"), await world.organisation("Aarhus")];
    const [eva, far] = [await world.staff("eva", "assessor", odense), await world.staff("far", "assessor", aarhus)];
    for (const name of ["anna", "berit"]) await world.command(await world.candidate(name, odense), "assessment", "ask");
    const waiting = async (personId: string): Promise<number> => {
      const { state } = await store.db.session.findUniqueOrThrow({ where: { personId } });
      return state.split("assess.waiting").length - 1;
    };
    expect([await waiting(await eva.id()), await waiting(await far.id())]).toEqual([1, 0]);
    expect(await eva.news()).not.toContain("waits for somebody");
  });

  test("whoever is biased gives it back for good", async () => {
    const world = await createWorld(store, asking({ assessors: 1 }));
    const anna = await world.candidate("anna", rootId);
    const [eva, ole] = [await world.staff("eva", "assessor"), await world.staff("ole", "assessor")];
    await world.command(anna, "assessment", "ask");
    await world.command(eva, "queue");
    await world.press(eva, "Open 1");
    await world.press(eva, "I take it");
    await world.press(eva, "The person");
    expect(await world.press(eva, "I am biased")).toContain("It is back in the queue.");
    expect(await world.command(eva, "queue")).toContain("No assessment waits for you.");
    expect(await world.command(ole, "queue")).toContain("1. Name of anna");
  });

  test("where a renewal asks for no ratings a person still decides", async () => {
    const world = await createWorld(store, asking({}, { rating: false }));
    const anna = await world.candidate("anna", rootId);
    const eva = await world.staff("eva", "assessor");
    await world.command(anna, "assessment", "ask");
    await world.command(eva, "queue");
    await world.press(eva, "Open 1");
    expect(await world.press(eva, "I take it")).toContain("The rule proposes: award.");
    await world.press(eva, "Award");
    await world.type(eva, "Everything is there.");
    expect(await anna.news()).toContain("The certificate is awarded to you.");
    expect(await store.db.rating.count()).toBe(0);
  });

  test("what nobody takes for two weeks is told to the coordinator, once", async () => {
    const world = await createWorld(store, asking({ assessors: 1 }));
    const ida = await world.staff("ida", "coordinator");
    const anna = await world.candidate("anna", rootId, { caredBy: await ida.id() });
    await world.command(anna, "assessment", "ask");
    world.clock.now += 13 * day;
    await world.work();
    expect(await ida.news()).not.toContain("assessment of");
    world.clock.now += 2 * day;
    await world.work();
    expect(await ida.news()).toContain("The assessment of Name of anna has waited two weeks");
    world.clock.now += 20 * day;
    await world.work();
    expect(await ida.news()).not.toContain("The assessment of");
  });
});
