import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DeliveryError } from "../../src/engine/adapter.ts";
import { createMemoryOutbox } from "../support/memory-outbox.ts";
import { fakePlatform, gate, part, pass, say, stop, world } from "./harness.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("order", () => {
  test("within a chat messages arrive in the order they were written, also where one fails in between", async () => {
    const platform = fakePlatform("x");
    const { memory, outbox } = world([platform.adapter]);
    let failures = 0;
    platform.answer = async () => {
      failures++;
      if (failures === 2) throw new DeliveryError("unreachable", "ECONNREFUSED");
    };
    outbox.start();
    for (const text of ["1", "2", "3", "4"]) say(memory, "x:a:ann", text);
    await pass(5_000);
    expect(platform.texts()).toEqual(["1", "2", "2", "3", "4"]);
    expect(memory.rows).toEqual([]);
    await stop(outbox);
  });

  test("a chat gets one message at a time, while other chats go on", async () => {
    const platform = fakePlatform("x");
    const hanging = gate();
    platform.answer = ({ address }) => (address.user === "ann" ? hanging.wait : Promise.resolve());
    const { memory, outbox } = world([platform.adapter]);
    outbox.start();
    say(memory, "x:a:ann", "ann 1");
    say(memory, "x:a:ann", "ann reminder", "reminder");
    say(memory, "x:a:ann", "ann 2");
    say(memory, "x:a:bo", "bo 1");
    await pass(3_000);
    expect(platform.texts()).toEqual(["ann 1", "bo 1"]);
    hanging.open();
    await pass(100);
    expect(platform.texts()).toEqual(["ann 1", "bo 1", "ann 2", "ann reminder"]);
    await stop(outbox);
  });

  test("replies leave before reminders, reminders before broadcasts", async () => {
    const platform = fakePlatform("x", { concurrency: 1 });
    const { memory, outbox } = world([platform.adapter]);
    say(memory, "x:a:c1", "broadcast", "broadcast");
    say(memory, "x:a:c2", "reminder", "reminder");
    say(memory, "x:a:c3", "reply");
    outbox.start();
    await pass(100);
    expect(platform.texts()).toEqual(["reply", "reminder", "broadcast"]);
    await stop(outbox);
  });

  test("the parts of a row leave in order, edits reach the platform's message, ids are kept with their tokens", async () => {
    const platform = fakePlatform("x");
    const { memory, outbox, events } = world([platform.adapter]);
    outbox.start();
    const first = part("question 1", { token: "t1" });
    say(memory, "x:a:ann", [first]);
    await pass(50);
    say(memory, "x:a:ann", [part("question 1, answered", { edits: "t1" }), part("question 2", { token: "t2" })]);
    await pass(50);
    expect(platform.sent.map(({ text, edits }) => [text, edits])).toEqual([
      ["question 1", undefined],
      ["question 1, answered", `m-${first.id}`],
      ["question 2", undefined],
    ]);
    expect([...memory.messageIds.keys()]).toEqual(["t1", "t2"]);
    expect(events).toEqual(Array(3).fill("delivered x:a reply"));
    await stop(outbox);
  });

  test("an edit of a message that never left is left out, and becomes a message where it is all there is", async () => {
    const platform = fakePlatform("x");
    const { memory, outbox } = world([platform.adapter]);
    outbox.start();
    say(memory, "x:a:ann", [part("old", { edits: "nowhere" }), part("new")]);
    say(memory, "x:a:bo", [part("answered", { edits: "nowhere" })]);
    await pass(50);
    expect(platform.sent.map(({ text, edits }) => [text, edits])).toEqual([
      ["new", undefined],
      ["answered", undefined],
    ]);
    await stop(outbox);
  });
});

describe("limits", () => {
  test("a backlog drains at the lane's rate, never above it, and a reply passes a broadcast", async () => {
    const platform = fakePlatform("x", { rates: [{ scope: "lane", count: 10, perMs: 1_000 }], concurrency: 20 });
    const { memory, outbox } = world([platform.adapter]);
    for (let i = 0; i < 100; i++) say(memory, `x:a:c${i}`, "news", "broadcast");
    outbox.start();
    await pass(3_300);
    say(memory, "x:a:ann", "answer");
    await pass(100);
    expect(platform.texts()).toContain("answer");
    await pass(11_000);
    expect(platform.sent).toHaveLength(101);
    const at = platform.sent.map((send) => send.at);
    const gaps = at.slice(10).map((instant, i) => instant - (at[i] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_000);
    await stop(outbox);
  });

  test("a chat's own limit spreads the parts of one row and holds nobody else up", async () => {
    const platform = fakePlatform("x", { rates: [{ scope: "chat", count: 1, perMs: 1_000 }], concurrency: 1 });
    const { memory, outbox } = world([platform.adapter]);
    outbox.start();
    say(memory, "x:a:ann", [part("a1"), part("a2"), part("a3")]);
    for (const chat of ["bo", "cy", "di"]) say(memory, `x:a:${chat}`, chat);
    await pass(500);
    expect(platform.texts()).toEqual(["a1", "bo", "cy", "di"]);
    await pass(2_500);
    const ann = platform.sent.filter(({ chat }) => chat === "ann");
    expect(ann.map(({ text }) => text)).toEqual(["a1", "a2", "a3"]);
    expect((ann[1]?.at ?? 0) - (ann[0]?.at ?? 0)).toBeGreaterThanOrEqual(1_000);
    expect((ann[2]?.at ?? 0) - (ann[0]?.at ?? 0)).toBeLessThan(2_100);
    await stop(outbox);
  });

  test("never more under way than the platform allows, and one place stays free for replies", async () => {
    const platform = fakePlatform("x", { concurrency: 3 });
    const hanging = gate();
    platform.answer = ({ kind }) => (kind === "broadcast" ? hanging.wait : Promise.resolve());
    const { memory, outbox } = world([platform.adapter]);
    outbox.start();
    for (let i = 0; i < 9; i++) say(memory, `x:a:c${i}`, "news", "broadcast");
    await pass(100);
    expect(platform.underWay).toBe(2);
    expect(memory.rows.filter(({ status }) => status === "sending")).toHaveLength(2);
    say(memory, "x:a:ann", "answer");
    await pass(50);
    expect(platform.texts()).toContain("answer");
    hanging.open();
    await pass(1_000);
    expect(platform.mostUnderWay).toBeLessThanOrEqual(3);
    expect(memory.rows).toEqual([]);
    await stop(outbox);
  });
});

describe("failures", () => {
  test("a throttled lane stands still for as long as asked, others go on, nothing is lost", async () => {
    const x = fakePlatform("x", { concurrency: 2 });
    const y = fakePlatform("y");
    let throttled = true;
    x.answer = async () => {
      if (throttled) throw new DeliveryError("throttled", "429", { retryAfterMs: 10_000 });
    };
    const { memory, outbox, events } = world([x.adapter, y.adapter]);
    outbox.start();
    for (let i = 0; i < 5; i++) say(memory, `x:a:c${i}`, `x${i}`);
    await pass(100);
    expect(x.sent).toHaveLength(2);
    throttled = false;
    say(memory, "y:a:ann", "y");
    await pass(9_000);
    expect(y.texts()).toEqual(["y"]);
    expect(x.sent).toHaveLength(2);
    expect(outbox.lanes().find(({ name }) => name === "x:a")?.waitingUntil).toBeGreaterThan(Date.now());
    await pass(2_000);
    expect(x.texts().slice(2).sort()).toEqual(["x0", "x1", "x2", "x3", "x4"]);
    expect(memory.rows).toEqual([]);
    expect(events.filter((event) => event === "throttled x:a")).toHaveLength(2);
    await stop(outbox);
  });

  test("two throttles of the same burst are one step of the doubling", async () => {
    const platform = fakePlatform("x", { concurrency: 5 });
    platform.answer = async () => {
      throw new DeliveryError("throttled", "429");
    };
    const { memory, outbox } = world([platform.adapter], { random: () => 0.999 });
    outbox.start();
    for (let i = 0; i < 5; i++) say(memory, `x:a:c${i}`, "x");
    await pass(200);
    const until = outbox.lanes()[0]?.waitingUntil ?? 0;
    expect(until - Date.now()).toBeLessThanOrEqual(4_000);
    await stop(outbox);
  });

  test("gone is told once, with the address, and the lane goes on", async () => {
    const platform = fakePlatform("x");
    platform.answer = async ({ address }) => {
      if (address.user === "ann") throw new DeliveryError("gone", "blocked");
    };
    const { memory, outbox, gone } = world([platform.adapter]);
    outbox.start();
    say(memory, "x:a:ann", "a");
    say(memory, "x:a:bo", "b");
    await pass(2_000);
    expect(gone).toEqual([{ address: { channel: "x", tenant: "a", user: "ann", ref: null }, code: "blocked" }]);
    expect(memory.rows.map(({ status, code }) => [status, code])).toEqual([["gone", "blocked"]]);
    expect(platform.texts()).toEqual(["a", "b"]);
    await stop(outbox);
  });

  test("a reply that may have arrived is repeated once, before anything later in its chat", async () => {
    const platform = fakePlatform("x");
    platform.answer = async ({ address }) => {
      if (address.user === "ann") throw new DeliveryError("unknown", "502");
    };
    const { memory, outbox, events } = world([platform.adapter]);
    outbox.start();
    say(memory, "x:a:ann", "1");
    say(memory, "x:a:ann", "2");
    await pass(10_000);
    expect(platform.texts()).toEqual(["1", "1", "2", "2"]);
    expect(memory.rows.map(({ status, code }) => [status, code])).toEqual(Array(2).fill(["unknown", "502"]));
    expect(events).toEqual(Array(2).fill("unknown x:a reply"));
    await stop(outbox);
  });

  test("a push that may have arrived is not repeated until somebody asks for it", async () => {
    const platform = fakePlatform("x");
    platform.answer = async () => {
      throw new DeliveryError("unknown", "timeout");
    };
    const { memory, outbox } = world([platform.adapter]);
    outbox.start();
    const seq = say(memory, "x:a:ann", "remember", "reminder");
    await pass(60_000);
    expect(platform.sent).toHaveLength(1);
    expect(memory.rows[0]?.status).toBe("unknown");
    platform.answer = async () => {};
    await memory.store.outbox.sendAgain(seq, Date.now());
    await pass(1_500);
    expect(platform.sent).toHaveLength(2);
    expect(memory.rows).toEqual([]);
    await stop(outbox);
  });

  test("a rejected edit is left out and its new message still goes", async () => {
    const platform = fakePlatform("x");
    platform.answer = async ({ edits }) => {
      if (edits !== undefined) throw new DeliveryError("rejected", "message not found");
    };
    const { memory, outbox, events } = world([platform.adapter]);
    memory.messageIds.set("t1", "m1");
    outbox.start();
    say(memory, "x:a:ann", [part("old", { edits: "t1" }), part("new")]);
    await pass(100);
    expect(platform.texts()).toEqual(["old", "new"]);
    expect(memory.rows).toEqual([]);
    expect(events).toEqual(["delivered x:a reply"]);
    await stop(outbox);
  });

  test("a rejected message is kept with its code, and the question behind it still goes", async () => {
    const platform = fakePlatform("x");
    platform.answer = async ({ id }) => {
      if (id === bad.id) throw new DeliveryError("rejected", "400 too long");
    };
    const bad = part("bad");
    const { memory, outbox } = world([platform.adapter]);
    outbox.start();
    say(memory, "x:a:ann", [bad, part("question", { token: "t1" })]);
    await pass(100);
    expect(platform.texts()).toEqual(["bad", "question"]);
    expect(memory.rows).toMatchObject([{ status: "rejected", code: "400 too long", parts: [{ id: bad.id }] }]);
    expect(memory.messageIds.has("t1")).toBe(true);
    await stop(outbox);
  });

  test("what was sent of a row is not sent again when the rest fails", async () => {
    const platform = fakePlatform("x");
    let down = true;
    platform.answer = async (outgoing) => {
      if (outgoing.id === second.id && down) throw new DeliveryError("unreachable", "ENOTFOUND");
    };
    const second = part("2");
    const { memory, outbox } = world([platform.adapter]);
    outbox.start();
    say(memory, "x:a:ann", [part("1"), second, part("3")]);
    await pass(200);
    down = false;
    await pass(5_000);
    expect(platform.texts()).toEqual(["1", "2", "2", "3"]);
    await stop(outbox);
  });

  test("a misconfigured lane is probed with one message at a time and recovers by itself", async () => {
    const platform = fakePlatform("x", { concurrency: 4 });
    let wrong = true;
    platform.answer = async () => {
      if (wrong) throw new DeliveryError("misconfigured", "401");
    };
    const { memory, outbox, events } = world([platform.adapter]);
    outbox.start();
    for (let i = 0; i < 8; i++) say(memory, `x:a:c${i}`, "x");
    await pass(29_000);
    expect(platform.sent).toHaveLength(4);
    expect(outbox.lanes()).toMatchObject([{ name: "x:a", misconfigured: "401" }]);
    await pass(3_000);
    expect(platform.sent).toHaveLength(5);
    wrong = false;
    await pass(70_000);
    expect(memory.rows).toEqual([]);
    expect(outbox.lanes()).toMatchObject([{ misconfigured: null, waitingUntil: null }]);
    expect(events.filter((event) => event === "misconfigured x:a 401")).toHaveLength(1);
    await stop(outbox);
  });

  test("one unreachable chat does not keep the others waiting", async () => {
    const platform = fakePlatform("x", { concurrency: 1 });
    platform.answer = async ({ address }) => {
      if (address.user === "ann") throw new DeliveryError("unreachable", "ENOTFOUND");
    };
    const { memory, outbox } = world([platform.adapter]);
    outbox.start();
    say(memory, "x:a:ann", "a");
    for (let i = 0; i < 20; i++) say(memory, `x:a:c${i}`, "x");
    await pass(10_000);
    expect(platform.sent.filter(({ chat }) => chat !== "ann")).toHaveLength(20);
    expect(memory.rows).toHaveLength(1);
    await stop(outbox);
  });

  test("a fault of an adapter is no crash: the reply is repeated once and then shown as unknown", async () => {
    const platform = fakePlatform("x");
    platform.answer = async () => {
      throw new TypeError("undefined is not a function");
    };
    const { memory, outbox } = world([platform.adapter]);
    outbox.start();
    say(memory, "x:a:ann", "1");
    await pass(5_000);
    expect(platform.sent).toHaveLength(2);
    expect(memory.rows).toMatchObject([{ status: "unknown", code: "fault:TypeError" }]);
    await stop(outbox);
  });

  test("a hook that throws stops neither the lane nor the process", async () => {
    const platform = fakePlatform("x");
    const delivered = (): void => {
      throw new Error("no such metric");
    };
    const { memory, outbox } = world([platform.adapter], { observe: { delivered } });
    outbox.start();
    say(memory, "x:a:ann", "1");
    say(memory, "x:a:ann", "2");
    await pass(1_000);
    expect(platform.texts()).toEqual(["1", "2"]);
    await stop(outbox);
  });
});

describe("a lane's whole rate", () => {
  test("is used also where a timer fires a little early and the database takes its time", async () => {
    const platform = fakePlatform("x", { rates: [{ scope: "lane", count: 5, perMs: 1_000 }], concurrency: 10 });
    const memory = createMemoryOutbox(Date.now);
    const { outbox: inner } = memory.store;
    const slow = {
      ...memory.store,
      outbox: {
        ...inner,
        step: async (...given: Parameters<typeof inner.step>) => {
          const rows = await inner.step(...given);
          await new Promise((resolve) => setTimeout(resolve, 5));
          return rows;
        },
      },
    };
    // Timers count by another clock than the lane: three milliseconds in a second early.
    const { outbox } = world([platform.adapter], { store: slow, monotonic: () => performance.now() * 0.997 }, memory);
    for (let n = 0; n < 80; n += 1) say(memory, `x:a:c${n}`, "news", "broadcast");
    outbox.start();
    await pass(15_000);
    // Four in each second, and a little for every start of one.
    expect(platform.sent.length).toBeGreaterThanOrEqual(56);
    await stop(outbox);
  });
});
