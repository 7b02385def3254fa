import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Rate } from "../../src/engine/adapter.ts";
import type { OutgoingKind } from "../../src/engine/types.ts";
import { type Before, type Buckets, createBuckets } from "../../src/outbox/buckets.ts";

const rateOf = (scope: Rate["scope"]) =>
  fc.record({
    scope: fc.constant(scope),
    count: fc.integer({ min: 1, max: 40 }),
    perMs: fc.integer({ min: 50, max: 60_000 }),
  });

/** Sends everything as early as the buckets allow, by a clock that only this loop moves. */
function drain(buckets: Buckets, sends: readonly { kind: OutgoingKind; chat: string }[], from = 0) {
  let now = from;
  return sends.map(({ kind, chat }) => {
    for (let turns = 0; ; turns++) {
      if (turns > 10) throw new Error(`no way on at ${now}`);
      const at = Math.max(buckets.laneFreeAt(kind, now), buckets.chatFreeAt(chat, now));
      if (at <= now) break;
      now = at;
    }
    buckets.take(kind, chat, now);
    return { at: now, kind, chat };
  });
}

/** The most sends in any window of `perMs`; `at` is sorted. */
function most(at: readonly number[], perMs: number): number {
  let begin = 0;
  return at.reduce((highest, instant, index) => {
    while (instant - (at[begin] ?? 0) >= perMs - 1e-6) begin++;
    return Math.max(highest, index - begin + 1);
  }, 0);
}

describe("limits", () => {
  test("no window of any limit ever holds more than its count", () => {
    const send = fc.record({
      kind: fc.constantFrom<OutgoingKind>("reply", "reminder", "broadcast"),
      chat: fc.constantFrom("a", "b", "c"),
    });
    const before = fc.oneof(fc.constant<Before>("none"), fc.constant(0));
    const rates = fc.tuple(fc.array(rateOf("lane"), { maxLength: 2 }), fc.array(rateOf("chat"), { maxLength: 2 }));
    fc.assert(
      fc.property(rates, before, fc.array(send, { minLength: 1, maxLength: 200 }), ([lane, chat], first, sends) => {
        const done = drain(createBuckets([...lane, ...chat], first), sends);
        for (const { count, perMs } of lane) {
          expect(
            most(
              done.map(({ at }) => at),
              perMs,
            ),
          ).toBeLessThanOrEqual(count);
        }
        for (const { count, perMs } of chat) {
          for (const name of ["a", "b", "c"]) {
            const own = done.filter((one) => one.chat === name).map(({ at }) => at);
            expect(most(own, perMs)).toBeLessThanOrEqual(count);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test("replies drain at the full rate, pushes at four fifths of it", () => {
    const count = fc.integer({ min: 1, max: 60 });
    fc.assert(
      fc.property(
        count,
        fc.integer({ min: 100, max: 20_000 }),
        fc.constantFrom("reply", "broadcast"),
        (n, perMs, kind) => {
          const buckets = createBuckets([{ scope: "lane", count: n, perMs }], 0);
          const sends = Array.from({ length: n * 50 }, (_, i) => ({ kind: kind as OutgoingKind, chat: `${i}` }));
          const done = drain(buckets, sends).map(({ at }) => at);
          const span = (done.at(-1) ?? 0) - (done[0] ?? 0) + perMs;
          const share = kind === "reply" ? 1 : n >= 5 ? Math.floor(n * 0.8) / n : 0.8;
          expect(sends.length / span).toBeGreaterThanOrEqual(0.98 * share * (n / perMs));
        },
      ),
      { numRuns: 100 },
    );
  });

  test("broadcasts leave a fifth of the lane to replies at any moment", () => {
    const buckets = createBuckets([{ scope: "lane", count: 25, perMs: 1_000 }], "none");
    for (let i = 0; i < 20; i++) buckets.take("broadcast", `b${i}`, 0);
    expect(buckets.room("broadcast", 0)).toBe(0);
    expect(buckets.room("reminder", 0)).toBe(0);
    expect(buckets.room("reply", 0)).toBe(5);
  });

  test("a new holder takes every short window as used up", () => {
    const rates: Rate[] = [
      { scope: "lane", count: 25, perMs: 1_000 },
      { scope: "chat", count: 1, perMs: 1_500 },
    ];
    const buckets = createBuckets(rates, 5_000);
    expect(buckets.room("reply", 6_499)).toBe(0);
    expect(buckets.laneFreeAt("reply", 5_000)).toBe(6_500);
    expect(buckets.room("reply", 6_500)).toBe(25);
    expect(createBuckets(rates, "none").room("reply", 5_000)).toBe(25);
  });

  test("a new holder slows a chat with an hourly limit down and does not silence it", () => {
    const buckets = createBuckets([{ scope: "chat", count: 1_800, perMs: 3_600_000 }], 0);
    const sends = Array.from({ length: 900 }, () => ({ kind: "reply" as const, chat: "a" }));
    const done = drain(buckets, sends);
    expect(done[0]?.at).toBe(2_000);
    expect(done.at(-1)?.at).toBe(1_800_000);
  });

  test("names the chats at a limit, and forgets chats nobody writes to", () => {
    const buckets = createBuckets([{ scope: "chat", count: 2, perMs: 1_000 }], "none");
    buckets.take("reply", "a", 0);
    buckets.take("reply", "b", 0);
    buckets.take("reply", "b", 10);
    expect(buckets.full(20)).toEqual(["b"]);
    expect(buckets.chatFreeAt("b", 20)).toBe(1_000);
    expect(buckets.full(1_000)).toEqual([]);
  });
});

test("an edit neither waits for the limit of new messages nor counts in it", () => {
  const buckets = createBuckets([{ scope: "chat", count: 1, perMs: 1000, newOnly: true }], "none");
  buckets.take("reply", "chat", 0);
  expect(buckets.chatFreeAt("chat", 0)).toBe(1000);
  expect(buckets.chatFreeAt("chat", 0, true)).toBe(0);
  buckets.take("reply", "chat", 900, true);
  expect(buckets.chatFreeAt("chat", 1000)).toBe(1000);
});
