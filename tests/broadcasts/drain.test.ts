import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Adapter, DeliveryError, type Rate } from "../../src/engine/adapter.ts";
import { createOutbox } from "../../src/outbox/runner.ts";
import { fakePlatform } from "../outbox/harness.ts";
import { createDatabase, type TestDatabase } from "../support/databases.ts";
import { createWorld, onePart, thursday } from "./world.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase("sqlite");
});
afterEach(async () => {
  vi.useRealTimers();
  await database.drop();
});

/** A platform that enforces its own limit and answers 429, 5xx, resets and 403 in turn; it notes who got a message. */
function troubled(channel: string, rate: Rate) {
  const got: string[] = [];
  const sentAt: number[] = [];
  let asked = 0;
  let over = 0;
  const deliver: NonNullable<Adapter["deliver"]> = async ({ address }) => {
    const at = performance.now();
    sentAt.push(at);
    if (sentAt.filter((earlier) => at - earlier < rate.perMs).length > rate.count) over += 1;
    asked += 1;
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (asked % 97 === 0) throw new DeliveryError("throttled", "429", { retryAfterMs: 2_000 });
    if (asked % 89 === 0) throw new DeliveryError("unreachable", "503");
    if (asked % 83 === 0) {
      // The message arrived, but the connection broke before the answer.
      got.push(address.user);
      throw new DeliveryError("unknown", "reset");
    }
    if (asked % 79 === 0) throw new DeliveryError("gone", "403");
    got.push(address.user);
    return { messageId: `m-${asked}` };
  };
  const fake = fakePlatform(channel, { rates: [rate], concurrency: 4 }).adapter;
  return { adapter: onePart({ ...fake, deliver }), got, overLimit: () => over, attempts: () => asked };
}

test("through 429, 5xx, resets and 403 everybody ends in exactly one state, nobody twice, and no limit is exceeded", async () => {
  const people = 900;
  const platforms = [
    troubled("one", { scope: "lane", count: 25, perMs: 1_000 }),
    troubled("two", { scope: "lane", count: 20, perMs: 1_000 }),
    troubled("three", { scope: "lane", count: 30, perMs: 1_000 }),
  ];
  const store = await database.open();
  const adapters = platforms.map((platform) => platform.adapter);
  const world = await createWorld(store, adapters);
  await world.crowd(people, ["one", "two", "three"]);
  const lead = await world.coordinator("z-lead");
  const id = await world.sent(lead);
  await world.planner().tick();

  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance", "Date"] });
  const began = performance.now();
  const outbox = createOutbox({
    store,
    adapters,
    receive: async () => ({ outcome: "taken" }),
    now: () => thursday + 10_000 + Math.round(performance.now() - began),
    log: world.deps.log,
    holder: "one",
    // The database's own clock stands still while the simulated one runs.
    leaseMs: 600_000,
    random: () => 0.5,
    onGone: () => {},
  });
  outbox.start();
  const open = () => store.db.broadcastDelivery.count({ where: { broadcastId: id, state: "planned" } });
  for (let second = 0; second < 300 && (await open()) > 0; second += 1) {
    for (let part = 0; part < 40; part += 1) {
      await vi.advanceTimersByTimeAsync(25);
      await new Promise(setImmediate);
    }
  }
  await world.planner().tick();

  const states = await world.states(id);
  const got = platforms.flatMap((platform) => platform.got);
  expect(states.planned).toBeUndefined();
  expect((states.sent ?? 0) + (states.failed ?? 0) + (states.unknown ?? 0)).toBe(people);
  expect(new Set(got).size).toBe(got.length);
  // Whoever got it is sent or unknown; whoever is failed got nothing.
  expect(got.length).toBe((states.sent ?? 0) + (states.unknown ?? 0));
  expect(states.failed).toBeGreaterThan(0);
  expect(states.unknown).toBeGreaterThan(0);
  expect(platforms.map((platform) => platform.overLimit())).toEqual([0, 0, 0]);
  expect(platforms.every((platform) => platform.attempts() > people / 3)).toBe(true);
  expect((await world.broadcasts.find(lead, id))?.state).toBe("done");
  const stopped = outbox.stop(1_000);
  await vi.advanceTimersByTimeAsync(2_000);
  await stopped;
});
