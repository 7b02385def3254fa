import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import { dailyCap, type Pushed } from "../../src/domain/cap.ts";
import { localDay, mayPush, nextPush, type PushFacts, quietHours } from "../../src/domain/clock.ts";

const at = (iso: string): number => Date.parse(iso);
const iso = (instant: number | null): string | null => (instant === null ? null : new Date(instant).toISOString());

const facts: PushFacts = {
  now: at("2026-11-21T12:00:00Z"),
  timeZone: "Europe/Copenhagen",
  rhythm: { days: [1, 3, 5], time: "18:00" },
  pausedUntil: null,
  stopped: false,
  quiet: quietHours,
  pushed: null,
  cap: dailyCap,
  isFree: () => false,
};
const next = (more: Partial<PushFacts>): string | null => iso(nextPush({ ...facts, ...more }));
const every = [1, 2, 3, 4, 5, 6, 7];

describe("the next push", () => {
  test("is on the next chosen day at the chosen hour, in the person's own zone", () => {
    expect(next({})).toBe("2026-11-23T17:00:00.000Z");
    expect(next({ timeZone: "Europe/Helsinki" })).toBe("2026-11-23T16:00:00.000Z");
    expect(next({ now: at("2026-11-23T16:59:59Z") })).toBe("2026-11-23T17:00:00.000Z");
    expect(next({ now: at("2026-11-23T17:00:00Z") })).toBe("2026-11-25T17:00:00.000Z");
  });

  test("is never for somebody who stopped, chose no rhythm or no day", () => {
    expect(next({ stopped: true })).toBeNull();
    expect(next({ rhythm: null })).toBeNull();
    expect(next({ rhythm: { days: [], time: "18:00" } })).toBeNull();
  });

  test("waits for the end of a pause", () => {
    expect(next({ pausedUntil: at("2026-12-02T23:00:00Z") })).toBe("2026-12-04T17:00:00.000Z");
    expect(next({ pausedUntil: at("2026-11-01T00:00:00Z") })).toBe("2026-11-23T17:00:00.000Z");
  });

  test("is at most one a day, also for a day that is still to come elsewhere", () => {
    expect(next({ pushed: { day: "2026-11-23", count: 1 } })).toBe("2026-11-25T17:00:00.000Z");
    expect(next({ pushed: { day: "2026-11-20", count: 1 } })).toBe("2026-11-23T17:00:00.000Z");
    const daily = { days: every, time: "09:00" };
    expect(next({ rhythm: daily, timeZone: "America/Los_Angeles", pushed: { day: "2026-11-22", count: 1 } })).toBe(
      "2026-11-23T17:00:00.000Z",
    );
  });

  test("stays inside the day whatever hour was chosen", () => {
    expect(next({ rhythm: { days: [1], time: "03:00" } })).toBe("2026-11-23T07:00:00.000Z");
    expect(next({ rhythm: { days: [1], time: "08:00" } })).toBe("2026-11-23T07:00:00.000Z");
    expect(next({ rhythm: { days: [1], time: "20:00" } })).toBe("2026-11-23T18:30:00.000Z");
    expect(next({ rhythm: { days: [1], time: "23:30" } })).toBe("2026-11-23T18:30:00.000Z");
  });

  test("keeps the local hour when the clocks change", () => {
    const daily = { days: every, time: "18:00" };
    expect(next({ now: at("2026-10-24T12:00:00Z"), rhythm: daily })).toBe("2026-10-24T16:00:00.000Z");
    expect(next({ now: at("2026-10-25T12:00:00Z"), rhythm: daily })).toBe("2026-10-25T17:00:00.000Z");
    expect(next({ now: at("2027-03-28T12:00:00Z"), rhythm: daily })).toBe("2027-03-28T16:00:00.000Z");
  });

  test("an hour that does not exist moves on, a doubled one counts once", () => {
    const night = { from: "23:00", to: "01:00" };
    const early = { days: every, time: "02:30" };
    expect(next({ now: at("2027-03-27T23:30:00Z"), rhythm: early, quiet: night })).toBe("2027-03-28T01:30:00.000Z");
    const first = nextPush({ ...facts, now: at("2026-10-24T22:30:00Z"), rhythm: early, quiet: night });
    expect(iso(first)).toBe("2026-10-25T00:30:00.000Z");
    const second = nextPush({
      ...facts,
      now: first ?? 0,
      rhythm: early,
      quiet: night,
      pushed: { day: "2026-10-25", count: 1 },
    });
    expect(iso(second)).toBe("2026-10-26T01:30:00.000Z");
  });
});

describe("a timer that fires late", () => {
  test("may push by day, once, unless stopped or paused", () => {
    const may = (more: Partial<PushFacts>) => mayPush({ ...facts, ...more });
    expect(may({})).toBe(true);
    expect(may({ now: at("2026-11-21T07:00:00Z") })).toBe(true);
    expect(may({ now: at("2026-11-21T06:59:59Z") })).toBe(false);
    expect(may({ now: at("2026-11-21T19:00:00Z") })).toBe(false);
    expect(may({ stopped: true })).toBe(false);
    expect(may({ pausedUntil: facts.now + 1 })).toBe(false);
    expect(may({ pushed: { day: "2026-11-21", count: 1 } })).toBe(false);
    expect(may({ pushed: { day: "2026-11-20", count: 1 } })).toBe(true);
  });
});

test("the local day is the one over there", () => {
  expect(localDay(at("2026-11-21T22:30:00Z"), "Europe/Copenhagen")).toBe("2026-11-21");
  expect(localDay(at("2026-11-21T22:30:00Z"), "Europe/Sofia")).toBe("2026-11-22");
});

/** Both hemispheres, half and three-quarter hours, changes at midnight, a change of half an hour, no change at all. */
const zones = [
  "Europe/Copenhagen",
  "Europe/Sofia",
  "Europe/Helsinki",
  "Europe/London",
  "America/New_York",
  "America/Santiago",
  "Asia/Beirut",
  "Africa/Cairo",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "Pacific/Chatham",
  "UTC",
];

test("the local day is the calendar's, on both sides of every change of the clock", () => {
  const from = at("2020-01-01T00:00:00Z");
  const instant = fc.oneof(
    fc.integer({ min: from, max: at("2031-01-01T00:00:00Z") }),
    // A millisecond before, at and after a change.
    fc
      .tuple(fc.constantFrom(...zones), fc.integer({ min: 0, max: 3_652 }), fc.integer({ min: -1, max: 1 }))
      .map(([zone, day, off]) => {
        const there = Temporal.Instant.fromEpochMilliseconds(from + day * 86_400_000).toZonedDateTimeISO(zone);
        return (there.getTimeZoneTransition("next") ?? there).epochMilliseconds + off;
      }),
  );
  fc.assert(
    fc.property(fc.constantFrom(...zones), instant, (zone, now) => {
      const expected = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate().toString();
      expect(localDay(now, zone)).toBe(expected);
    }),
    { numRuns: 1_000 },
  );
});

test.each(zones)("a year in %s: no push outside 08:00–20:00, never two on a day, none left out", (timeZone) => {
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone, dateStyle: "short", timeStyle: "medium" });
  const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 });
  const time = fc.tuple(fc.nat(23), fc.nat(59)).map((parts) => parts.map((n) => String(n).padStart(2, "0")).join(":"));
  fc.assert(
    fc.property(days, time, fc.nat(86_400_000), (chosen, hour, shift) => {
      let now = at("2026-01-01T00:00:00Z") + shift;
      const end = now + 365 * 86_400_000;
      let pushed: Pushed | null = null;
      const seen = new Set<string>();
      for (;;) {
        const push = nextPush({ ...facts, now, timeZone, rhythm: { days: chosen, time: hour }, pushed });
        if (push === null || push > end) break;
        expect(push).toBeGreaterThan(now);
        const [date = "", wall = ""] = clock.format(push).split(", ");
        expect(wall >= "08:00:00" && wall < "20:00:00").toBe(true);
        expect(seen.has(date)).toBe(false);
        seen.add(date);
        pushed = { day: localDay(push, timeZone), count: 1 };
        expect(mayPush({ ...facts, now: push, timeZone })).toBe(true);
        now = push;
      }
      expect(Math.abs(seen.size - (365 * chosen.length) / 7)).toBeLessThanOrEqual(chosen.length);
    }),
    { numRuns: 4 },
  );
});
