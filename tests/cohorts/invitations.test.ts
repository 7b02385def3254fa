import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { move, moveTo, setCohortState } from "../../src/cohorts/members.ts";
import { codeHash } from "../../src/people/codes.ts";
import type { Store } from "../../src/store/types.ts";
import { createDatabase, databaseKinds, type TestDatabase } from "../support/databases.ts";
import { createWorld, sealing, secret } from "./world.ts";

describe.each(databaseKinds)("an invitation that was used, on %s", (kind) => {
  let database: TestDatabase;
  let store: Store;
  let world: ReturnType<typeof createWorld>;
  beforeEach(async () => {
    database = await createDatabase(kind);
    store = await database.open();
    world = createWorld(store);
  });
  afterEach(() => database.drop());

  test("gives a role once: after it was taken away the code gives nothing back", async () => {
    const lead = await world.learner("lead");
    const code = await world.invitation("ABCDE22222", null, "coordinator");
    await lead.type(`join ${code}`);
    expect(await world.work(lead)).toContain("registered as: coordinator");
    const personId = await lead.id();
    const [entry] = await store.db.audit.findMany();
    expect(entry).toMatchObject({ actor: "command", action: "role.give", subject: personId, organisationId: "root" });
    await lead.type(`join ${code}`);
    expect(await world.work(lead)).toContain("registered as: coordinator");
    expect(await store.db.grant.count()).toBe(1);
    expect(await store.db.audit.count()).toBe(1);
    await store.db.grant.deleteMany();
    await lead.type(`join ${code}`);
    expect(await world.work(lead)).toContain("Somebody has used this invitation already.");
    expect(await store.db.grant.count()).toBe(0);
  });

  test("does not shorten or renew a role that has ended", async () => {
    const lead = await world.learner("lead");
    const code = await world.invitation("ABCDE22222", null, "coordinator");
    await lead.type(`join ${code}`);
    await world.work(lead);
    await store.db.grant.updateMany({ data: { until: BigInt(world.clock.now - 1) } });
    await lead.type(`join ${code}`);
    expect(await world.work(lead)).toContain("Somebody has used this invitation already.");
    expect(Number((await store.db.grant.findFirstOrThrow()).until)).toBe(world.clock.now - 1);
  });

  test("lets in once: whoever left or was put out hears it and stays out", async () => {
    const { id } = await world.cohort();
    const anna = await world.learner("anna");
    const code = await world.invitation("ABCDE23456", id);
    await anna.type(`join ${code}`);
    expect(await world.work(anna)).toContain("You are in Spring. Welcome.");
    await move(store.db, { cohortId: id, personId: await anna.id() }, "remove", world.clock.now);
    await world.work(anna);
    await anna.type(`join ${code}`);
    expect(await world.work(anna)).toContain("You are not in Spring any more.");
    expect(await store.db.membership.findMany()).toMatchObject([{ state: "left" }]);
  });

  test("stays good where what it is for cannot be given: all of it or nothing", async () => {
    const { id } = await world.cohort();
    const anna = await world.learner("anna");
    const code = await world.invitation("ABCDE23456", id);
    // A cohort that nobody is responsible for: joining it fails in the middle.
    await store.db.cohortPart.deleteMany();
    await anna.type(`join ${code}`);
    await expect(world.work(anna)).rejects.toThrow();
    expect(await store.db.invite.findMany()).toMatchObject([{ usedBy: null }]);
    await store.db.cohortPart.create({ data: { cohortId: id, organisationId: "root", lead: true } });
    world.clock.now += 120_000;
    expect(await world.work(anna)).toContain("You are in Spring. Welcome.");
    expect(await store.db.invite.findMany()).toMatchObject([{ usedBy: await anna.id() }]);
  });

  test("to a cohort that is over opens nothing and is not used up", async () => {
    const { id } = await world.cohort();
    await setCohortState(store.db, id, "finished", world.clock.now);
    const anna = await world.learner("anna");
    await anna.type(`join ${await world.invitation("ABCDE23456", id)}`);
    expect(await world.work(anna)).toContain("Ask your coordinator for the code of one that is open.");
    expect(await store.db.membership.count()).toBe(0);
    expect(await store.db.invite.findMany()).toMatchObject([{ usedBy: null }]);
  });
});

describe.each(databaseKinds)("what a roster says about somebody, on %s", (kind) => {
  let database: TestDatabase;
  let store: Store;
  let world: ReturnType<typeof createWorld>;
  const code = "ABCDE23456";
  beforeEach(async () => {
    database = await createDatabase(kind);
    store = await database.open();
    world = createWorld(store);
    const { id } = await world.cohort();
    await world.invitation(code, id);
    const hash = codeHash(secret, code);
    const said = JSON.stringify({ name: "Anna Andersen", email: "anna@example.org", language: "da" });
    const invitee = new Uint8Array(sealing.seal("invitee", said, hash));
    await store.db.invite.updateMany({ data: { invitee } });
  });
  afterEach(() => database.drop());

  test("is the language in which the welcome asks, and the name where the platform has none", async () => {
    const anna = world.chat("anna", "");
    await anna.command("start", `join_${code}`);
    expect(await world.work(anna)).toContain("Hvilket sprog skal vi bruge?");
    await anna.press("Dansk");
    await world.work(anna);
    expect(await store.db.person.findMany()).toMatchObject([{ name: "Anna Andersen", language: "da" }]);
    expect(await store.db.invite.findMany()).toMatchObject([{ invitee: null }]);
  });

  test("is not needed: an invitation works where it does not open any more", async () => {
    await store.db.invite.updateMany({ data: { invitee: new Uint8Array([1, 2, 3]) } });
    const anna = world.chat("anna");
    await anna.command("start", `join_${code}`);
    await anna.press("English");
    await world.work(anna);
    expect(await store.db.membership.count({ where: { state: "active" } })).toBe(1);
    expect(await store.db.invite.findMany()).toMatchObject([{ invitee: null, usedBy: await anna.id() }]);
  });

  test("gives way to the platform's name and to a language that was chosen", async () => {
    const anna = world.chat("anna");
    await anna.command("start", `join_${code}`);
    await anna.press("Suomi");
    await world.work(anna);
    await world.work(anna);
    expect(await store.db.person.findMany()).toMatchObject([{ name: "Name of anna", language: "fi" }]);
  });
});

describe.each(databaseKinds)("what is decided about a cohort, on %s", (kind) => {
  let database: TestDatabase;
  let store: Store;
  let world: ReturnType<typeof createWorld>;
  let who: { cohortId: string; personId: string };
  beforeEach(async () => {
    database = await createDatabase(kind);
    store = await database.open();
    world = createWorld(store);
    const { id, code } = await world.cohort();
    const anna = await world.learner("anna");
    await anna.type(`join ${code}`);
    await world.work(anna);
    who = { cohortId: id, personId: await anna.id() };
  });
  afterEach(() => database.drop());

  const failing = () => Promise.reject(new Error("the jobs cannot be written"));
  /** A database in whose transactions this table cannot be written. */
  const without = (table: "job" | "raw") =>
    new Proxy(store.db, {
      get(db, name) {
        if (name !== "$transaction") return Reflect.get(db, name);
        return (work: (tx: object) => Promise<unknown>) =>
          db.$transaction((tx) =>
            work(
              new Proxy(tx, {
                get(inside, key) {
                  if (table === "raw" && key === "$executeRaw") return failing;
                  const value: object = Reflect.get(inside, key);
                  return table === "job" && key === "job" ? { ...value, create: failing } : value;
                },
              }),
            ),
          );
      },
    });

  test.each(["finished", "paused"] as const)(
    "%s: what cannot be told is not done, and once it is done it is told once",
    async (state) => {
      await expect(setCohortState(without("raw"), who.cohortId, state, world.clock.now)).rejects.toThrow();
      expect(await store.db.cohort.findMany()).toMatchObject([{ state: "planned" }]);
      expect(await store.db.membership.findMany()).toMatchObject([{ state: "active" }]);
      await setCohortState(store.db, who.cohortId, state, world.clock.now);
      await setCohortState(store.db, who.cohortId, state, world.clock.now);
      expect(await store.db.cohort.findMany()).toMatchObject([{ state }]);
      expect(await store.db.membership.findMany()).toMatchObject([
        { state: state === "finished" ? "alumni" : "active" },
      ]);
      const jobs = await store.jobs(world.clock.now, 10);
      expect(jobs.map(({ name, personId }) => [name, personId])).toEqual([["membership", who.personId]]);
    },
  );

  test("a move that cannot be told is not made", async () => {
    const { id: to } = await world.cohort({ name: "Autumn" });
    await expect(moveTo(without("job"), who, to, world.clock.now)).rejects.toThrow();
    expect(await store.db.membership.findMany()).toMatchObject([{ cohortId: who.cohortId, state: "active" }]);
    expect(await moveTo(store.db, who, to, world.clock.now)).toBe("active");
    expect(await store.db.job.count()).toBe(1);
  });
});
