import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { noteAttendance } from "../../src/events/attendance.ts";
import { calendarFile, feedAddress } from "../../src/events/calendar.ts";
import { checkIn } from "../../src/events/check-in.ts";
import { changeEvent } from "../../src/events/events.ts";
import { answerSeat, offerEnds } from "../../src/events/seats.ts";
import { createEventJobs } from "../../src/jobs/events.ts";
import { loadPerson } from "../../src/people/loaded.ts";
import { mergeTwo } from "../../src/people/merge.ts";
import { everythingAbout } from "../../src/privacy/about.ts";
import { eraseEverything } from "../../src/privacy/erase.ts";
import { createCatalogue } from "../../src/programmes/catalogue.ts";
import type { Store } from "../../src/store/types.ts";
import { sealing, secret } from "../cohorts/world.ts";
import { programmes, words } from "../support/chat.ts";
import { createDatabase, databaseKinds, type TestDatabase } from "../support/databases.ts";
import { createWorld, dayFacts, dayMs, hourMs, minuteMs, sunday } from "./world.ts";

describe.each(databaseKinds)("seats of training days, on %s", (kind) => {
  let database: TestDatabase;
  let store: Store;
  let world: ReturnType<typeof createWorld>;
  beforeEach(async () => {
    database = await createDatabase(kind);
    store = await database.open();
    world = createWorld(store);
  });
  afterEach(() => database.drop());

  /** Members who never write: rows are enough. */
  async function members(cohortId: string, names: readonly string[]): Promise<void> {
    const at = BigInt(world.clock.now);
    for (const id of names) {
      const row = { id, name: id, timeZone: "Europe/Copenhagen", timeZoneKnown: true, stopped: false, roles: "[]" };
      await store.db.person.create({ data: { ...row, addressId: "", createdAt: at } });
      const place = { cohortId, personId: id, organisationId: "root", state: "active", ticks: "[]" };
      await store.db.membership.create({ data: { id: `m-${id}`, ...place, joinedAt: at, changedAt: at } });
    }
  }
  const names = (count: number) => Array.from({ length: count }, (_, n) => `p${String(n).padStart(2, "0")}`);
  const states = async (eventId: string) => {
    const rows = await store.db.seat.groupBy({ by: ["state"], where: { eventId }, _count: { _all: true } });
    return Object.fromEntries(rows.map(({ state, _count }) => [state, _count._all]));
  };

  test("of many who answer at once, on two instances, exactly as many get a place as there are", async () => {
    const { id: cohort } = await world.cohort();
    await members(cohort, names(20));
    const id = await world.plan(cohort, { places: 5 });
    const other = kind === "postgresql" ? await database.open() : store;
    await Promise.all(
      names(20).map((name, n) => answerSeat((n % 2 === 0 ? store : other).db, id, name, "coming", world.clock.now + n)),
    );
    expect(await states(id)).toEqual({ coming: 5, waiting: 15 });
    // Half of those with a place give it back while others answer again: never more than five places are held.
    const coming = await store.db.seat.findMany({ where: { eventId: id, state: "coming" } });
    await Promise.all([
      ...coming.slice(0, 3).map(({ personId }) => answerSeat(store.db, id, personId, "declined", world.clock.now + 50)),
      ...names(20).map((name) => answerSeat(other.db, id, name, "coming", world.clock.now + 60)),
    ]);
    const after = await states(id);
    expect((after.coming ?? 0) + (after.offered ?? 0)).toBe(5);
  });

  test("offers pass on by themselves, one after the other, and never past the start", async () => {
    const { id: cohort } = await world.cohort();
    await members(cohort, names(4));
    const id = await world.plan(cohort, { places: 1 });
    for (const [n, name] of names(4).entries()) await answerSeat(store.db, id, name, "coming", world.clock.now + n);
    await answerSeat(store.db, id, "p00", "declined", world.clock.now + 10);
    const held = async () => (await store.db.seat.findFirst({ where: { eventId: id, state: "offered" } }))?.personId;
    expect(await held()).toBe("p01");
    world.clock.now += 24 * hourMs + 20;
    await world.tick();
    expect(await held()).toBe("p02");
    world.clock.now += 12 * hourMs;
    await world.tick();
    expect(await held()).toBe("p02");
    // More places are offered as well, in the order of the list.
    await changeEvent(store.db, id, dayFacts({ places: 2 }), world.clock.now);
    await world.tick();
    expect(await states(id)).toEqual({ declined: 2, offered: 2 });
    expect(offerEnds({ startsAt: sunday }, sunday - 10 * dayMs)).toBe(sunday - 9 * dayMs);
    expect(offerEnds({ startsAt: sunday }, sunday - 10 * hourMs)).toBe(sunday - 7 * hourMs);
    expect(offerEnds({ startsAt: sunday }, sunday - hourMs)).toBe(sunday);
    world.clock.now = sunday + 9 * hourMs;
    await world.tick();
    expect((await store.db.event.findUniqueOrThrow({ where: { id } })).state).toBe("held");
  });

  test("a check-in counts once: sent twice, on two instances at once, or killed between noting and telling", async () => {
    const cohort = await world.cohort();
    const anna = await world.member("anna", cohort.code);
    const id = await world.plan(cohort.id);
    const personId = await anna.id();
    await world.work(anna);
    world.clock.now = sunday;
    const code = await world.code(id);
    const deps = { db: store.db, now: () => world.clock.now, secret, origin: "http://127.0.0.1", open: sealing.open };
    const killed = createEventJobs({ ...deps, receive: () => Promise.reject(new Error("killed")) });
    const job = { id: "first", personId, name: "checkIn", data: { code, at: world.clock.now }, attempts: 0 };
    await expect(killed.checkIn?.(job)).rejects.toThrow("killed");
    expect((await world.seat(id, personId)).attendance).toBe("present");
    expect(await world.attended(personId)).toEqual([]);
    const whole = createEventJobs({ ...deps, receive: world.receive });
    await Promise.all([whole.checkIn?.(job), whole.checkIn?.({ ...job, id: "second" })]);
    await whole.checkIn?.({ ...job, id: "third" });
    expect(await world.attended(personId)).toHaveLength(1);
    expect((await world.seat(id, personId)).notes).toBe(1);
    expect((await anna.news()).match(/You are checked in: /gu)).toHaveLength(1);

    await members(cohort.id, ["p00"]);
    const results = await Promise.all(
      Array.from({ length: 6 }, () => checkIn(store.db, world.coding, "p00", code, world.clock.now)),
    );
    expect(results.filter(({ result }) => result === "ok")).toHaveLength(1);
    expect(results.filter(({ result }) => result === "already")).toHaveLength(5);
  });

  test("what is stored is in one's data, goes with the person, and joins with another", async () => {
    const cohort = await world.cohort();
    const [anna, bo] = [await world.member("anna", cohort.code), await world.member("bo", cohort.code)];
    const id = await world.plan(cohort.id);
    await world.work(anna);
    const [from, into] = [await anna.id(), await bo.id()];
    world.clock.now = sunday;
    const note = { attendance: "present", minutes: 0 } as const;
    await noteAttendance(store.db, { eventId: id, personId: from }, note, into, world.clock.now);
    await noteAttendance(
      store.db,
      { eventId: id, personId: from },
      { attendance: "partial", minutes: 60 },
      into,
      world.clock.now,
    );
    await world.work(anna);
    const deps = {
      db: store.db,
      words,
      catalogue: createCatalogue(programmes, []),
      secret,
      origin: "https://fadder.example",
      now: () => world.clock.now,
      open: sealing.open,
    };
    const token = (await feedAddress(deps, from)).split("/").at(-1) ?? "";
    const found = await everythingAbout(store, from);
    expect(found?.seats).toHaveLength(1);
    expect(found?.calendars).toHaveLength(1);
    expect(JSON.stringify(found?.calendars)).not.toContain("nonce");

    const [one, other] = [await loadPerson(store.db, from), await loadPerson(store.db, into)];
    if (one === undefined || other === undefined) throw new Error("nobody there");
    await mergeTwo(store, one, other, world.clock.now, {});
    const seats = await store.db.seat.findMany({ where: { eventId: id } });
    expect(seats.map(({ personId, attendance, notes }) => [personId, attendance, notes])).toEqual([
      [into, "partial", 2],
    ]);
    expect(await calendarFile(deps, token)).toBeDefined();
    world.clock.now += minuteMs;
    await noteAttendance(store.db, { eventId: id, personId: into }, note, "trainer", world.clock.now);
    await world.work(bo);
    expect((await world.attended(into)).map(({ key }) => key).sort()).toEqual([
      `attended:${id}:1`,
      `attended:${id}:2`,
      `attended:${id}:3`,
    ]);

    expect(await eraseEverything(store, into, world.clock.now)).toMatchObject({ "training days": 1, calendars: 1 });
    expect(await store.db.seat.count()).toBe(0);
    expect(await calendarFile(deps, token)).toBeUndefined();
  });
});
