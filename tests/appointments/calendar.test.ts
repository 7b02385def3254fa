import { describe, expect, test } from "vitest";
import { claim } from "../../src/assessments/steps.ts";
import { calendarFile } from "../../src/events/calendar.ts";
import { rootId } from "../../src/people/standing.ts";
import { everythingAbout } from "../../src/privacy/about.ts";
import { eraseEverything } from "../../src/privacy/erase.ts";
import type { Store } from "../../src/store/types.ts";
import { asking, createWorld } from "../assessments/world.ts";
import { readCalendar } from "../support/calendar.ts";
import { words } from "../support/chat.ts";
import { databaseKinds } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";

describe.each(databaseKinds)("an appointment in calendars, on %s", (kind) => {
  let store: Store;
  eachWithStore(kind, (opened) => {
    store = opened;
  });

  /** Anna in New York is assessed by Eva in Copenhagen. */
  async function twoSides() {
    const world = await createWorld(store, asking({ assessors: 1 }));
    const anna = await world.candidate("anna", rootId);
    const eva = await world.staff("eva", "assessor");
    for (const [who, timeZone] of [
      [anna, "America/New_York"],
      [eva, "Europe/Copenhagen"],
    ] as const)
      await store.db.person.update({ where: { id: await who.id() }, data: { timeZone } });
    await world.command(anna, "assessment", "ask");
    const { id } = await store.db.assessment.findFirstOrThrow();
    await claim(world.deps, await eva.id(), id);
    const { secret, catalogue, open } = world;
    const deps = { db: store.db, words, catalogue, secret, open, now: () => world.clock.now, origin: "" };
    /** What a program gets that follows a link of a chat. */
    const fetched = async (link: string | undefined) => {
      const [, token = "", one] =
        /^http:\/\/127\.0\.0\.1:1\/calendar\/([\w-]{32})(?:\/(.+))?\.ics$/u.exec(link ?? "") ?? [];
      const file = await calendarFile(deps, token, one);
      if (file === undefined) throw new Error(`nothing behind ${link}`);
      return { text: file.body, events: readCalendar(file.body).map((event) => Object.fromEntries(event)) };
    };
    return { world, anna, eva, assessment: id, fetched };
  }

  test("each side gets a file when it is agreed, moved and called off: one UID, a higher SEQUENCE, nothing of the case", async () => {
    const { world, anna, eva, fetched } = await twoSides();
    // Between the two clock changes New York is five hours behind, after both of them six again.
    await world.command(eva, "queue");
    await world.press(eva, "Open 1");
    await world.press(eva, "Propose a talk");
    await world.type(eva, "24.3. 14:30");
    await world.type(eva, "31.3. 14:30");
    await world.press(eva, "Done");
    const sent = await world.press(eva, "By phone");
    expect(sent).toContain("Tuesday 24 March at 14:30");
    expect(sent).toContain("For Name of anna: Tuesday 24 March at 09:30, Tuesday 31 March at 08:30");
    expect(anna.link("Into my calendar")).toBeUndefined();
    const asked = await anna.news();
    expect(asked).toContain("Tuesday 24 March at 09:30");
    expect(asked).toContain("Tuesday 31 March at 08:30");
    expect(await world.press(anna, "24/03, 09:30")).toContain(
      "Talk with Name of eva: Tuesday 24 March at 09:30 (By phone)",
    );
    expect(await eva.news()).toContain("For Name of anna: Tuesday 24 March at 09:30");

    const uids = new Set<unknown>();
    for (const who of [anna, eva]) {
      const { text, events } = await fetched(who.link("Into my calendar"));
      expect(events).toMatchObject([
        {
          ...{ SUMMARY: "Appointment", LOCATION: "By phone", STATUS: "CONFIRMED", SEQUENCE: "1" },
          ...{ DTSTART: "20260324T133000Z", DTEND: "20260324T140000Z" },
        },
      ]);
      expect(text).toContain("METHOD:PUBLISH");
      expect(text).not.toMatch(/Name of|assess|DESCRIPTION/iu);
      uids.add(events[0]?.UID);
    }

    await world.press(eva, "Other times");
    await world.type(eva, "31.3. 14:30");
    await world.press(eva, "Done");
    await world.press(eva, "Online");
    await anna.news();
    for (const who of [anna, eva]) {
      const { text, events } = await fetched(who.link("Update my calendar"));
      expect(events).toMatchObject([{ STATUS: "CANCELLED", SEQUENCE: "2", DTSTART: "20260324T133000Z" }]);
      expect(text).toContain("METHOD:CANCEL");
    }
    await world.press(anna, "31/03, 08:30");
    await eva.news();
    for (const who of [anna, eva]) {
      const { text, events } = await fetched(who.link("Into my calendar"));
      expect(events).toMatchObject([{ STATUS: "CONFIRMED", SEQUENCE: "3", DTSTART: "20260331T123000Z" }]);
      expect(text).toContain("METHOD:PUBLISH");
      uids.add(events[0]?.UID);
    }

    await world.press(anna, "Cancel the talk");
    await eva.news();
    for (const who of [anna, eva]) {
      const { text, events } = await fetched(who.link("Update my calendar"));
      expect(events).toMatchObject([{ STATUS: "CANCELLED", SEQUENCE: "4", DTSTART: "20260331T123000Z" }]);
      expect(text).toContain("METHOD:CANCEL");
      uids.add(events[0]?.UID);
    }
    expect(uids.size).toBe(1);
  });

  test("stands in the person's own calendar beside training days, and goes with the person", async () => {
    const { world, anna, eva, assessment, fetched } = await twoSides();
    const at = Date.UTC(2026, 2, 24, 13, 30);
    const me = await eva.id();
    const proposal = { id: "talk", kind: "assessment", about: assessment, times: [at], place: "site" } as const;
    await world.appointments.propose(me, proposal);
    await world.work();
    expect(await world.command(anna, "days", "calendar")).toContain("training days and appointments");
    const whole = () => fetched(anna.link("All in my calendar"));
    expect((await whole()).events, "only proposed").toEqual([]);
    await world.appointments.pick(await anna.id(), "talk", at);
    await store.db.cohort.update({ where: { id: "spring" }, data: { programme: "family-mentor" } });
    await store.db.event.create({
      data: {
        ...{ id: "day", cohortId: "spring", title: "A day about roles", form: "in-person", venue: "Library", link: "" },
        ...{ startsAt: BigInt(at + 86_400_000), endsAt: BigInt(at + 90_000_000), timeZone: "Europe/Copenhagen" },
        ...{ minutes: 60, kind: "live", overnight: false, state: "planned", reason: "", sequence: 0, createdBy: me },
        ...{ createdAt: 0n, changedAt: 0n, secret: new Uint8Array([1]) },
        seats: {
          create: { personId: await anna.id(), state: "coming", queuedAt: 0n, changedAt: 0n },
        },
      },
    });
    const { text, events } = await whole();
    expect(events.map(({ SUMMARY }) => SUMMARY)).toEqual(["A day about roles", "Appointment"]);
    expect(text).toContain("METHOD:PUBLISH");

    const told = await everythingAbout(store, await anna.id(), world.open);
    expect(told?.appointments).toEqual([
      { kind: "assessment", minutes: 30, state: "fixed", startsAt: "2026-03-24T13:30:00.000Z" },
    ]);
    expect(await eraseEverything(store, me, world.clock.now)).toMatchObject({ appointments: 1 });
    expect((await whole()).events.map(({ SUMMARY }) => SUMMARY)).toEqual(["A day about roles"]);
  });
});
