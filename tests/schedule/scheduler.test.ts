import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Job } from "../../src/store/types.ts";
import { address, createMemorySchedule, scheduleWorld } from "./memory.ts";

const start = Date.parse("2026-11-21T12:00:00Z");
const day = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers({ now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe("timers", () => {
  test("a due timer becomes a turn of its person, once", async () => {
    const { memory, scheduler, received } = scheduleWorld();
    memory.addTimer({ due: start + 5_000 });
    scheduler.start();
    await pass(4_000);
    expect(received).toEqual([]);
    await pass(60_000);
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      id: `timer:p1:reminder@${start + 5_000}`,
      address,
      input: { type: "timer", name: "reminder", due: start + 5_000, data: { n: 1 } },
    });
    expect(received[0]?.receivedAt).toBeLessThanOrEqual(start + 7_000);
    await scheduler.stop();
  });

  test("several instances may tick: the same delivery id goes in, and counts once", async () => {
    const memory = createMemorySchedule();
    const one = scheduleWorld(memory);
    const two = scheduleWorld(memory);
    memory.addTimer({ due: start });
    one.scheduler.start();
    two.scheduler.start();
    await pass(5_000);
    const ids = [...one.received, ...two.received].map(({ id }) => id);
    expect(new Set(ids)).toEqual(new Set([`timer:p1:reminder@${start}`]));
    expect(memory.timers).toEqual([]);
    await one.scheduler.stop();
    await two.scheduler.stop();
  });

  test("a thousand that are due at once all become turns", async () => {
    const { memory, scheduler, received } = scheduleWorld();
    for (let i = 0; i < 1_000; i++) memory.addTimer({ personId: `p${i}`, due: start - i });
    scheduler.start();
    await pass(100);
    expect(received).toHaveLength(1_000);
    await scheduler.stop();
  });

  test("one that cannot become a turn is tried again ever more rarely and keeps nobody else waiting", async () => {
    const tries: number[] = [];
    const memory = createMemorySchedule();
    const { scheduler } = scheduleWorld(memory, {
      async receive(inbound) {
        if (inbound.id.includes("bad")) {
          tries.push(Date.now() - start);
          throw new Error("database away");
        }
        return memory.take(inbound);
      },
    });
    memory.addTimer({ personId: "bad", due: start - 10 });
    memory.addTimer({ personId: "good", due: start });
    scheduler.start();
    await pass(60_000);
    expect(memory.timers.map(({ personId }) => personId)).toEqual(["bad"]);
    expect(tries).toHaveLength(4);
    const gaps = tries.slice(1).map((at, i) => at - (tries[i] ?? 0));
    expect(gaps.map((gap) => Math.round(gap / 5_000))).toEqual([1, 2, 4]);
    await scheduler.stop();
  });

  test("a turn that leaves its timer where it is does not run hot", async () => {
    const { memory, scheduler, received } = scheduleWorld(undefined, {});
    vi.spyOn(memory, "take").mockImplementation(async () => ({ outcome: "dropped" }) as never);
    memory.addTimer({ due: start });
    scheduler.start();
    await pass(30_000);
    expect(received.length).toBeLessThanOrEqual(4);
    await scheduler.stop();
  });

  test("one of a person who cannot be reached goes to the same hour of the next day, once", async () => {
    const { memory, scheduler, received } = scheduleWorld();
    memory.addTimer({ due: start - 1_000, address: null });
    memory.addTimer({ personId: "p2", due: start - 3 * day - 1_000, address: null });
    scheduler.start();
    await pass(60_000);
    expect(received).toEqual([]);
    expect(memory.moved).toHaveLength(2);
    expect(memory.timers.map(({ due, data }) => [due, data])).toEqual(Array(2).fill([start + day - 1_000, { n: 1 }]));
    await scheduler.stop();
  });

  test("the clock may be moved: what is due by then fires at once", async () => {
    const { memory, scheduler, received } = scheduleWorld();
    memory.addTimer({ due: start + 3 * day });
    scheduler.start();
    await pass(5_000);
    vi.setSystemTime(start + 3 * day + 1);
    scheduler.wake();
    await pass(0);
    expect(received).toHaveLength(1);
    await scheduler.stop();
  });

  test("a database that fails is asked again", async () => {
    const { memory, scheduler, received } = scheduleWorld();
    memory.error = new Error("connection refused");
    memory.addTimer({ due: start });
    scheduler.start();
    await pass(10_000);
    expect(received).toEqual([]);
    memory.error = undefined;
    await pass(2_000);
    expect(received).toHaveLength(1);
    await scheduler.stop();
  });
});

describe("jobs", () => {
  test("run as soon as they are committed, once each", async () => {
    const ran: string[] = [];
    const merge = async (job: Job) => void ran.push(job.id);
    const { memory, scheduler } = scheduleWorld(undefined, { jobs: { merge }, pattern: "0 0 1 1 *" });
    scheduler.start();
    await pass(10);
    for (let i = 0; i < 10; i++) memory.addJob();
    await pass(10);
    expect(ran.sort()).toEqual(Array.from({ length: 10 }, (_, i) => `j${i}`));
    expect(memory.jobs).toEqual([]);
    await scheduler.stop();
  });

  test("one that fails is tried again ever more rarely, until it is done", async () => {
    const tries: number[] = [];
    const merge = async () => {
      tries.push(Date.now() - start);
      if (tries.length < 4) throw new Error("not yet");
    };
    const { memory, scheduler } = scheduleWorld(undefined, { jobs: { merge } });
    scheduler.start();
    memory.addJob();
    await pass(60_000);
    const gaps = tries.slice(1).map((at, i) => at - (tries[i] ?? 0));
    expect(gaps.map((gap) => Math.round(gap / 5_000))).toEqual([1, 2, 4]);
    expect(memory.jobs).toEqual([]);
    await scheduler.stop();
  });

  test("one that takes longer than the store waits is not run twice here, and others go on", async () => {
    let open = (): void => {};
    let slow = 0;
    const quick: string[] = [];
    const jobs = {
      slow: () => {
        slow++;
        return new Promise<void>((resolve) => {
          open = resolve;
        });
      },
      merge: async (job: Job) => void quick.push(job.id),
    };
    const { memory, scheduler } = scheduleWorld(undefined, { jobs });
    scheduler.start();
    memory.addJob({ name: "slow" });
    await pass(200_000);
    memory.addJob({ id: "q" });
    await pass(100);
    expect(slow).toBe(1);
    expect(quick).toEqual(["q"]);
    open();
    await pass(10);
    expect(memory.jobs).toEqual([]);
    await scheduler.stop();
  });

  test("one that this version does not know stays", async () => {
    const { memory, scheduler } = scheduleWorld();
    scheduler.start();
    memory.addJob({ name: "from-the-future" });
    await pass(10_000);
    expect(memory.jobs).toMatchObject([{ attempts: 1, notBefore: start + 3_600_000 }]);
    await scheduler.stop();
  });
});

test("a held database is left alone until it is released", async () => {
  const { memory, scheduler, received } = scheduleWorld(undefined, { jobs: {} });
  memory.held = true;
  memory.addTimer({ due: start });
  memory.addJob();
  scheduler.start();
  await pass(120_000);
  expect([received, memory.emptied, memory.looks, memory.jobs[0]?.attempts]).toEqual([[], [], 0, 0]);
  memory.held = false;
  await pass(2_000);
  expect(received).toHaveLength(1);
  await scheduler.stop();
});

test("what is past its time is emptied every hour", async () => {
  const { memory, scheduler } = scheduleWorld(undefined, { pattern: "* * * * *" });
  scheduler.start();
  await pass(3 * 3_600_000 + 180_000);
  expect(memory.emptied).toHaveLength(4);
  const gaps = memory.emptied.slice(1).map((at, i) => at - (memory.emptied[i] ?? 0));
  for (const gap of gaps) expect(Math.abs(gap - 3_600_000)).toBeLessThanOrEqual(60_000);
  await scheduler.stop();
});

describe("stopping", () => {
  test("waits for the turn and the job under way and begins nothing more", async () => {
    const gates: (() => void)[] = [];
    const wait = () => new Promise<void>((resolve) => gates.push(resolve));
    const memory = createMemorySchedule();
    const { scheduler } = scheduleWorld(memory, {
      jobs: { merge: wait },
      receive: async (inbound) => {
        await wait();
        return memory.take(inbound);
      },
    });
    memory.addTimer({ due: start });
    memory.addJob();
    scheduler.start();
    await pass(1_500);
    expect(gates).toHaveLength(2);
    let stopped = false;
    const stopping = scheduler.stop().then(() => {
      stopped = true;
    });
    memory.addTimer({ personId: "p2", due: start });
    await pass(3_000);
    expect(stopped).toBe(false);
    for (const open of gates) open();
    await pass(10);
    await stopping;
    expect(memory.timers.map(({ personId }) => personId)).toEqual(["p2"]);
    expect(memory.jobs).toEqual([]);
  });

  test("does not wait for ever", async () => {
    const { memory, scheduler } = scheduleWorld(undefined, { receive: () => new Promise(() => {}) });
    memory.addTimer({ due: start });
    scheduler.start();
    await pass(100);
    let stopped = false;
    void scheduler.stop(2_000).then(() => {
      stopped = true;
    });
    await pass(2_100);
    expect(stopped).toBe(true);
  });
});
