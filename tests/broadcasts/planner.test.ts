import { describe, expect, test } from "vitest";
import { numbersOf } from "../../src/broadcasts/facts.ts";
import type { Store } from "../../src/store/types.ts";
import { databaseKinds } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";
import { createWorld, hello, thursday } from "./world.ts";

describe.each(databaseKinds)("the planner, on %s", (kind) => {
  let store: Store;
  let world: Awaited<ReturnType<typeof createWorld>>;
  eachWithStore(kind, async (opened) => {
    store = opened;
    world = await createWorld(store);
  });

  /** Everybody of the crowd has exactly one delivery, one message and one token. */
  async function expectExact(id: string, people: number): Promise<void> {
    expect(await world.states(id)).toEqual({ planned: people, skipped: 1 });
    const rows = await store.db.outbox.findMany({ select: { personId: true } });
    expect(rows.length).toBe(people);
    expect(new Set(rows.map((row) => row.personId)).size).toBe(people);
    expect(await store.db.token.count()).toBe(people);
  }

  test("one that is killed between two steps and runs again adds nothing and leaves nobody out", async () => {
    await world.crowd(1_600);
    const lead = await world.coordinator("z-lead");
    const id = await world.sent(lead);
    let steps = 0;
    const killed = world.planner({
      store: {
        db: store.db,
        sql: store.sql,
        tell: () => {
          steps += 1;
          if (steps === 2) throw new Error("killed");
        },
      },
    });
    await killed.tick();
    const before = await store.db.outbox.count();
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(1_600);
    await world.planner().tick();
    await world.planner().tick();
    await expectExact(id, 1_600);
  });

  test("two at once write everybody once", async () => {
    await world.crowd(2_200);
    const lead = await world.coordinator("z-lead");
    const id = await world.sent(lead);
    const [one, other] = [world.planner(), world.planner()];
    await Promise.all([one.tick(), other.tick()]);
    await Promise.all([one.tick(), other.tick()]);
    await expectExact(id, 2_200);
  });

  test("nothing leaves before the ten seconds are over, and what is taken back is a draft again", async () => {
    await world.person("a");
    const lead = await world.coordinator("z-lead");
    const id = (await world.broadcasts.draft(lead, hello)) ?? "";
    await world.broadcasts.send(lead, id, "Europe/Copenhagen");
    world.clock.now += 9_999;
    await world.planner().tick();
    expect(await store.db.outbox.count()).toBe(0);
    expect(await world.broadcasts.takeBack(lead, id)).toBe(true);
    world.clock.now += 60_000;
    await world.planner().tick();
    expect(await store.db.outbox.count()).toBe(0);
    expect((await world.broadcasts.find(lead, id))?.state).toBe("draft");
  });

  test("of two coordinators who press send at once one wins, and the other is told", async () => {
    await world.person("a");
    const [one, other] = [await world.coordinator("z-one"), await world.coordinator("z-two")];
    const id = (await world.broadcasts.draft(one, hello)) ?? "";
    const results = await Promise.allSettled([
      world.broadcasts.send(one, id, "Europe/Copenhagen"),
      world.broadcasts.send(other, id, "Europe/Copenhagen"),
    ]);
    expect(results.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
    const lost = results.find((result) => result.status === "rejected");
    expect(lost?.reason).toMatchObject({ problems: [{ code: "state" }] });
  });

  test("whoever cannot get it is skipped with the reason, and quiet hours are kept where the person is", async () => {
    await world.person("a");
    await world.person("b-stopped", { stopped: true });
    await world.person("c-paused", { pausedUntil: thursday + 3_600_000 });
    await world.person("d-gone", { gone: true });
    await world.person("e-nowhere", { addressless: true });
    await world.person("f-tokyo", { timeZone: "Asia/Tokyo" });
    await world.person("g-denver", { timeZone: "America/Denver" });
    const lead = await world.coordinator("z-lead");
    const id = await world.sent(lead);
    await world.planner().tick();
    const rows = await store.db.broadcastDelivery.findMany({
      where: { broadcastId: id },
      orderBy: { personId: "asc" },
    });
    expect(rows.map((row) => [row.personId, row.state, row.reason])).toEqual([
      ["a", "planned", null],
      ["b-stopped", "skipped", "stopped"],
      ["c-paused", "skipped", "paused"],
      ["d-gone", "skipped", "unreachable"],
      ["e-nowhere", "skipped", "no-address"],
      ["f-tokyo", "planned", null],
      ["g-denver", "planned", null],
      ["z-lead", "skipped", "stopped"],
    ]);
    const due = await store.db.outbox.findMany({ orderBy: { personId: "asc" }, select: { notBefore: true } });
    expect(due.map((row) => new Date(Number(row.notBefore)).toISOString())).toEqual([
      "2026-03-05T10:00:10.000Z",
      // 19:00 in Tokyo is allowed; 3 in the morning in Denver waits for 8.
      "2026-03-05T10:00:10.000Z",
      "2026-03-05T15:00:00.000Z",
    ]);
  });

  test("cancelled while it is being sent, what is under way arrives and the rest never leaves", async () => {
    await world.crowd(700);
    const lead = await world.coordinator("z-lead");
    const id = await world.sent(lead);
    await world.planner().tick();
    const flying = await world.step("x:bot", 10);
    expect(await world.broadcasts.cancel(lead, id)).toBe(true);
    await world.planner().tick();
    expect(await world.states(id)).toEqual({ planned: 10, cancelled: 690, skipped: 1 });
    await flying.settle();
    await world.planner().tick();
    expect(await world.states(id)).toEqual({ sent: 10, cancelled: 690, skipped: 1 });
    expect(await store.db.outbox.count()).toBe(0);
    expect(await world.broadcasts.cancel(lead, id)).toBe(false);
  });

  test("every person's facts come with the settlement of the row, and it is done when all have come to their end", async () => {
    await world.crowd(4);
    const lead = await world.coordinator("z-lead");
    const id = await world.sent(lead);
    await world.planner().tick();
    await (await world.step("x:bot", 1)).settle();
    await (await world.step("x:bot", 1, { outcome: "gone", code: "403" })).settle();
    await (await world.step("x:bot", 1, { outcome: "unknown", code: "reset" })).settle();
    expect((await world.broadcasts.find(lead, id))?.state).toBe("sending");
    await (await world.step("x:bot", 1, { outcome: "rejected", code: "400" })).settle();
    await world.planner().tick();
    expect((await world.broadcasts.find(lead, id))?.state).toBe("done");
    expect(await numbersOf(store.sql, id)).toMatchObject({
      people: 5,
      sent: 1,
      failed: 2,
      unknown: 1,
      skipped: 1,
      delivered: 0,
    });
    const reasons = await store.db.broadcastDelivery.findMany({
      where: { broadcastId: id },
      orderBy: { personId: "asc" },
    });
    expect(reasons.map((row) => row.reason)).toEqual([null, "gone:403", "unknown:reset", "rejected:400", "stopped"]);
  });

  test("sent again, it goes to exactly those who failed; unknown ones only when they are asked for", async () => {
    await world.crowd(3);
    const lead = await world.coordinator("z-lead");
    const id = await world.sent(lead);
    await world.planner().tick();
    await (await world.step("x:bot", 1)).settle();
    await (await world.step("x:bot", 1, { outcome: "rejected", code: "400" })).settle();
    await (await world.step("x:bot", 1, { outcome: "unknown", code: "reset" })).settle();
    await world.planner().tick();
    const both = await Promise.all([
      world.broadcasts.again(lead, id, "failed"),
      world.broadcasts.again(lead, id, "failed"),
    ]);
    expect(both[0] + both[1]).toBe(1);
    const retried = await world.step("x:bot", 10);
    expect(retried.rows.map((row) => row.address.user)).toEqual(["p00001"]);
    await retried.settle();
    expect(await world.states(id)).toEqual({ sent: 2, unknown: 1, skipped: 1 });
    expect(await world.broadcasts.again(lead, id, "unknown")).toBe(1);
    const asked = await world.step("x:bot", 10);
    expect(asked.rows.map((row) => row.address.user)).toEqual(["p00002"]);
    await asked.settle();
    await world.planner().tick();
    expect(await world.states(id)).toEqual({ sent: 3, skipped: 1 });
    expect((await world.broadcasts.find(lead, id))?.state).toBe("done");
  });

  test("a correction replaces the message where the platform can and knows it, else it says that it is one", async () => {
    await world.crowd(2);
    const lead = await world.coordinator("z-lead");
    const id = await world.sent(lead);
    await world.planner().tick();
    await (await world.step("x:bot", 1)).settle();
    await (await world.step("x:bot", 1, { outcome: "unknown", code: "reset" })).settle();
    const content = { ...hello.content, texts: { en: "Dear {name}, welcome at ten." } };
    const correction = (await world.broadcasts.correct(lead, id, content)) ?? "";
    await world.broadcasts.send(lead, correction, "Europe/Copenhagen");
    world.clock.now += 10_000;
    await world.planner().tick();
    const { rows, settle } = await world.step("x:bot", 10);
    expect(rows.map((row) => [row.address.user, row.parts[0]?.messageId !== undefined])).toEqual([
      ["p00000", true],
      ["p00001", false],
    ]);
    const texts = rows.map((row) => JSON.stringify(row.parts[0]?.reply.text));
    expect(texts[0]).toContain("Dear Annp00000, welcome at ten.");
    expect(texts[0]).not.toContain("Correction");
    expect(texts[1]).toContain("Correction");
    await settle();
    expect(await world.states(correction)).toEqual({ sent: 2 });
  });
});
