import { describe, expect, test } from "vitest";
import { move } from "../../src/cohorts/members.ts";
import { decideGuest, noteAttendance } from "../../src/events/attendance.ts";
import { cancelEvent, changeEvent } from "../../src/events/events.ts";
import { offerMakeUp } from "../../src/events/make-up.ts";
import type { Store } from "../../src/store/types.ts";
import { databaseKinds } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";
import { createWorld, dayFacts, dayMs, hourMs, minuteMs, sunday } from "./world.ts";

describe.each(databaseKinds)("a cohort's training day, on %s", (kind) => {
  let store: Store;
  let world: ReturnType<typeof createWorld>;
  eachWithStore(kind, (opened) => {
    store = opened;
    world = createWorld(store);
  });

  test("invitation, waiting list, reminders over a weekend, check-in, late comer, walk-in, make-up", async () => {
    const cohort = await world.cohort();
    const [anna, bo, cai] = [
      await world.member("anna", cohort.code),
      await world.member("bo", cohort.code),
      await world.member("cai", cohort.code),
    ];
    const id = await world.plan(cohort.id, { places: 1, overnight: true });
    expect(await world.work(anna)).toBe("");
    expect(await anna.type("days")).toBe("");
    expect(await world.work(anna)).toContain(
      "Day 1: My role: Sunday 15 March at 10:00 to 16:00, Town hall, room 4. Can you come?",
    );

    // Wednesday's push asks, beside the next lesson.
    expect((await world.reminded(anna))?.text).toContain(
      "Training day Day 1: My role: Sunday 15 March at 10:00 to 16:00. Can you come?",
    );
    await anna.press("Answer");
    expect(await world.work(anna)).toContain("Can you come? Please answer.");
    await anna.press("I am coming");
    expect(await world.work(anna)).toContain("Good, you are on the list.");
    await anna.press("I stay overnight");
    expect(await world.work(anna)).toContain("Noted: you stay overnight.");
    expect((await world.seat(id, await anna.id())).overnight).toBe("yes");

    for (const chat of [bo, cai]) {
      await chat.type(`days ${id} yes`);
      expect(await world.work(chat)).toContain("All places are taken.");
      world.clock.now += 1_000;
    }
    await cai.type("days");
    expect(await world.work(cai)).toContain("You are number 2 on the waiting list.");

    // Anna cannot: the place is kept for Bo for a day, then for Cai.
    await anna.type(`days ${id} no`);
    expect(await world.work(bo)).toContain("A place became free: Day 1: My role");
    world.clock.now += 25 * hourMs;
    await world.tick();
    await world.work(cai);
    expect((await world.seat(id, await cai.id())).state).toBe("offered");
    await cai.press("Take the place");
    expect(await world.work(cai)).toContain("Good, you are on the list.");
    await bo.news();

    // A Sunday is reminded of on Friday, nothing speaks at the weekend.
    const days: string[] = [];
    for (;;) {
      const timer = await store.db.timer.findFirst({ where: { name: "reminder", personId: await cai.id() } });
      if (timer === null || Number(timer.due) > sunday) break;
      const pushed = await world.reminded(cai);
      if (pushed?.text.includes("Day 1: My role is coming up"))
        days.push(new Date(pushed.at).toISOString().slice(0, 10));
    }
    expect(days).toEqual(["2026-03-06", "2026-03-13"]);

    // The day itself: Cai is in time; Bo has no place and comes all the same, late.
    world.clock.now = sunday - 20 * minuteMs;
    await cai.type(`here ${(await world.code(id)).toLowerCase()}`);
    expect(await world.work(cai)).toContain("You are checked in: Day 1: My role. Welcome.");
    await cai.type(`here ${await world.code(id)}`);
    expect(await world.work(cai)).toContain("You are checked in already");
    world.clock.now = sunday + 11 * minuteMs;
    await bo.command("start", `here_${await world.code(id)}`);
    expect(await world.work(bo)).toContain("It had begun already");
    expect(await world.attended(await cai.id())).toEqual([
      {
        key: `attended:${id}:1`,
        event: id,
        n: 1,
        template: null,
        unit: "1",
        kind: "live",
        minutes: 300,
        of: 300,
        late: false,
        day: "2026-03-15",
      },
    ]);
    expect((await world.attended(await bo.id()))[0]).toMatchObject({ late: true, minutes: 300 });
    expect((await world.seat(id, await bo.id())).state).toBe("walk-in");

    // Anna missed it: she is invited to a make-up day alone.
    world.clock.now = sunday + dayMs;
    const other = await world.plan(cohort.id, { title: "Day 1 again", startsAt: sunday + 14 * dayMs }, id);
    expect(await store.db.seat.count({ where: { eventId: other } })).toBe(0);
    expect(await offerMakeUp(store.db, other, await anna.id(), world.clock.now)).toBe(true);
    expect(await offerMakeUp(store.db, other, await anna.id(), world.clock.now)).toBe(false);
    await world.work(anna);
    expect((await world.reminded(anna))?.text).toContain("Make up for a day you missed: Day 1 again");
  }, 60_000);

  test("a day that moves or is cancelled is told at once, also at night; one that is near and new waits for the morning", async () => {
    const cohort = await world.cohort();
    const anna = await world.member("anna", cohort.code);
    const id = await world.plan(cohort.id);
    await world.work(anna);
    await anna.type(`days ${id} yes`);
    await world.work(anna);
    world.clock.now = Date.UTC(2026, 2, 4, 22);
    expect(await changeEvent(store.db, id, dayFacts({ venue: "Library" }), world.clock.now)).toBe(true);
    expect(await world.work(anna)).toContain(
      "Day 1: My role was changed. It is now: Sunday 15 March at 10:00 to 16:00, Library.",
    );
    expect(await cancelEvent(store.db, id, "The trainer is ill.", world.clock.now)).toBe(true);
    expect(await world.work(anna)).toContain("is cancelled: The trainer is ill.");
    expect(await cancelEvent(store.db, id, "Again", world.clock.now)).toBe(false);
    expect(await changeEvent(store.db, id, dayFacts(), world.clock.now)).toBe(false);
    await anna.type(`days ${id} yes`);
    expect(await world.work(anna)).toContain("That is not possible any more.");
    expect((await store.db.event.findUniqueOrThrow({ where: { id } })).sequence).toBe(2);
    expect((await world.reminded(anna))?.text).not.toContain("Day 1: My role");

    world.clock.now = Date.UTC(2026, 2, 5, 20);
    await world.plan(cohort.id, { title: "Soon", startsAt: Date.UTC(2026, 2, 6, 9) });
    expect(await world.work(anna)).toBe("");
    world.clock.now = Date.UTC(2026, 2, 6, 6, 59);
    expect(await world.work(anna)).toBe("");
    world.clock.now = Date.UTC(2026, 2, 6, 7, 0);
    expect(await world.work(anna)).toContain("A training day: Soon, Friday 6 March at 10:00 to 16:00");
  });

  test("somebody of another cohort is let in by the trainer alone; a correction is another entry", async () => {
    const [own, theirs] = [await world.cohort(), await world.cohort({ name: "Autumn" })];
    await world.member("anna", own.code);
    const bo = await world.member("bo", theirs.code);
    const id = await world.plan(own.id);
    world.clock.now = sunday + 5 * minuteMs;
    await bo.type(`here ${await world.code(id)}`);
    expect(await world.work(bo)).toContain("You are not on the list of Day 1: My role. The trainer sees you now");
    expect(await world.attended(await bo.id())).toEqual([]);
    const who = { eventId: id, personId: await bo.id() };
    world.clock.now += 20 * minuteMs;
    expect(await decideGuest(store.db, who, true, "trainer", 10 * minuteMs, world.clock.now)).toBe(true);
    expect(await decideGuest(store.db, who, true, "trainer", 10 * minuteMs, world.clock.now)).toBe(false);
    await world.work(bo);
    expect(await bo.news()).toBe("");
    expect((await world.seat(id, who.personId)).attendance).toBe("present");
    const partial = { attendance: "partial", minutes: 120 } as const;
    expect(await noteAttendance(store.db, who, partial, "trainer", world.clock.now)).toMatchObject({
      n: 2,
      minutes: 120,
    });
    expect(await noteAttendance(store.db, who, partial, "trainer", world.clock.now)).toMatchObject({ n: 2 });
    await world.work(bo);
    expect((await world.attended(who.personId)).map(({ key, minutes }) => [key, minutes])).toEqual([
      [`attended:${id}:1`, 300],
      [`attended:${id}:2`, 120],
    ]);
    await bo.type("days");
    expect(await world.work(bo)).toContain("You were there for a part: 120 minutes count.");
  });

  test("whoever joins later is invited, whoever leaves gives the place back", async () => {
    const cohort = await world.cohort();
    const anna = await world.member("anna", cohort.code);
    const id = await world.plan(cohort.id, { places: 1 });
    await world.work(anna);
    await anna.type(`days ${id} yes`);
    await world.work(anna);
    const bo = await world.member("bo", cohort.code);
    await world.tick();
    await world.work(bo);
    await bo.type(`days ${id} yes`);
    expect(await world.work(bo)).toContain("All places are taken.");
    await move(store.db, { cohortId: cohort.id, personId: await anna.id() }, "remove", world.clock.now);
    await world.tick();
    await world.work(bo);
    expect((await world.seat(id, await bo.id())).state).toBe("offered");
    expect((await world.seat(id, await anna.id())).state).toBe("declined");
    await world.tick();
    expect(await store.db.job.count({ where: { name: "eventNews" } })).toBe(0);
  });
});
