import { describe, expect, test } from "vitest";
import { dueStep, endOf, lastDayOf, lifeOf, nextInstant } from "../../src/certificates/life.ts";
import { lastDay, startOf, yearAround } from "../../src/domain/calendar.ts";
import type { Validity } from "../../src/domain/certification.ts";

const validity: Validity = {
  months: 36,
  windowDays: 180,
  graceDays: 90,
  extensionMonths: 6,
  reminders: [180, 30, 7],
  renewal: { is: "all", of: [] },
};
const sofia = "Europe/Sofia";

describe("the life of a certificate", () => {
  test("is its reminders, its end and its lapse, in this order", () => {
    expect(lifeOf("2030-03-09", validity)).toEqual([
      { day: "2029-09-10", step: { type: "reminder", days: 180 } },
      { day: "2030-02-07", step: { type: "reminder", days: 30 } },
      { day: "2030-03-02", step: { type: "reminder", days: 7 } },
      { day: "2030-03-10", step: { type: "ended" } },
      { day: "2030-06-08", step: { type: "lapsed" } },
    ]);
  });

  test("without a time of grace it lapses on the day after its last", () => {
    expect(lifeOf("2030-03-09", { ...validity, graceDays: 0 }).at(-1)).toEqual({
      day: "2030-03-10",
      step: { type: "lapsed" },
    });
    expect(lifeOf("2030-03-09", { ...validity, graceDays: 0 })).toHaveLength(4);
  });

  test("days begin where the person is, also where the clock changed between", () => {
    // 28 March 2027: the clocks go forward; the day has 23 hours.
    expect(startOf("2027-03-29", sofia) - startOf("2027-03-28", sofia)).toBe(23 * 3_600_000);
    expect(new Date(endOf("2030-03-09", sofia)).toISOString()).toBe("2030-03-09T21:59:59.000Z");
    expect(new Date(endOf("2030-06-09", sofia)).toISOString()).toBe("2030-06-09T20:59:59.000Z");
    expect(lastDayOf(endOf("2030-03-09", sofia), sofia)).toBe("2030-03-09");
  });

  test("the next instant is the first that is still to come, and none after the lapse", () => {
    const at = (day: string): number => startOf(day, sofia);
    expect(nextInstant("2030-03-09", validity, sofia, at("2027-03-10"))).toBe(at("2029-09-10"));
    expect(nextInstant("2030-03-09", validity, sofia, at("2029-09-10"))).toBe(at("2030-02-07"));
    expect(nextInstant("2030-03-09", validity, sofia, at("2030-03-10"))).toBe(at("2030-06-08"));
    expect(nextInstant("2030-03-09", validity, sofia, at("2030-06-08"))).toBeUndefined();
  });

  test("of what was missed while nobody looked, only the last is said", () => {
    const at = (day: string): number => startOf(day, sofia);
    const due = (from: string, now: string) => dueStep("2030-03-09", validity, sofia, at(from), at(now));
    expect(due("2029-09-10", "2029-09-10")).toEqual({ type: "reminder", days: 180 });
    expect(due("2029-09-10", "2030-03-05")).toEqual({ type: "reminder", days: 7 });
    expect(due("2029-09-10", "2031-01-01")).toEqual({ type: "lapsed" });
    expect(due("2030-06-09", "2031-01-01")).toBeUndefined();
  });
});

describe("days of the calendar", () => {
  test.each([
    ["2027-03-10", 36, "2030-03-09"],
    ["2028-02-29", 12, "2029-02-27"],
    ["2027-01-31", 1, "2027-02-27"],
    ["2027-01-01", 12, "2027-12-31"],
  ])("a term from %s of %i months ends on %s", (from, months, until) => {
    expect(lastDay(from, months)).toBe(until);
  });

  test.each([
    ["2027-03-10", 1, "2027-01-01", "2027-12-31"],
    ["2027-08-31", 9, "2026-09-01", "2027-08-31"],
    ["2027-09-01", 9, "2027-09-01", "2028-08-31"],
    ["2028-02-29", 3, "2027-03-01", "2028-02-29"],
  ])("%s is in the year that begins with month %i: %s to %s", (day, starts, from, to) => {
    expect(yearAround(day, starts)).toEqual({ from, to });
  });
});
