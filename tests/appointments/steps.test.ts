import { describe, expect, test } from "vitest";
import { type Appointments, createAppointments } from "../../src/appointments/appointments.ts";
import { appointmentOf } from "../../src/appointments/read.ts";
import type { Store } from "../../src/store/types.ts";
import { createWorld } from "../inbox/world.ts";
import { databaseKinds } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";

const hourMs = 3_600_000;

describe.each(databaseKinds)("appointments for any reason, on %s", (kind) => {
  let store: Store;
  let world: Awaited<ReturnType<typeof createWorld>>;
  let appointments: Appointments;
  let [anna, eva, mia] = ["", "", ""];
  eachWithStore(kind, async (opened) => {
    store = opened;
    world = await createWorld(store);
    [anna = "", eva = "", mia = ""] = await Promise.all(
      ["anna", "eva", "mia"].map(async (user) => (await world.learner(user)).id()),
    );
    const deps = { db: store.db, now: () => world.clock.now, seal: world.seal, open: world.open };
    // Eva meets Anna about a walk; nobody else meets anybody.
    appointments = createAppointments(deps, {
      walk: {
        minutes: 45,
        whom: async (me, about) => (me === eva && about === "park" ? { personId: anna } : { refused: "notyours" }),
      },
    });
  });

  const at = (hours: number): number => world.clock.now + hours * hourMs;
  const propose = (times: readonly number[], seen?: number, id = "walk-1") =>
    appointments.propose(eva, { id, kind: "walk", about: "park", times, place: "site", seen });
  const stored = (id = "walk-1") => appointmentOf({ db: store.db, open: world.open }, id);
  const news = () => store.db.job.findMany({ where: { name: "appointmentNews" }, orderBy: { id: "asc" } });

  test("are proposed by whom the reason allows, for times ahead, and last as long as it says", async () => {
    const walk = { id: "x", kind: "walk", about: "park", times: [at(2)], place: "phone" } as const;
    expect(await appointments.propose(mia, walk)).toEqual({ ok: false, why: "notyours" });
    expect(await appointments.propose(eva, { ...walk, kind: "swim" })).toEqual({ ok: false, why: "gone" });
    for (const times of [[], [at(-1)], [at(1), at(2), at(3), at(4)]])
      expect(await appointments.propose(eva, { ...walk, times })).toEqual({ ok: false, why: "times" });
    expect(await propose([at(3), at(2), at(2), at(-1)])).toEqual({ ok: true, id: "walk-1" });
    expect(await stored()).toMatchObject({ minutes: 45, place: "site", proposed: [at(2), at(3)], sequence: 0 });
    expect((await news()).map(({ personId }) => personId).sort()).toEqual([anna, eva].sort());
  });

  test("are nobody else's, and each step has its side and its time", async () => {
    await propose([at(2)]);
    for (const step of [
      appointments.pick(mia, "walk-1", at(2)),
      appointments.pick(eva, "walk-1", at(2)),
      appointments.cancel(mia, "walk-1"),
      appointments.held(mia, "walk-1"),
      appointments.cancel(eva, "walk-2"),
    ])
      expect(await step).toEqual({ ok: false, why: "gone" });
    expect(await appointments.pick(anna, "walk-1", at(5))).toEqual({ ok: false, why: "changed" });
    expect(await appointments.held(eva, "walk-1")).toEqual({ ok: false, why: "changed" });
    await appointments.pick(anna, "walk-1", at(2));
    expect(await appointments.held(eva, "walk-1")).toEqual({ ok: false, why: "early" });
    world.clock.now = at(3);
    expect(await appointments.held(anna, "walk-1")).toEqual({ ok: false, why: "changed" });
    expect(await appointments.held(eva, "walk-1")).toMatchObject({ ok: true });
    expect(await appointments.cancel(anna, "walk-1")).toEqual({ ok: false, why: "over" });
  });

  test("a time that has passed meanwhile is not picked", async () => {
    const soon = at(1);
    await propose([soon]);
    world.clock.now = at(2);
    expect(await appointments.pick(anna, "walk-1", soon)).toEqual({ ok: false, why: "times" });
  });

  test("the same step twice is done once, and told once", async () => {
    const time = at(2);
    for (let n = 0; n < 2; n += 1) expect(await propose([time])).toMatchObject({ ok: true });
    for (let n = 0; n < 2; n += 1) expect(await appointments.pick(anna, "walk-1", time)).toMatchObject({ ok: true });
    expect(await stored()).toMatchObject({ state: "fixed", sequence: 1 });
    for (let n = 0; n < 2; n += 1) expect(await appointments.cancel(eva, "walk-1")).toMatchObject({ ok: true });
    expect(await stored()).toMatchObject({ state: "cancelled", sequence: 2, startsAt: time });
    expect(await news()).toHaveLength(6);
  });

  test("what somebody saw and was changed since is not written over", async () => {
    await propose([at(2)]);
    await appointments.pick(anna, "walk-1", at(2));
    expect(await propose([at(4)], 0), "the page is older than the answer").toEqual({ ok: false, why: "changed" });
    expect(await appointments.cancel(eva, "walk-1", 0)).toEqual({ ok: false, why: "changed" });
    expect(await propose([at(4)], -1, "walk-2"), "there is one already").toEqual({ ok: false, why: "changed" });
    expect(await stored()).toMatchObject({ state: "fixed", startsAt: at(2), sequence: 1 });
    expect(await propose([at(4)], 1)).toEqual({ ok: true, id: "walk-1" });
    expect(await stored()).toMatchObject({ state: "moved", startsAt: at(2), proposed: [at(4)], sequence: 2 });
  });

  test("of two at the same moment one comes first, and nothing is lost", async () => {
    const first = await Promise.all([propose([at(2)], -1, "walk-1"), propose([at(3)], -1, "walk-2")]);
    expect(first.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await store.db.appointment.count()).toBe(1);
    const { id, proposed } = await store.db.appointment.findFirstOrThrow();
    const time = Number(JSON.parse(proposed)[0]);
    const both = await Promise.all([propose([at(5)], 0, "walk-3"), appointments.pick(anna, id, time, 0)]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    const [moved, picked] = both;
    expect(await stored(id)).toMatchObject(
      moved.ok ? { state: "proposed", proposed: [at(5)] } : { state: "fixed", startsAt: time },
    );
    expect(moved.ok).not.toBe(picked.ok);
  });
});
