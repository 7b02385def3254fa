import { describe, expect, test, vi } from "vitest";
import { createScheduler } from "../../src/schedule/scheduler.ts";
import type { Store } from "../../src/store/types.ts";
import { databaseKinds, quietLog } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";
import { createWorld, hello } from "./world.ts";

describe.each(databaseKinds)("sending again, on %s", (kind) => {
  let store: Store;
  let world: Awaited<ReturnType<typeof createWorld>>;
  eachWithStore(kind, async (opened) => {
    store = opened;
    world = await createWorld(store);
  });

  /** A broadcast to these many people whose messages all ended like this. */
  async function ended(people: number, outcome: "unknown" | "rejected") {
    await world.crowd(people);
    const lead = await world.coordinator("z-lead");
    const id = await world.sent(lead);
    await world.planner().tick();
    await (await world.step("x:bot", people, { outcome, code: "test" })).settle();
    await world.planner().tick();
    return { lead, id };
  }

  const open = () => store.db.outbox.count({ where: { status: { lte: 1 } } });

  test("one row and all of them at the same moment send to each person once", async () => {
    const { lead, id } = await ended(5, "unknown");
    const [first] = await store.db.outbox.findMany({ orderBy: { seq: "asc" } });
    for (let tries = 0; tries < 5; tries += 1) {
      await Promise.all([
        store.outbox.sendAgain(first?.seq ?? 0, world.clock.now),
        world.broadcasts.again(lead, id, "unknown"),
        world.broadcasts.again(lead, id, "unknown"),
      ]);
      const rows = await store.db.outbox.findMany({ where: { status: { lte: 1 } } });
      expect(rows.map((row) => row.personId).sort()).toEqual(["p00000", "p00001", "p00002", "p00003", "p00004"]);
    }
    await (await world.step("x:bot", 10)).settle();
    await world.planner().tick();
    expect(await world.states(id)).toEqual({ sent: 5, skipped: 1 });
  });

  test("of somebody who has an open row already nothing more is written", async () => {
    const { lead, id } = await ended(2, "unknown");
    const [first] = await store.db.outbox.findMany({ orderBy: { seq: "asc" } });
    expect(await store.outbox.sendAgain(first?.seq ?? 0, world.clock.now)).toBe(true);
    expect(await world.broadcasts.again(lead, id, "unknown")).toBe(1);
    expect(await open()).toBe(2);
  });

  test("a broadcast that was cancelled meanwhile is not sent again, and lanes are woken where it is", async () => {
    const { lead, id } = await ended(3, "rejected");
    const woken: string[] = [];
    const off = store.onWork(({ lanes }) => void woken.push(...lanes));
    await store.db.broadcast.update({ where: { id }, data: { state: "sending" } });
    // Cancelled between the look at its state and the first write.
    const { sql } = store;
    const cancelling = await createWorld({
      ...store,
      sql: {
        ...sql,
        async transaction(work) {
          await store.db.broadcast.update({ where: { id }, data: { state: "cancelled" } });
          return sql.transaction(work);
        },
      },
    });
    expect(await cancelling.broadcasts.again(lead, id, "failed")).toBe(0);
    expect(await open()).toBe(0);
    expect(woken).toEqual([]);
    await store.db.broadcast.update({ where: { id }, data: { state: "done" } });
    expect(await world.broadcasts.again(lead, id, "failed")).toBe(3);
    await new Promise(setImmediate);
    expect(woken).toEqual(["x:bot"]);
    expect((await world.broadcasts.find(lead, id))?.state).toBe("sending");
    off();
  });

  test("a correction waits until everybody has the text that it corrects", async () => {
    await world.crowd(1_200);
    const lead = await world.coordinator("z-lead");
    const id = await world.sent(lead);
    const slow = world.planner({
      store: {
        ...store,
        tell: () => {
          throw new Error("killed");
        },
      },
    });
    await slow.tick();
    const before = await store.db.outbox.count();
    expect(before).toBeLessThan(1_200);
    const content = { ...hello.content, texts: { en: "Welcome at ten." } };
    const correction = (await world.broadcasts.correct(lead, id, content)) ?? "";
    await world.broadcasts.send(lead, correction, "Europe/Copenhagen");
    world.clock.now += 10_000;
    await slow.tick();
    expect(await world.states(correction)).toEqual({});
    await world.planner().tick();
    await world.planner().tick();
    const rows = await store.db.outbox.findMany({ orderBy: { seq: "asc" }, select: { payload: true } });
    const isCorrection = rows.map((row) => row.payload.includes(correction));
    expect(isCorrection).toEqual([...Array(1_200).fill(false), ...Array(1_200).fill(true)]);
  });

  test("a restored database sends nothing of a broadcast before its release, scheduled or half planned", async () => {
    await world.crowd(300);
    const lead = await world.coordinator("z-lead");
    await world.sent(lead);
    const killed = world.planner({
      store: {
        ...store,
        tell: () => {
          throw new Error("killed");
        },
      },
    });
    await killed.tick();
    const scheduled = await world.sent(lead);
    const written = await store.db.outbox.count();
    expect(written).toBeGreaterThan(0);
    await store.db.meta.create({ data: { key: "held", value: "test" } });
    expect(await store.upkeep.held()).toBe(true);
    const scheduler = () =>
      createScheduler({
        store,
        receive: async () => ({ outcome: "taken" }),
        jobs: {},
        also: { broadcasts: world.planner().tick },
        now: () => world.clock.now,
        log: quietLog,
      });
    const held = scheduler();
    held.start();
    await held.stop();
    expect(await store.db.outbox.count()).toBe(written);
    expect(await store.outbox.take("test", ["x:bot"], 60_000, 10)).toEqual([]);
    expect((await world.broadcasts.find(lead, scheduled))?.state).toBe("scheduled");
    await store.upkeep.release();
    const open = scheduler();
    open.start();
    await vi.waitFor(async () => expect(await store.db.outbox.count()).toBe(600), { timeout: 20_000, interval: 20 });
    await open.stop();
    expect(await store.outbox.take("test", ["x:bot"], 60_000, 10)).toHaveLength(1);
  });
});
