import { describe, expect, test } from "vitest";
import { notePress, numbersOf } from "../../src/broadcasts/facts.ts";
import { createChatStream } from "../../src/compose/stream.ts";
import { emptySession } from "../../src/engine/session.ts";
import { loadPerson } from "../../src/people/loaded.ts";
import type { Store } from "../../src/store/types.ts";
import { fakePlatform } from "../outbox/harness.ts";
import { databaseKinds } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";
import { createWorld, hello, onePart } from "./world.ts";

describe.each(databaseKinds)("the facts of a broadcast, on %s", (kind) => {
  let store: Store;
  let world: Awaited<ReturnType<typeof createWorld>>;
  eachWithStore(kind, async (opened) => {
    store = opened;
    world = await createWorld(store, [
      onePart(fakePlatform("x").adapter),
      onePart(fakePlatform("page", { lane: false }).adapter),
    ]);
  });

  async function merge(from: string, into: string, also: Parameters<Store["mergePersons"]>[5] = {}): Promise<void> {
    const found = await loadPerson(store.db, into);
    if (found === undefined) throw new Error(`${into} is not there`);
    const merged = { session: emptySession, person: found.person };
    await store.mergePersons(from, into, merged, { from: 0, into: 0 }, world.clock.now, also);
  }

  /** Sends everything that waits and says to which chats. */
  async function leave(): Promise<readonly string[]> {
    const { rows, settle } = await world.step("x:bot", 10);
    await settle();
    return rows.map((row) => row.address.user).sort();
  }

  test("a message on its way to somebody who is merged meanwhile is counted for whom they became", async () => {
    await world.person("a-old");
    await world.person("b-new", { stopped: true });
    const lead = await world.coordinator("z-lead");
    const id = await world.sent(lead, { ...hello, content: { ...hello.content, acknowledge: true } });
    await store.db.broadcastDelivery.deleteMany({ where: { personId: "b-new" } });
    await world.planner().tick();
    await store.db.broadcastDelivery.deleteMany({ where: { broadcastId: id, personId: "b-new" } });
    const flying = await world.step("x:bot", 10);
    await merge("a-old", "b-new");
    await flying.settle();
    const [row] = await store.db.broadcastDelivery.findMany({ where: { broadcastId: id, personId: "b-new" } });
    expect(row).toMatchObject({ state: "sent", reason: null });
    // A press that was on its way names the earlier id.
    const press = { broadcast: id, person: "a-old", what: "ack", now: world.clock.now };
    expect(await notePress(store.sql, press)).toEqual({ result: "acknowledged" });
    expect(await numbersOf(store.sql, id)).toMatchObject({ sent: 1, acted: 1, acknowledged: 1 });
    await world.planner().tick();
    expect((await world.broadcasts.find(lead, id))?.state).toBe("done");
  });

  test("of two people who were merged before the message left one gets it, once", async () => {
    await world.person("a-one");
    await world.person("b-two");
    const lead = await world.coordinator("z-lead");
    const id = await world.sent(lead);
    await world.planner().tick();
    await merge("b-two", "a-one");
    expect(await leave()).toEqual(["a-one"]);
    await world.planner().tick();
    expect(await leave()).toEqual([]);
    const rows = await store.db.broadcastDelivery.findMany({ where: { broadcastId: id, state: "sent" } });
    expect(rows.map((row) => row.personId)).toEqual(["a-one"]);
    expect((await world.broadcasts.find(lead, id))?.state).toBe("done");
  });

  test("of two people who were merged nothing leaves once the broadcast is cancelled", async () => {
    await world.person("a-one");
    await world.person("b-two");
    const lead = await world.coordinator("z-lead");
    const id = await world.sent(lead);
    await world.planner().tick();
    await merge("b-two", "a-one");
    expect(await world.broadcasts.cancel(lead, id)).toBe(true);
    await world.planner().tick();
    expect(await leave()).toEqual([]);
  });

  test("what has left for either of two counts for both, and what is under way is not sent beside", async () => {
    for (const one of ["a-one", "b-two", "c-three", "d-four"]) await world.person(one);
    const lead = await world.coordinator("z-lead");
    const id = await world.sent(lead);
    await world.planner().tick();
    await (await world.step("x:bot", 1)).settle();
    await merge("a-one", "b-two");
    const flying = await world.step("x:bot", 1);
    expect(flying.rows.map((row) => row.address.user)).toEqual(["c-three"]);
    await merge("c-three", "d-four");
    await flying.settle();
    expect(await leave()).toEqual([]);
    await world.planner().tick();
    expect(await leave()).toEqual([]);
    expect(await world.states(id)).toEqual({ sent: 2, skipped: 1 });
    expect((await world.broadcasts.find(lead, id))?.state).toBe("done");
  });

  test("who could not be reached gets it where the one who becomes part of them can be, or they of whom", async () => {
    await world.person("a-gone", { gone: true });
    await world.person("b-there");
    await world.person("c-there");
    await world.person("d-gone", { gone: true });
    const lead = await world.coordinator("z-lead");
    const id = await world.sent(lead);
    const inner = store.sql;
    let steps = 0;
    // Merged between the first transaction, which plans, and the second, which writes.
    const sql: Store["sql"] = {
      ...inner,
      async transaction(work) {
        if (steps++ === 1) {
          await merge("b-there", "a-gone");
          await merge("d-gone", "c-there");
        }
        return inner.transaction(work);
      },
    };
    await world.planner({ store: { ...store, sql } }).tick();
    expect(await leave()).toEqual(["b-there", "c-there"]);
    await world.planner().tick();
    const rows = await store.db.broadcastDelivery.findMany({ where: { broadcastId: id, state: "sent" } });
    expect(rows.map((row) => row.personId).sort()).toEqual(["a-gone", "c-there"]);
    expect((await world.broadcasts.find(lead, id))?.state).toBe("done");
  });

  describe("two people who are made two again", () => {
    const undo = { undo: { id: "undo", actor: "z-lead" } };

    async function begun() {
      await world.person("a-one");
      await world.person("b-two");
      const lead = await world.coordinator("z-lead");
      const id = await world.sent(lead);
      await world.planner().tick();
      return { lead, id };
    }

    test("do not get what left for them meanwhile a second time", async () => {
      const { lead, id } = await begun();
      await merge("b-two", "a-one", undo);
      expect(await leave()).toEqual(["a-one"]);
      expect(await store.undoMerge("undo", world.clock.now)).toBeDefined();
      await world.planner().tick();
      await world.planner().tick();
      expect(await leave()).toEqual([]);
      expect(await world.states(id)).toEqual({ sent: 2, skipped: 1 });
      expect((await world.broadcasts.find(lead, id))?.state).toBe("done");
    });

    test("get it each where nothing has left", async () => {
      const { lead, id } = await begun();
      await merge("b-two", "a-one", undo);
      expect(await store.undoMerge("undo", world.clock.now)).toBeDefined();
      const left: string[] = [];
      // One tick goes back to the beginning for who came behind the cursor, the next one writes.
      for (let ticks = 0; ticks < 4; ticks += 1) {
        await world.planner().tick();
        left.push(...(await leave()));
      }
      expect(left).toEqual(["a-one", "b-two"]);
      await world.planner().tick();
      expect((await world.broadcasts.find(lead, id))?.state).toBe("done");
    });

    test.each(["done", "cancelled"])("wait for nothing of a broadcast that is %s", async (state) => {
      const { id } = await begun();
      // It left for the one before they were merged: the other never got it.
      await (await world.step("x:bot", 1)).settle();
      world.clock.now += 1_000;
      await merge("b-two", "a-one", undo);
      await store.db.broadcast.update({ where: { id }, data: { state } });
      expect(await store.undoMerge("undo", world.clock.now)).toBeDefined();
      expect(await world.states(id)).toEqual({ sent: 1, cancelled: 1, skipped: 1 });
    });
  });

  test("delivered is what a platform confirmed or a page has got, and nothing else", async () => {
    await world.person("a-known");
    await world.person("b-taken");
    await world.person("c-page", { channel: "page" });
    await world.person("d-closed", { channel: "page" });
    const lead = await world.coordinator("z-lead");
    const id = await world.sent(lead);
    await world.planner().tick();
    await (await world.step("x:bot", 1, undefined, true)).settle();
    await (await world.step("x:bot", 1)).settle();
    const stream = createChatStream(store, () => world.clock.now + 5_000);
    const [shown] = await stream.read("page:bot:c-page", undefined, 10);
    expect(shown?.kind).toBe("broadcast");
    await stream.read("page:bot:c-page", undefined, 10);
    stream.close();
    const rows = await store.db.broadcastDelivery.findMany({
      where: { broadcastId: id, state: "sent" },
      orderBy: { personId: "asc" },
    });
    expect(rows.map((row) => [row.personId, row.deliveredAt === null ? null : Number(row.deliveredAt)])).toEqual([
      ["a-known", world.clock.now],
      ["b-taken", null],
      ["c-page", world.clock.now + 5_000],
      ["d-closed", null],
    ]);
    expect(await numbersOf(store.sql, id)).toMatchObject({ sent: 4, delivered: 2 });
  });

  test("somebody who is erased between planning and writing gets nothing, and the broadcast comes to its end", async () => {
    await world.person("a");
    await world.person("b");
    const lead = await world.coordinator("z-lead");
    const id = await world.sent(lead);
    const inner = store.sql;
    let steps = 0;
    // Erased between the first transaction, which plans, and the second, which writes.
    const sql: Store["sql"] = {
      ...inner,
      async transaction(work) {
        if (steps++ === 1) await store.db.person.delete({ where: { id: "b" } });
        return inner.transaction(work);
      },
    };
    await world.planner({ store: { ...store, sql } }).tick();
    const { rows, settle } = await world.step("x:bot", 10);
    expect(rows.map((row) => row.address.user)).toEqual(["a"]);
    await settle();
    await world.planner().tick();
    expect((await world.broadcasts.find(lead, id))?.state).toBe("done");
  });
});
