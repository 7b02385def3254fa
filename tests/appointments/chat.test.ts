import { describe, expect, test } from "vitest";
import { withdraw } from "../../src/assessments/ask.ts";
import { claim, giveBack } from "../../src/assessments/steps.ts";
import { parseMoment } from "../../src/domain/appointment.ts";
import { rootId } from "../../src/people/standing.ts";
import type { Store } from "../../src/store/types.ts";
import { asking, createWorld } from "../assessments/world.ts";
import { tuesday } from "../support/chat.ts";
import { databaseKinds } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";

const zone = "Europe/Copenhagen";

test.each([
  ["24.3. 14:30", "2026-03-24T13:30:00.000Z"],
  ["tomorrow 9.15", "2026-03-04T08:15:00.000Z"],
  ["24.3. kl 14", "2026-03-24T13:00:00.000Z"],
  // The night in which an hour is left out.
  ["29.3. 02:30", "2026-03-29T01:30:00.000Z"],
])("a moment written as %s", (text, expected) => {
  expect(new Date(parseMoment(text, tuesday, zone) ?? 0).toISOString()).toBe(expected);
});

test.each(["soon", "24.3.", "14:30", "1.1.2020 10:00", "24.3. 25:00"])("no moment: %s", (text) => {
  expect(parseMoment(text, tuesday, zone)).toBeNull();
});

describe.each(databaseKinds)("an appointment in chat, on %s", (kind) => {
  let store: Store;
  eachWithStore(kind, (opened) => {
    store = opened;
  });

  /** Eva in Copenhagen assesses Anna in Sofia. */
  async function assessed() {
    const world = await createWorld(store, asking({ assessors: 1 }));
    const anna = await world.candidate("anna", rootId);
    const eva = await world.staff("eva", "assessor");
    await store.db.person.update({ where: { id: await anna.id() }, data: { timeZone: "Europe/Sofia" } });
    await store.db.person.update({ where: { id: await eva.id() }, data: { timeZone: zone } });
    await world.command(anna, "assessment", "ask");
    const { id } = await store.db.assessment.findFirstOrThrow();
    await claim(world.deps, await eva.id(), id);
    return { world, anna, eva, id };
  }

  test("is proposed, picked by the learner's own clock, moved, remembered, and held or cancelled", async () => {
    const { world, anna, eva } = await assessed();
    const open = async () => {
      await world.command(eva, "queue");
      await world.press(eva, "Open 1");
    };
    await open();
    await world.press(eva, "Propose a talk");
    expect(await world.type(eva, "whenever")).toContain("I did not understand that");
    await world.type(eva, "24.3. 14:30");
    await world.type(eva, "25.3. 9:00");
    await world.press(eva, "Done");
    expect(await world.press(eva, "By phone")).toContain("The times were sent to Name of anna");
    const asked = await anna.news();
    expect(asked).toContain("Tuesday 24 March at 15:30");
    expect(asked).toContain("Wednesday 25 March at 10:00");
    expect(await world.press(anna, "24/03, 15:30")).toContain("Talk with Name of eva: Tuesday 24 March at 15:30");
    expect(await eva.news()).toContain("Talk with Name of anna: Tuesday 24 March at 14:30 (By phone)");
    expect(await store.db.appointment.findMany()).toMatchObject([{ state: "fixed", sequence: 1 }]);
    for (const who of [anna, eva]) {
      const session = await store.db.session.findUniqueOrThrow({ where: { personId: await who.id() } });
      expect(session.state).toContain("assess.talk.reminder");
    }
    expect(await world.press(anna, "25/03, 10:00"), "picked already").toContain("That was not done");

    await world.press(eva, "Other times");
    await world.type(eva, "26.3. 9:00");
    await world.press(eva, "Done");
    await world.press(eva, "Online");
    expect(await anna.news()).toContain("has to move your talk (Online)");
    expect(await store.db.appointment.findMany()).toMatchObject([
      { state: "moved", sequence: 2, startsAt: BigInt(Date.UTC(2026, 2, 24, 13, 30)) },
    ]);
    const session = await store.db.session.findUniqueOrThrow({ where: { personId: await anna.id() } });
    expect(session.state).not.toContain("assess.talk.reminder");
    await world.press(anna, "26/03, 10:00");
    await eva.news();
    world.clock.now = Date.UTC(2026, 2, 26, 9);
    expect(await world.command(eva, "appointment")).toContain("26 March");
    await world.press(eva, "It took place");
    expect(await anna.news()).toContain("The talk with Name of eva took place.");
    expect(await store.db.appointment.findMany()).toMatchObject([{ state: "held" }]);
    expect(await world.command(anna, "appointment")).toContain("You have no talk ahead.");
  });

  test.each(["the assessor gives it back", "the learner withdraws"])(
    "is called off where %s, and both hear it",
    async (end) => {
      const { world, anna, eva, id } = await assessed();
      await world.command(eva, "queue");
      await world.press(eva, "Open 1");
      await world.press(eva, "Propose a talk");
      await world.type(eva, "24.3. 14:30");
      await world.press(eva, "Done");
      await world.press(eva, "By phone");
      await anna.news();
      const ended =
        end === "the learner withdraws"
          ? await withdraw(world.deps, await anna.id(), id)
          : await giveBack(world.deps, await eva.id(), id, false);
      expect(ended).toMatchObject({ ok: true });
      await world.work();
      for (const who of [anna, eva]) expect(await who.news()).toContain("There is no talk with");
      expect(await store.db.appointment.findMany()).toMatchObject([{ state: "cancelled", sequence: 1 }]);
    },
  );

  test("wherever it was agreed, both are reminded on the last working day before, and of nothing that is off", async () => {
    const { world, anna, eva, id } = await assessed();
    // Monday; the clocks change on the Sunday between.
    const at = Date.UTC(2026, 2, 30, 7);
    const me = await eva.id();
    const talk = { id: "talk", kind: "assessment", about: id, place: "phone" } as const;
    await world.appointments.propose(me, { ...talk, times: [at] });
    await world.appointments.pick(await anna.id(), "talk", at);
    await world.work();
    expect(await anna.news()).toContain("Monday 30 March at 10:00");
    expect(await eva.news()).toContain("Monday 30 March at 09:00");
    world.clock.now = Date.UTC(2026, 2, 26, 8, 30);
    await world.work();
    expect(await anna.news()).not.toContain("Your talk");
    world.clock.now = Date.UTC(2026, 2, 27, 8, 30);
    await world.work();
    expect(await anna.news()).toContain("Your talk: Monday 30 March at 10:00");
    expect(await eva.news()).toContain("Your talk: Monday 30 March at 09:00");

    const later = Date.UTC(2026, 3, 14, 7);
    await world.appointments.propose(me, { ...talk, times: [later] });
    await world.appointments.pick(await anna.id(), "talk", later);
    await world.work();
    await world.appointments.cancel(me, "talk");
    await world.work();
    expect(await anna.news()).toContain("There is no talk with Name of eva for now.");
    world.clock.now = Date.UTC(2026, 3, 13, 8, 30);
    await world.work();
    expect(await anna.news()).not.toContain("Your talk");
  });
});
