import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Listener } from "../../src/engine/adapter.ts";
import { StoreError } from "../../src/store/types.ts";
import { fakePlatform, gate, part, pass, say, stop, world } from "./harness.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("leases", () => {
  test("two instances share one store: every message leaves once, in order", async () => {
    const [one, two] = [fakePlatform("x"), fakePlatform("x")];
    const first = world([one.adapter]);
    const second = world([two.adapter], { holder: "two" }, first.memory);
    first.outbox.start();
    second.outbox.start();
    for (let i = 0; i < 50; i++) say(first.memory, `x:lane${i % 4}:c${i % 10}`, `${i}`);
    await pass(3_000);
    const texts = [...one.texts(), ...two.texts()];
    expect(texts).toHaveLength(50);
    expect(new Set(texts).size).toBe(50);
    await stop(first.outbox);
    await stop(second.outbox);
  });

  test("the lanes of a killed instance are taken over within 4 s, and a reply under way is repeated", async () => {
    const [one, two] = [fakePlatform("x"), fakePlatform("x")];
    one.answer = () => new Promise(() => {});
    const first = world([one.adapter]);
    const second = world([two.adapter], { holder: "two" }, first.memory);
    first.outbox.start();
    await pass(10);
    say(first.memory, "x:a:ann", "1");
    say(first.memory, "x:a:ann", "2");
    say(first.memory, "x:a:bo", "push", "broadcast");
    await pass(100);
    second.outbox.start();
    await pass(100);
    const store = first.memory.store.outbox;
    const { renew } = store;
    vi.spyOn(store, "renew").mockImplementation((holder, leaseMs) =>
      holder === "one" ? Promise.reject(new Error("killed")) : renew(holder, leaseMs),
    );
    await pass(4_000);
    expect(one.texts()).toEqual(["1", "push"]);
    expect(two.texts()).toEqual(["1", "2"]);
    expect(first.memory.rows).toMatchObject([{ kind: "broadcast", status: "unknown", code: "interrupted" }]);
    await stop(second.outbox);
  });

  test("an owner that was frozen sends nothing any more when it wakes", async () => {
    let skipped = 0;
    const platform = fakePlatform("x");
    const hanging = gate();
    platform.answer = () => hanging.wait;
    const { memory, outbox } = world([platform.adapter], { monotonic: () => performance.now() + skipped });
    outbox.start();
    await pass(10);
    say(memory, "x:a:ann", [part("1"), part("2")]);
    await pass(100);
    expect(platform.texts()).toEqual(["1"]);
    // The process stands still for 7.5 s; somebody else has the lane when it goes on.
    skipped = 7_500;
    memory.expire();
    await memory.store.outbox.take("two", ["x:a"], 60_000, 10);
    hanging.open();
    say(memory, "x:a:bo", "3");
    await pass(10_000);
    expect(platform.texts()).toEqual(["1"]);
    expect(outbox.lanes()).toMatchObject([{ held: false }]);
    await stop(outbox);
  });

  test("renewals that come late stop the sending before the lease runs out", async () => {
    const platform = fakePlatform("x");
    const { memory, outbox } = world([platform.adapter]);
    outbox.start();
    await pass(10);
    say(memory, "x:a:ann", "before");
    await pass(100);
    memory.freeze();
    await pass(2_200);
    expect(outbox.lanes()).toMatchObject([{ name: "x:a", held: false }]);
    memory.thaw();
    say(memory, "x:a:ann", "after");
    await pass(1_500);
    expect(platform.texts()).toEqual(["before", "after"]);
    await stop(outbox);
  });

  test("a lane that was lost and came straight back keeps its results and its limits", async () => {
    const platform = fakePlatform("x", { rates: [{ scope: "lane", count: 1, perMs: 5_000 }] });
    const hanging = gate();
    platform.answer = () => hanging.wait;
    const { memory, outbox } = world([platform.adapter]);
    outbox.start();
    await pass(10);
    say(memory, "x:a:ann", "1");
    say(memory, "x:a:bo", "2");
    await pass(100);
    memory.expire();
    await pass(1_000);
    hanging.open();
    await pass(7_000);
    expect(platform.texts()).toEqual(["1", "2"]);
    const [first, second] = platform.sent;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(5_000);
    expect(memory.rows).toEqual([]);
    await stop(outbox);
  });
});

describe("a database in trouble", () => {
  test("one that fails is asked again, and nothing is sent twice", async () => {
    const platform = fakePlatform("x");
    const { memory, outbox } = world([platform.adapter]);
    outbox.start();
    await pass(10);
    memory.fail(new StoreError("unavailable", "connection refused"));
    for (let i = 0; i < 5; i++) say(memory, `x:a:c${i}`, `${i}`);
    await pass(20_000);
    expect(platform.sent).toEqual([]);
    memory.fail(undefined);
    await pass(3_000);
    expect(platform.texts().sort()).toEqual(["0", "1", "2", "3", "4"]);
    expect(memory.rows).toEqual([]);
    await stop(outbox);
  });

  test("a claim whose answer got lost is not stuck: its replies leave", async () => {
    const platform = fakePlatform("x");
    const { memory, outbox } = world([platform.adapter]);
    outbox.start();
    say(memory, "x:a:ann", "0");
    await pass(100);
    memory.fail(new StoreError("unavailable", "connection reset"), true);
    say(memory, "x:a:ann", "1");
    say(memory, "x:a:bo", "2");
    await pass(300);
    memory.fail(undefined);
    await pass(4_000);
    expect(platform.texts().sort()).toEqual(["0", "1", "2"]);
    expect(memory.rows).toEqual([]);
    await stop(outbox);
  });

  test("a message that was sent while the database was away is settled later and not repeated", async () => {
    const platform = fakePlatform("x");
    const hanging = gate();
    platform.answer = () => hanging.wait;
    const { memory, outbox } = world([platform.adapter]);
    outbox.start();
    say(memory, "x:a:ann", "1");
    await pass(100);
    memory.fail(new StoreError("unavailable", "connection refused"));
    hanging.open();
    await pass(1_500);
    memory.fail(undefined);
    await pass(4_000);
    expect(platform.texts()).toEqual(["1"]);
    expect(memory.rows).toEqual([]);
    await stop(outbox);
  });

  test("a restored database is held: nothing is sent and nobody listens until it is released", async () => {
    const runs: string[] = [];
    const listener: Listener = { name: "poll:x:a", run: untilAborted(runs, "poll") };
    const platform = fakePlatform("x", {}, [listener]);
    const { memory, outbox } = world([platform.adapter]);
    memory.hold(true);
    outbox.start();
    say(memory, "x:a:ann", "1");
    await pass(10_000);
    expect(platform.sent).toEqual([]);
    expect(runs).toEqual([]);
    await memory.store.upkeep.release();
    await pass(2_000);
    expect(platform.texts()).toEqual(["1"]);
    expect(runs).toEqual(["poll starts"]);
    await stop(outbox);
  });
});

describe("stopping", () => {
  test("waits for what is under way, settles it and gives the lanes back", async () => {
    const platform = fakePlatform("x", { concurrency: 1 });
    const hanging = gate();
    platform.answer = () => hanging.wait;
    const { memory, outbox } = world([platform.adapter]);
    outbox.start();
    say(memory, "x:a:ann", [part("1"), part("2")]);
    say(memory, "x:a:bo", "3");
    await pass(100);
    const stopped = outbox.stop(10_000);
    await pass(5_000);
    hanging.open();
    await pass(100);
    await stopped;
    expect(platform.texts()).toEqual(["1"]);
    expect(memory.rows.map(({ status, parts }) => [status, parts.length])).toEqual([
      ["waiting", 1],
      ["waiting", 1],
    ]);
    expect(memory.leases.get("x:a")?.holder).toBeNull();
    await pass(10_000);
    expect(platform.sent).toHaveLength(1);
  });

  test.each(["a send that never ends", "a frozen database"])("is done in time in spite of %s", async (what) => {
    const platform = fakePlatform("x");
    if (what === "a send that never ends") platform.answer = () => new Promise(() => {});
    const { memory, outbox } = world([platform.adapter]);
    outbox.start();
    say(memory, "x:a:ann", "1");
    await pass(100);
    if (what === "a frozen database") memory.freeze();
    let done = false;
    void outbox.stop(3_000).then(() => {
      done = true;
    });
    await pass(4_100);
    expect(done).toBe(true);
  });
});

describe("listeners", () => {
  test("run on one instance, move when it stops, and start again when they fail", async () => {
    const runs: string[] = [];
    const make = (name: string) => fakePlatform("x", {}, [{ name: "poll:x:a", run: untilAborted(runs, name) }]);
    const first = world([make("one").adapter]);
    const second = world([make("two").adapter], { holder: "two" }, first.memory);
    first.outbox.start();
    await pass(100);
    second.outbox.start();
    await pass(10_000);
    expect(runs).toEqual(["one starts"]);
    await stop(first.outbox);
    await pass(1_000);
    expect(runs).toEqual(["one starts", "one ends", "two starts"]);
    await stop(second.outbox);
    expect(runs.at(-1)).toBe("two ends");
  });

  test("one that throws starts again after growing pauses", async () => {
    const starts: number[] = [];
    const run = async (): Promise<void> => {
      starts.push(performance.now());
      throw new Error("409");
    };
    const { outbox } = world([fakePlatform("x", {}, [{ name: "poll:x:a", run }]).adapter]);
    outbox.start();
    await pass(20_000);
    const gaps = starts.slice(1).map((at, i) => at - (starts[i] ?? 0));
    expect(gaps.slice(0, 4)).toEqual([750, 1_500, 3_000, 6_000]);
    await stop(outbox);
  });

  test("one stops when renewals stop, and waits for the lease before it runs again", async () => {
    const runs: string[] = [];
    const { memory, outbox } = world([
      fakePlatform("x", {}, [{ name: "poll:x:a", run: untilAborted(runs, "poll") }]).adapter,
    ]);
    outbox.start();
    await pass(100);
    memory.freeze();
    await pass(3_000);
    expect(runs).toEqual(["poll starts", "poll ends"]);
    await pass(3_000);
    expect(runs).toHaveLength(2);
    memory.thaw();
    await pass(1_500);
    expect(runs).toEqual(["poll starts", "poll ends", "poll starts"]);
    await stop(outbox);
  });
});

function untilAborted(runs: string[], name: string): Listener["run"] {
  return (_receive, signal) =>
    new Promise((resolve) => {
      runs.push(`${name} starts`);
      signal.addEventListener("abort", () => {
        runs.push(`${name} ends`);
        resolve();
      });
    });
}
