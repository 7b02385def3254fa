import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Failure } from "../../src/engine/adapter.ts";
import type { OutgoingKind } from "../../src/engine/types.ts";
import { afterCrash, afterFailure, type FailedSend } from "../../src/outbox/retry.ts";

const plain: FailedSend = {
  failure: "unknown",
  kind: "reply",
  isEdit: false,
  moreBehind: false,
  attempts: 0,
  mayBeSent: false,
  retryAfterMs: undefined,
  inARow: 0,
  ageMs: 0,
  random: 0.5,
};
const verdictOn = (send: Partial<FailedSend>) => afterFailure({ ...plain, ...send });

describe("throttled", () => {
  test("stops the lane for what the platform asks and up to a tenth more; the row stays as it is", () => {
    const asked = { failure: "throttled", retryAfterMs: 30_000, attempts: 1 } as const;
    expect(verdictOn({ ...asked, random: 0 })).toEqual({
      part: "again",
      afterMs: 0,
      attempts: 1,
      stopLaneMs: 30_000,
      misconfigured: false,
    });
    expect(verdictOn({ ...asked, random: 0.99 }).stopLaneMs).toBe(32_970);
  });

  test("without a figure: 2 s doubling, full jitter, half a second to ten minutes", () => {
    const stop = (inARow: number, random: number) => verdictOn({ failure: "throttled", inARow, random }).stopLaneMs;
    expect([0, 1, 2, 3].map((n) => stop(n, 1))).toEqual([2_000, 4_000, 8_000, 16_000]);
    expect(stop(0, 0)).toBe(500);
    expect(stop(3, 0.25)).toBe(4_000);
    expect(stop(30, 1)).toBe(600_000);
    expect(verdictOn({ failure: "throttled", retryAfterMs: 0, random: 1 }).stopLaneMs).toBe(2_000);
  });
});

describe("unreachable", () => {
  test("waits longer the older the row and the longer the way is closed, with jitter", () => {
    const wait = (ageMs: number, inARow: number, random = 0.5) => {
      const verdict = verdictOn({ failure: "unreachable", ageMs, inARow, random });
      return verdict.part === "again" ? [verdict.afterMs, verdict.stopLaneMs] : [];
    };
    expect(wait(0, 0)).toEqual([1_000, 500]);
    expect(wait(60_000, 3)).toEqual([30_000, 4_000]);
    expect(wait(86_400_000, 99)).toEqual([60_000, 30_000]);
    expect(wait(0, 0, 0)).toEqual([750, 375]);
  });

  test("counts as nothing sent", () => {
    expect(verdictOn({ failure: "unreachable", attempts: 1 })).toMatchObject({ part: "again", attempts: 1 });
  });
});

describe("misconfigured", () => {
  test("the lane waits half a minute, then longer, and nothing is lost", () => {
    const verdict = verdictOn({ failure: "misconfigured" });
    expect(verdict).toMatchObject({ part: "again", attempts: 0, misconfigured: true, stopLaneMs: 30_000 });
    expect(verdictOn({ failure: "misconfigured", inARow: 9 }).stopLaneMs).toBe(600_000);
  });
});

describe("final answers", () => {
  test("gone settles the row", () => {
    for (const isEdit of [true, false]) {
      expect(verdictOn({ failure: "gone", isEdit })).toMatchObject({ part: "give-up", outcome: "gone", stopLaneMs: 0 });
    }
  });

  test("a rejected message is given up, a rejected edit left out", () => {
    expect(verdictOn({ failure: "rejected" })).toMatchObject({ part: "give-up", outcome: "rejected" });
    expect(verdictOn({ failure: "rejected", isEdit: true })).toMatchObject({ part: "drop" });
  });
});

describe("unknown", () => {
  test("a reply is repeated once", () => {
    expect(verdictOn({ attempts: 0 })).toMatchObject({ part: "again", attempts: 1, stopLaneMs: 0 });
    expect(verdictOn({ attempts: 1 })).toMatchObject({ part: "give-up", outcome: "unknown" });
  });

  test("a reply found in `sending` is already its own repetition", () => {
    expect(afterCrash("reply")).toBe("repeat");
    expect(verdictOn({ mayBeSent: true })).toMatchObject({ part: "give-up", outcome: "unknown" });
  });

  test.each(["reminder", "broadcast"] as const)("a %s is never repeated", (kind) => {
    expect(verdictOn({ kind })).toMatchObject({ part: "give-up", outcome: "unknown" });
    expect(afterCrash(kind)).toBe("unknown");
  });

  test("an edit is repeated with growing waits, five times in all", () => {
    const waits = [0, 1, 2, 3].map((attempts) => verdictOn({ isEdit: true, attempts }));
    expect(waits.map((verdict) => (verdict.part === "again" ? verdict.afterMs : -1))).toEqual([
      1_000, 2_000, 4_000, 8_000,
    ]);
    expect(verdictOn({ isEdit: true, attempts: 4 })).toMatchObject({ part: "drop" });
    expect(verdictOn({ isEdit: true, kind: "broadcast" })).toMatchObject({ part: "again" });
  });

  test("an edit does not keep a new message waiting for long", () => {
    expect(verdictOn({ isEdit: true, moreBehind: true })).toMatchObject({ part: "again", attempts: 1 });
    expect(verdictOn({ isEdit: true, moreBehind: true, attempts: 1 })).toMatchObject({ part: "drop" });
  });
});

test("where nothing was sent, nothing is ever given up", () => {
  const send = fc.record({
    failure: fc.constantFrom<Failure>("throttled", "unreachable", "misconfigured"),
    kind: fc.constantFrom<OutgoingKind>("reply", "reminder", "broadcast"),
    isEdit: fc.boolean(),
    moreBehind: fc.boolean(),
    attempts: fc.nat(100),
    mayBeSent: fc.boolean(),
    retryAfterMs: fc.option(fc.nat(10_000_000), { nil: undefined }),
    inARow: fc.nat(1_000),
    ageMs: fc.nat(),
    random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  });
  fc.assert(
    fc.property(send, (failed) => {
      const verdict = afterFailure(failed);
      expect(verdict.part).toBe("again");
      expect(verdict.stopLaneMs).toBeGreaterThan(0);
      if (failed.failure === "throttled" && failed.retryAfterMs)
        expect(verdict.stopLaneMs).toBeGreaterThanOrEqual(failed.retryAfterMs);
    }),
  );
});
