import fc from "fast-check";
import { expect, test } from "vitest";
import { dailyCap, type Pushed } from "../../src/domain/cap.ts";
import { localDay, mayPush, nextPush, quietHours } from "../../src/domain/clock.ts";

const dayMs = 86_400_000;
/** A change at two, at midnight and of half an hour; one that stops for Ramadan; zones that gave theirs up; both hemispheres. */
const zones = [
  "Europe/Copenhagen",
  "Europe/Sofia",
  "Europe/Helsinki",
  "Europe/Lisbon",
  "Atlantic/Azores",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "Africa/Casablanca",
  "Africa/Cairo",
  "America/Santiago",
  "Asia/Beirut",
  "America/Nuuk",
];

/** What a wall clock and a wall calendar show there, by the runtime's own rules. */
function walls(timeZone: string) {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" });
  return (instant: number) => {
    const [day = "", time = ""] = format.format(instant).split(" ");
    return { day, time };
  };
}

test.each(zones)(
  "2026 to 2028 in %s: every chosen working day once, at the chosen hour, whatever the clocks do",
  (zone) => {
    const wall = walls(zone);
    const two = (n: number): string => String(n).padStart(2, "0");
    // Hours that are allowed, and minutes to which a change of clocks could bring trouble.
    const time = fc
      .tuple(fc.integer({ min: 8, max: 19 }), fc.constantFrom(0, 29, 30, 59))
      .map(([h, m]) => `${two(h)}:${two(m)}`);
    const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 });
    const free = fc.uniqueArray(fc.integer({ min: 0, max: 1095 }), { maxLength: 60 });
    fc.assert(
      fc.property(days, time, free, (chosen, hour, freeDays) => {
        const first = Date.UTC(2026, 0, 1);
        const off = new Set(freeDays.map((n) => new Date(first + n * dayMs).toISOString().slice(0, 10)));
        const facts = {
          timeZone: zone,
          rhythm: { days: chosen, time: hour },
          pausedUntil: null,
          stopped: false,
          quiet: quietHours,
          cap: dailyCap,
          isFree: (day: string) => off.has(day),
        };
        const expected: string[] = [];
        for (let at = Date.UTC(2026, 0, 2); at < Date.UTC(2029, 0, 1); at += dayMs) {
          const day = new Date(at).toISOString().slice(0, 10);
          if (chosen.includes(new Date(at).getUTCDay() || 7) && !off.has(day)) expected.push(day);
        }
        const pushed: string[] = [];
        let last: Pushed | null = null;
        let now = Date.UTC(2025, 11, 31, 12);
        for (;;) {
          const due = nextPush({ ...facts, now, pushed: last });
          if (due === null) break;
          const { day, time: shown } = wall(due);
          if (day > "2028-12-31") break;
          expect(shown).toBe(hour);
          expect(mayPush({ ...facts, now: due, pushed: last })).toBe(true);
          // The first of January has begun in some zones already; what is counted begins on the second.
          if (day > "2026-01-01") pushed.push(day);
          last = { day: localDay(due, zone), count: 1 };
          expect(mayPush({ ...facts, now: due + 60_000, pushed: last })).toBe(false);
          now = due;
        }
        expect(pushed).toEqual(expected);
      }),
      { numRuns: 3 },
    );
  },
);

test.each(zones)("in %s a push may leave between eight and twenty by the wall clock, at no other instant", (zone) => {
  const wall = walls(zone);
  const facts = {
    timeZone: zone,
    pausedUntil: null,
    stopped: false,
    quiet: quietHours,
    cap: dailyCap,
    pushed: null,
    isFree: () => false,
  };
  fc.assert(
    fc.property(fc.date({ min: new Date("2026-01-01"), max: new Date("2028-12-31"), noInvalidDate: true }), (date) => {
      // Every quarter of an hour of three days.
      for (let at = date.getTime(); at < date.getTime() + 3 * dayMs; at += 900_000) {
        const { time } = wall(at);
        expect(mayPush({ ...facts, now: at })).toBe(time >= "08:00" && time < "20:00");
      }
    }),
    { numRuns: 20 },
  );
});
