import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { standingOf } from "../../src/people/standing.ts";
import type { Sql } from "../../src/store/sql.ts";
import { overviewFor } from "../../src/supervision/overview.ts";
import { type ConsoleWorld, startConsole } from "../console/world.ts";
import { programmes } from "../support/chat.ts";
import { createDatabase, databaseKinds } from "../support/databases.ts";

const dayMs = 86_400_000;
const now = Date.parse("2026-03-18T12:00Z");
const programme = programmes[0];
if (programme === undefined) throw new Error("there is no programme");
const lessons = programme.units.flatMap((unit) => unit.lessons.map((lesson) => lesson.id));
const checks = programme.units.map((unit) => unit.check);
const question = checks[0]?.bank.find((one) => one.lesson !== undefined);

/** Fills a cohort: the first `done` finished everything, the next up to `begun` one lesson; `wrong` answered wrong. */
async function fill(
  world: ConsoleWorld,
  cohort: string,
  organisationId: string,
  people: { readonly all: number; readonly begun: number; readonly done: number; readonly wrong: number },
): Promise<void> {
  const { db } = world.store;
  const at = BigInt(now - 30 * dayMs);
  const facts = { programme: programme?.id ?? "", version: programme?.version ?? "", pace: '{"kind":"own"}' };
  const rest = { languages: '["en"]', state: "running", joining: "code", ticks: "{}", createdAt: at };
  await db.cohort.upsert({
    where: { id: cohort },
    create: { id: cohort, name: cohort, ...facts, ...rest },
    update: {},
  });
  const lead = (await db.cohortPart.count({ where: { cohortId: cohort } })) === 0;
  await db.cohortPart.create({ data: { cohortId: cohort, organisationId, lead } });
  const ids = Array.from({ length: people.all }, (_, index) => `${cohort}-${organisationId}-${index}`);
  const person = { language: "en", timeZone: "UTC", timeZoneKnown: true, stopped: false, roles: "[]" };
  await db.person.createMany({ data: ids.map((id) => ({ id, name: id, ...person, addressId: id, createdAt: at })) });
  const address = { channel: "chat", tenant: "bot", ref: "{}", changedAt: at };
  await db.address.createMany({
    data: ids.map((id, n) => ({ id, personId: id, user: id, state: n < 6 ? "gone" : "reachable", ...address })),
  });
  const membership = { cohortId: cohort, organisationId, state: "active", ticks: "[]", joinedAt: at, changedAt: at };
  await db.membership.createMany({ data: ids.map((id) => ({ id, personId: id, ...membership })) });
  const passed = checks.map(({ id }) => [id, { failed: 0, lastAt: now, passedAt: now, right: 8, of: 8 }]);
  const all = { lessons: Object.fromEntries(lessons.map((id) => [id, now])), checks: Object.fromEntries(passed) };
  const one = { lessons: { [lessons[0] ?? ""]: now }, checks: {} };
  const own = { joinedAt: now, saved: [], told: [] };
  await db.progress.createMany({
    data: ids.slice(0, people.begun).map((id, n) => ({
      personId: id,
      state: JSON.stringify({ [facts.programme]: { ...own, ...(n < people.done ? all : one) } }),
    })),
  });
  const entry = { programme: facts.programme, version: facts.version };
  await db.record.createMany({
    data: ids.slice(0, people.begun).map((personId, n) => ({
      personId,
      type: "answer",
      key: `answer:${personId}:${question?.id}`,
      data: JSON.stringify({ question: question?.id, option: "a", label: "secret words", right: n >= people.wrong }),
      at: BigInt(now - 8 * dayMs),
      ...entry,
    })),
  });
}

describe.each(databaseKinds)("the overview, on %s", (kind) => {
  let world: ConsoleWorld;
  let town: string;
  let village: string;
  beforeEach(async () => {
    world = await startConsole({ database: await createDatabase(kind), now: () => now });
    town = await world.organisation("Town");
    village = await world.organisation("Village", town);
    await world.person("lead");
    await world.grant("lead", "coordinator", town);
  });
  afterEach(() => world.close());

  const csv = async (query: string): Promise<readonly string[]> => {
    const lead = await world.enter("lead");
    const { text, status } = await lead.get(`/console/overview?${query}`);
    expect(status).toBe(200);
    return text.replace("\ufeff", "").trim().split("\r\n");
  };

  test("counts each step of the course, and a group below five is in no figure and no sum", async () => {
    await fill(world, "Spring", town, { all: 20, begun: 15, done: 10, wrong: 3 });
    await fill(world, "Autumn", town, { all: 3, begun: 3, done: 3, wrong: 3 });
    const few = "fewer than five";
    const title = programme?.title.en;
    expect(await csv("steps.format=csv")).toEqual([
      "Cohort,Organisation,Programme,Invited or joined,Joined,First lesson done,Half of the steps,Everything done",
      `Autumn,Town,${title},${few},${few},${few},${few},${few}`,
      `Spring,Town,${title},20,20,15,10,10`,
    ]);
    const lead = await world.enter("lead");
    const { text } = await lead.get("/console/overview");
    expect(text).toContain(">20 or more</text>");
    expect(text).not.toMatch(/>23[ <]/u);
    expect(text).not.toContain("secret words");
    expect(text.match(/<svg /gu)?.length).toBe(4);
    expect(text.match(/<svg[\s\S]*?<\/svg>/gu)?.join("")).not.toMatch(/style|class="zr/u);
  });

  test("open invitations count as invited, a handful of them hides the figure", async () => {
    await fill(world, "Spring", town, { all: 20, begun: 0, done: 0, wrong: 0 });
    const { db } = world.store;
    const invite = { role: "learner", cohort: "Spring", expiresAt: BigInt(now + dayMs), createdAt: BigInt(now) };
    await db.invite.createMany({ data: ["a", "b", "c"].map((codeHash) => ({ codeHash, ...invite })) });
    expect((await csv("steps.format=csv"))[1]).toContain(",not shown,20,");
    await db.invite.createMany({ data: ["d", "e"].map((codeHash) => ({ codeHash, ...invite })) });
    await db.invite.create({ data: { ...invite, codeHash: "old", expiresAt: BigInt(now - 1) } });
    expect((await csv("steps.format=csv"))[1]).toContain(",25,20,");
  });

  test("weeks, gaps and reachability hide what would give fewer than five away", async () => {
    await fill(world, "Spring", town, { all: 20, begun: 12, done: 0, wrong: 3 });
    await fill(world, "Spring", village, { all: 9, begun: 4, done: 0, wrong: 4 });
    const weeks = await csv("weeks.format=csv&weeks.sort=week&weeks.down=1");
    expect(weeks.filter((line) => line.startsWith("2026-03-09"))).toEqual([
      "2026-03-09,Spring,Town,12",
      "2026-03-09,Spring,Village,fewer than five",
    ]);
    expect(weeks).toHaveLength(25);
    const gaps = await csv("gaps.format=csv");
    expect(gaps.slice(1).map((line) => line.split(",").slice(-2))).toEqual([
      ["Town", "25 %"],
      ["Village", "fewer than five"],
    ]);
    expect(gaps[1]?.startsWith(question?.lesson ?? "none")).toBe(true);
    expect(await csv("reach.format=csv")).toEqual([
      "Platform,Cohort,Organisation,Reachable,Paused,Said stop,Messages do not arrive",
      "chat,Spring,Town,14,fewer than five,fewer than five,6",
      "chat,Spring,Village,fewer than five,fewer than five,fewer than five,all but a few",
    ]);
  });

  test("narrows to an organisation and a cohort within reach, and to nothing beyond it", async () => {
    await fill(world, "Spring", town, { all: 20, begun: 12, done: 0, wrong: 3 });
    await fill(world, "Spring", village, { all: 9, begun: 4, done: 0, wrong: 4 });
    const elsewhere = await world.organisation("Elsewhere");
    await fill(world, "Spring", elsewhere, { all: 8, begun: 8, done: 0, wrong: 0 });
    await fill(world, "Summer", town, { all: 6, begun: 0, done: 0, wrong: 0 });
    const groups = async (query: string) =>
      (await csv(`steps.format=csv&${query}`)).slice(1).map((line) => line.split(",").slice(0, 2).join(" "));
    expect(await groups("")).toEqual(["Spring Town", "Spring Village", "Summer Town"]);
    expect(await groups(`organisation=${village}`)).toEqual(["Spring Village"]);
    expect(await groups("cohort=Summer")).toEqual(["Summer Town"]);
    const lead = await world.enter("lead");
    expect((await lead.get(`/console/overview?organisation=${elsewhere}`)).status).toBe(404);
    // Whoever has a role for another programme sees nothing of this one.
    await world.store.db.grant.updateMany({ data: { programme: "another" } });
    expect(await groups("")).toEqual([]);
  });

  test("asks the database as often for many people as for few, but for the pieces", async () => {
    const count = async (): Promise<number> => {
      let asked = 0;
      const { sql } = world.store;
      const counted: Sql = {
        ...sql,
        all: (...given) => {
          asked += 1;
          return sql.all(...given);
        },
      };
      const standing = await standingOf(world.store.db, "lead", now);
      await overviewFor({ db: world.store.db, sql: counted, catalogue: world.deps.catalogue }, standing, now);
      return asked;
    };
    await fill(world, "Spring", town, { all: 10, begun: 5, done: 0, wrong: 0 });
    expect(await count()).toBe(6);
    await fill(world, "Summer", town, { all: 480, begun: 200, done: 0, wrong: 0 });
    expect(await count()).toBe(22);
  });
});
