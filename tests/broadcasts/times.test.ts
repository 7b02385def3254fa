import { describe, expect, test } from "vitest";
import { emptySession, type Session } from "../../src/engine/session.ts";
import { createCatalogue } from "../../src/programmes/catalogue.ts";
import type { Store } from "../../src/store/types.ts";
import { fakePlatform } from "../outbox/harness.ts";
import { programmes } from "../support/chat.ts";
import { databaseKinds } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";
import { createWorld, hello, onePart, thursday } from "./world.ts";

const day = 24 * 3_600_000;

describe.each(databaseKinds)("when a broadcast leaves, on %s", (kind) => {
  let store: Store;
  let world: Awaited<ReturnType<typeof createWorld>>;
  eachWithStore(kind, async (opened) => {
    store = opened;
    world = await createWorld(store, [
      onePart(fakePlatform("x", { rates: [{ scope: "lane", count: 1, perMs: 1_000 }] }).adapter),
      onePart(fakePlatform("page", { lane: false }).adapter),
    ]);
  });

  const planner = () =>
    world.planner({
      catalogue: createCatalogue(
        programmes,
        [],
        (country, year) => new Set(country === "DK" && year === 2026 ? ["2026-03-05"] : []),
      ),
    });
  const session = (id: string, changes: Partial<Session>) =>
    store.db.session.create({
      data: { personId: id, rev: 3, state: JSON.stringify({ ...emptySession, ...changes }) },
    });
  const dueOf = async () => {
    const rows = await store.db.outbox.findMany({ orderBy: { personId: "asc" } });
    return Object.fromEntries(rows.map((row) => [row.personId, Number(row.notBefore)]));
  };

  test("it counts under the daily cap: whoever had something today gets it tomorrow, and has had tomorrow's then", async () => {
    await world.person("a-had");
    await world.person("b-free");
    await session("a-had", { pushedOn: "2026-03-05" });
    await session("b-free", { pushedOn: "2026-03-04", waiting: [{ kept: true }] });
    const lead = await world.coordinator("z-lead");
    await world.sent(lead);
    await world.planner().tick();
    expect(await dueOf()).toEqual({ "a-had": thursday + 10_000 + day, "b-free": thursday + 10_000 });
    const sessions = await store.db.session.findMany({ orderBy: { personId: "asc" } });
    expect(sessions.map((row) => [row.rev, JSON.parse(row.state)])).toEqual([
      [4, expect.objectContaining({ pushedOn: "2026-03-06", pushes: 1 })],
      [4, expect.objectContaining({ pushedOn: "2026-03-05", pushes: 1, waiting: [{ kept: true }] })],
    ]);
  });

  test("a public holiday waits for the day after, and a change of a session passes by both", async () => {
    await world.person("a-dane");
    await world.person("b-swede", { timeZone: "Europe/Stockholm" });
    const lead = await world.coordinator("z-lead");
    await world.sent(lead);
    await planner().tick();
    expect(await dueOf()).toEqual({ "a-dane": thursday + 10_000 + day, "b-swede": thursday + 10_000 });
    await store.db.outbox.deleteMany();
    await session("b-swede", { pushedOn: "2026-03-05" });
    await world.sent(lead, { ...hello, timing: { kind: "now", urgent: true } });
    await planner().tick();
    expect(await dueOf()).toEqual({ "a-dane": thursday + 20_000, "b-swede": thursday + 20_000 });
  });

  test("not even a change of a session comes in the quiet hours", async () => {
    await world.person("a-denver", { timeZone: "America/Denver" });
    const lead = await world.coordinator("z-lead");
    await world.sent(lead, { ...hello, timing: { kind: "now", urgent: true } });
    await world.planner().tick();
    expect(await dueOf()).toEqual({ "a-denver": Date.UTC(2026, 2, 5, 15) });
  });

  test("what is open in the lane already counts where the quiet hours are near", async () => {
    // 19:58 in the evening; the lane sends 48 pushes a minute.
    world.clock.now = Date.UTC(2026, 2, 5, 18, 58);
    await world.crowd(600);
    const lead = await world.coordinator("z-lead");
    await world.sent(lead);
    let steps = 0;
    const store_ = {
      ...store,
      tell: () => {
        steps += 1;
        if (steps === 1) throw new Error("killed");
      },
    };
    await world.planner({ store: store_ }).tick();
    await world.planner().tick();
    // In less than two minutes 88 can leave, by whole minutes 96; the others wait for the morning.
    const evening = Object.values(await dueOf()).filter((at) => at < Date.UTC(2026, 2, 5, 19));
    expect(evening.length).toBe(96);
    const morning = await store.db.outbox.count({ where: { notBefore: Date.UTC(2026, 2, 6, 7) } });
    expect(morning).toBe((await store.db.outbox.count()) - 96);
    expect(morning).toBeGreaterThanOrEqual(100);
  });

  test("messages are written as the lane needs them, and whoever says stop meanwhile gets none", async () => {
    await world.crowd(700);
    const lead = await world.coordinator("z-lead");
    const id = await world.sent(lead);
    const one = world.planner();
    await one.tick();
    await one.tick();
    // The lane sends 0.8 a second: one step is more than it needs for half a minute.
    expect(await store.db.outbox.count()).toBeLessThanOrEqual(500);
    expect(await world.states(id)).toEqual({ planned: 700, skipped: 1 });
    await store.db.person.update({ where: { id: "p00650" }, data: { stopped: true } });
    for (let tries = 0; tries < 20 && (await world.broadcasts.find(lead, id))?.state !== "done"; tries += 1) {
      await (await world.step("x:bot", 500)).settle();
      await one.tick();
    }
    expect(await world.states(id)).toEqual({ sent: 699, skipped: 2 });
    const stopped = { broadcastId: id, personId: "p00650" };
    const found = await store.db.broadcastDelivery.findUnique({ where: { broadcastId_personId: stopped } });
    expect(found).toMatchObject({ state: "skipped", reason: "stopped" });
    expect((await world.broadcasts.find(lead, id))?.state).toBe("done");
  });

  test("a page gets it at the recipient's own time, behind what it has shown meanwhile, and is counted then", async () => {
    await world.person("a-page", { channel: "page" });
    const lead = await world.coordinator("z-lead");
    const id =
      (await world.broadcasts.draft(lead, { ...hello, timing: { kind: "at", at: "2026-03-06T09:00", zone: null } })) ??
      "";
    await world.broadcasts.send(lead, id, "Europe/Copenhagen");
    world.clock.now = Date.UTC(2026, 2, 6, 7);
    await world.planner().tick();
    const chat = "page:bot:a-page";
    expect(await store.outbox.stream(chat, undefined, 10)).toEqual([]);
    expect(await world.states(id)).toEqual({ planned: 1, skipped: 1 });
    const other = await store.db.outbox.create({
      data: {
        lane: "",
        addressId: chat,
        personId: "a-page",
        class: 0,
        status: 5,
        payload: "[]",
        notBefore: 0n,
        attempts: 0,
        mayBeSent: false,
        createdAt: 0n,
      },
    });
    // 9 in Copenhagen is 8 in UTC.
    world.clock.now = Date.UTC(2026, 2, 6, 8) - 1;
    await world.planner().tick();
    expect(await store.outbox.stream(chat, other.seq, 10)).toEqual([]);
    world.clock.now += 1;
    const told: string[] = [];
    await world.planner({ store: { ...store, tell: ({ chats }) => void told.push(...chats) } }).tick();
    expect(told).toEqual([chat]);
    expect((await store.outbox.stream(chat, other.seq, 10)).map((row) => row.kind)).toEqual(["broadcast"]);
    expect(await world.states(id)).toEqual({ sent: 1, skipped: 1 });
    // No lane of that name came into being.
    await store.outbox.take("test", [], 60_000, 10);
    expect(await store.db.lane.count({ where: { name: "" } })).toBe(0);
  });

  test("a cancelled broadcast never comes to a page that waited for it", async () => {
    await world.person("a-page", { channel: "page" });
    const lead = await world.coordinator("z-lead");
    const id =
      (await world.broadcasts.draft(lead, { ...hello, timing: { kind: "at", at: "2026-03-06T09:00", zone: null } })) ??
      "";
    await world.broadcasts.send(lead, id, "Europe/Copenhagen");
    world.clock.now = Date.UTC(2026, 2, 6, 7);
    await world.planner().tick();
    expect(await world.broadcasts.cancel(lead, id)).toBe(true);
    world.clock.now = Date.UTC(2026, 2, 6, 9);
    await world.planner().tick();
    expect(await store.outbox.stream("page:bot:a-page", undefined, 10)).toEqual([]);
    expect(await world.states(id)).toEqual({ cancelled: 1, skipped: 1 });
  });
});
