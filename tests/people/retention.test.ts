import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createShorterRetention } from "../../src/people/retention.ts";
import { type ConsoleWorld, startConsole } from "../console/world.ts";
import { createDatabase, databaseKinds } from "../support/databases.ts";

const dayMs = 86_400_000;
const now = Date.parse("2026-03-18T12:00Z");

describe.each(databaseKinds)("what an organisation wants deleted sooner, on %s", (kind) => {
  let world: ConsoleWorld;
  let town: string;
  let village: string;
  let elsewhere: string;
  let clock = now;
  beforeEach(async () => {
    clock = now;
    world = await startConsole({ database: await createDatabase(kind), now: () => clock });
    town = await world.organisation("Town");
    village = await world.organisation("Village", town);
    elsewhere = await world.organisation("Elsewhere");
    await world.member("anna", village);
    await world.member("carl", elsewhere);
    const retention = { questions: 30, notes: 60, announcements: 90 };
    await world.store.db.organisation.update({
      where: { id: town },
      data: { settings: JSON.stringify({ retention }) },
    });
  });
  afterEach(() => world.close());

  const ago = (days: number) => BigInt(now - days * dayMs);

  test("goes at its time, below the organisation too, and nothing else does", async () => {
    const { db } = world.store;
    const question = (id: string, organisationId: string, state: string, days: number) =>
      db.question.create({
        data: { id, personId: "anna", organisationId, state, createdAt: ago(days), changedAt: ago(days) },
      });
    await question("old", village, "answered", 31);
    await question("open", village, "open", 31);
    await question("young", village, "closed", 29);
    await question("other", elsewhere, "answered", 31);
    const note = (personId: string, days: number) =>
      db.note.create({ data: { author: "lead", personId, text: new Uint8Array([1]), at: ago(days) } });
    await note("anna", 61);
    await note("anna", 59);
    await note("carl", 61);
    for (const [id, days] of [
      ["past", 91],
      ["late", 89],
    ] as const) {
      const rest = { author: "lead", audience: "{}", content: "{}", timing: "{}", planned: true, createdAt: ago(days) };
      await db.broadcast.create({
        data: { id, organisationId: town, state: "done", changedAt: ago(days), ...rest },
      });
      await db.broadcastDelivery.create({ data: { broadcastId: id, personId: "anna", state: "sent" } });
    }
    const empty = createShorterRetention(db, () => clock);
    await empty();
    expect((await db.question.findMany({ orderBy: { id: "asc" } })).map(({ id }) => id)).toEqual([
      "open",
      "other",
      "young",
    ]);
    expect((await db.note.findMany({ orderBy: { id: "asc" } })).map(({ personId }) => personId)).toEqual([
      "anna",
      "carl",
    ]);
    expect((await db.broadcastDelivery.findMany()).map(({ broadcastId }) => broadcastId)).toEqual(["late"]);
    const reports = await db.audit.findMany({ where: { action: "retention" } });
    expect(reports.map(({ detail }) => JSON.parse(detail))).toEqual([{ Question: 1, BroadcastDelivery: 1, Note: 1 }]);

    // Once an hour is enough.
    await question("again", village, "answered", 31);
    await empty();
    expect(await db.question.count({ where: { id: "again" } })).toBe(1);
    clock += 3_600_001;
    await empty();
    expect(await db.question.count({ where: { id: "again" } })).toBe(0);
  });

  test("a note about somebody in two organisations stays as long as one of them wants", async () => {
    const { db } = world.store;
    const dates = { joinedAt: ago(100), changedAt: ago(100) };
    await db.membership.create({
      data: {
        id: "second",
        cohortId: "cohort-carl",
        personId: "anna",
        organisationId: elsewhere,
        state: "active",
        ticks: "[]",
        ...dates,
      },
    });
    await db.note.create({ data: { author: "lead", personId: "anna", text: new Uint8Array([1]), at: ago(61) } });
    await createShorterRetention(db, () => clock)();
    expect(await db.note.count()).toBe(1);
  });
});
