import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { giveRole } from "../../src/people/grants.ts";
import { createOrganisation, ensureRoot } from "../../src/people/organisations.ts";
import { rootId } from "../../src/people/standing.ts";
import { createInactive } from "../../src/privacy/inactive.ts";
import type { Store } from "../../src/store/types.ts";
import { createDatabase, databaseKinds, type TestDatabase } from "../support/databases.ts";
import { createWorld, tuesday } from "./world.ts";

const dayMs = 86_400_000;

describe.each(databaseKinds)("people who have been away for long, on %s", (kind) => {
  let database: TestDatabase;
  let store: Store;
  let world: ReturnType<typeof createWorld>;
  let looker: ReturnType<typeof createInactive>;
  type Chat = ReturnType<typeof world.chat>;
  beforeEach(async () => {
    database = await createDatabase(kind);
    store = await database.open();
    world = createWorld(store);
    await ensureRoot(store.db, tuesday);
    looker = createInactive({ db: store.db, now: () => world.clock.now });
  });
  afterEach(() => database.drop());

  async function learner(name: string): Promise<Chat> {
    const chat = world.chat(name);
    await chat.start();
    await chat.news();
    return chat;
  }

  /** Lets the days go by, each with its look, its timers and its jobs; gives what the chat hears, with the day. */
  async function pass(days: number, chat: Chat): Promise<readonly string[]> {
    const heard: string[] = [];
    for (let day = 0; day < days; day += 1) {
      world.clock.now += dayMs;
      await looker.tick();
      for (const { name, personId, due, data, address } of await store.dueTimers(world.clock.now, 50)) {
        if (address === null) continue;
        const id = `timer:${personId}:${name}@${due}`;
        const input = { type: "timer", name, due, data } as const;
        await world.receive({ id, address, person: { name: "" }, input, receivedAt: world.clock.now });
      }
      const said = await world.work(chat);
      if (said !== "") heard.push(`${Math.round((world.clock.now - tuesday) / dayMs)}: ${said}`);
    }
    return heard;
  }
  const count = () => store.db.person.count();

  test("are told a month ahead and erased at the end of it, and it is reported", async () => {
    const anna = await learner("anna");
    expect(await pass(333, anna)).toEqual([]);
    const told = await pass(10, anna);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^33[5-9]: You have not been here for a long time\..* \d+ March 2027/su);
    expect(await count()).toBe(1);
    await pass(20, anna);
    expect(await count()).toBe(1);
    await pass(20, anna);
    expect(await count()).toBe(0);
    const trail = await store.db.audit.findMany({ where: { action: "retention" }, orderBy: { id: "asc" } });
    expect(trail.map(({ detail }) => JSON.parse(detail))).toEqual([{ people: { told: 1, erased: 0 } }, { Person: 1 }]);
    expect(await store.db.meta.count({ where: { key: { startsWith: "erased:" } } })).toBe(1);
  });

  test("stay when they do anything, at any time before", async () => {
    const anna = await learner("anna");
    const [told] = await pass(345, anna);
    expect(told).toContain("You have not been here");
    await anna.press("Keep everything");
    expect(await pass(60, anna)).toEqual([]);
    expect(await count()).toBe(1);
    expect(await pass(300, anna)).toEqual([expect.stringContaining("You have not been here")]);
  });

  test("hear nothing where they said stop, and are not erased before a pause they chose is over", async () => {
    const [anna, bo] = [await learner("anna"), await learner("bo")];
    await anna.type("stop");
    await anna.news();
    await store.db.person.update({
      where: { id: await bo.personId() },
      data: { pausedUntil: BigInt(tuesday + 300 * dayMs) },
    });
    expect(await pass(400, anna)).toEqual([]);
    expect((await store.db.person.findMany()).map(({ name }) => name)).toEqual(["Learner bo"]);
    expect(await bo.news()).toBe("");
  });

  test("are erased at their time where nobody can tell them", async () => {
    const [anna, bo] = [await learner("anna"), await learner("bo")];
    await store.db.address.updateMany({ where: { personId: await anna.personId() }, data: { state: "gone" } });
    await pass(300, bo);
    await bo.type("menu");
    await pass(64, bo);
    expect(await count()).toBe(2);
    await pass(3, bo);
    expect((await store.db.person.findMany()).map(({ name }) => name)).toEqual(["Learner bo"]);
  });

  test("stay for as long as they have a role, or use the console", async () => {
    const [anna, bo] = [await learner("anna"), await learner("bo")];
    const grant = { personId: await anna.personId(), role: "admin", organisationId: rootId, createdBy: null } as const;
    await giveRole(store.db, grant, tuesday);
    const times = { createdAt: 1n, expiresAt: 1n, seenAt: BigInt(tuesday + 200 * dayMs) };
    await store.db.consoleSession.create({ data: { idHash: "x", personId: await bo.personId(), ...times } });
    expect(await pass(400, anna)).toEqual([]);
    expect(await count()).toBe(2);
    await pass(200, anna);
    expect((await store.db.person.findMany()).map(({ name }) => name)).toEqual(["Learner anna"]);
  });

  test("go earlier where their organisation says so, later where any of theirs says so", async () => {
    const [anna, bo] = [await learner("anna"), await learner("bo")];
    await store.db.organisation.update({ where: { id: rootId }, data: { settings: '{"retention":{"people":90}}' } });
    const town = await createOrganisation(
      store.db,
      { name: "Town", kind: "municipality", parentId: rootId, country: "DK" },
      tuesday,
    );
    await store.db.organisation.update({ where: { id: town }, data: { settings: '{"retention":{"people":200}}' } });
    const cohort = { programme: "p", version: "1", languages: "[]", pace: "{}", joining: "code", ticks: "{}" };
    await store.db.cohort.create({ data: { id: "c", name: "", ...cohort, state: "running", createdAt: 1n } });
    const member = { cohortId: "c", state: "alumni", ticks: "[]", joinedAt: 1n, changedAt: 1n };
    await store.db.membership.create({
      data: { id: "m", personId: await bo.personId(), organisationId: town, ...member },
    });
    await pass(100, anna);
    expect((await store.db.person.findMany()).map(({ name }) => name)).toEqual(["Learner bo"]);
    await pass(115, bo);
    expect(await count()).toBe(0);
  });

  test("are looked for once a day by one of several instances", async () => {
    await learner("anna");
    const second = createInactive({ db: store.db, now: () => world.clock.now });
    world.clock.now += 400 * dayMs;
    await Promise.all([looker.tick(), second.tick(), looker.tick()]);
    expect(await store.db.audit.count({ where: { action: "retention" } })).toBe(1);
    expect(await store.db.timer.count({ where: { name: "inactive" } })).toBe(1);
  });
});
