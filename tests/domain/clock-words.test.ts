import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { localDay, parseDate, parseTime, parseZone } from "../../src/domain/clock.ts";
import { capitals, countries } from "../../src/domain/clock-places.ts";

describe("a time of day", () => {
  test.each([
    ["7:30", "07:30"],
    ["19.30", "19:30"],
    ["18", "18:00"],
    ["1830", "18:30"],
    ["kl 18", "18:00"],
    ["kl. 7.15", "07:15"],
    ["klokken 8", "08:00"],
    ["klockan 8", "08:00"],
    ["klo 8", "08:00"],
    ["в 18 ч.", "18:00"],
    ["18 часа", "18:00"],
    ["6 pm", "18:00"],
    ["6:30 p.m.", "18:30"],
    ["12 am", "00:00"],
    ["12pm", "12:00"],
    ["at 6 in the evening", "18:00"],
    ["7 om aftenen", "19:00"],
    ["7 på kvällen", "19:00"],
    ["6 вечерта", "18:00"],
    ["8 сутринта", "08:00"],
    ["6 illalla", "18:00"],
    ["８：３０", "08:30"],
  ])("%s is %s", (text, time) => {
    expect(parseTime(text)).toBe(time);
  });

  test.each(["", "24", "25:00", "18:60", "13 am", "0 pm", "soon", "7:3", "18:00:00", "-7", "3 pm 4"])(
    "%j is none",
    (text) => {
      expect(parseTime(text)).toBeNull();
    },
  );

  test("whatever is typed gives HH:MM or nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const time = parseTime(text);
        if (time !== null) expect(time).toMatch(/^([01]\d|2[0-3]):[0-5]\d$/);
      }),
    );
  });
});

describe("a place", () => {
  test.each([
    ["Europe/Sofia", "Europe/Sofia"],
    ["europe/copenhagen", "Europe/Copenhagen"],
    ["america/new york", "America/New_York"],
    ["utc", "UTC"],
    ["sofia", "Europe/Sofia"],
    ["София", "Europe/Sofia"],
    ["New York", "America/New_York"],
    ["Danmark", "Europe/Copenhagen"],
    ["Дания", "Europe/Copenhagen"],
    ["Tanska", "Europe/Copenhagen"],
    ["København", "Europe/Copenhagen"],
    ["Köpenhamn", "Europe/Copenhagen"],
    ["Kööpenhamina", "Europe/Copenhagen"],
    ["Ruotsi", "Europe/Stockholm"],
    ["Стокхолм", "Europe/Stockholm"],
    ["Stokholm", "Europe/Stockholm"],
    ["Helsinkki", "Europe/Helsinki"],
    ["Suomi", "Europe/Helsinki"],
    ["България", "Europe/Sofia"],
    ["UK", "Europe/London"],
  ])("%s is in %s", (text, zone) => {
    expect(parseZone(text)).toBe(zone);
  });

  test.each(["", "USA", "xyzzy", "here", "+02:00", "la", "Europe/Nowhere", "🙂"])("%j is no one place", (text) => {
    expect(parseZone(text)).toBeNull();
  });

  test("every zone of the table exists", () => {
    for (const zone of [...Object.values(countries), ...Object.keys(capitals)]) {
      expect(() => localDay(0, zone), zone).not.toThrow();
      expect(() => new Intl.DateTimeFormat("en", { timeZone: zone }), zone).not.toThrow();
    }
  });
});

describe("the end of a pause", () => {
  const now = Date.parse("2026-11-21T12:00:00Z"); // A Saturday.
  const timeZone = "Europe/Copenhagen";
  const dayOf = (text: string): string | null => {
    const end = parseDate(text, now, timeZone);
    return end === null ? null : localDay(end, timeZone);
  };

  test.each([
    ["2026-12-01", "2026-12-01"],
    ["1.12.2026", "2026-12-01"],
    ["1.12.26", "2026-12-01"],
    ["1/12", "2026-12-01"],
    ["until 24.12.", "2026-12-24"],
    ["1.2", "2027-02-01"],
    ["21.11", "2027-11-21"],
    ["2 weeks", "2026-12-05"],
    ["for two weeks", "2026-12-05"],
    ["2 uger", "2026-12-05"],
    ["en uge", "2026-11-28"],
    ["14 dage", "2026-12-05"],
    ["2 veckor", "2026-12-05"],
    ["en månad", "2026-12-21"],
    ["2 седмици", "2026-12-05"],
    ["за две седмици", "2026-12-05"],
    ["1 месец", "2026-12-21"],
    ["2 viikkoa", "2026-12-05"],
    ["2 viikon ajan", "2026-12-05"],
    ["kuukauden", "2026-12-21"],
    ["tomorrow", "2026-11-22"],
    ["i morgen", "2026-11-22"],
    ["i morgon", "2026-11-22"],
    ["утре", "2026-11-22"],
    ["huomenna", "2026-11-22"],
    ["monday", "2026-11-23"],
    ["indtil på mandag", "2026-11-23"],
    ["till lördag", "2026-11-28"],
    ["до понеделник", "2026-11-23"],
    ["maanantaihin asti", "2026-11-23"],
    ["next week", "2026-11-23"],
    ["næste uge", "2026-11-23"],
    ["nästa vecka", "2026-11-23"],
    ["следващата седмица", "2026-11-23"],
    ["ensi viikolla", "2026-11-23"],
    ["next month", "2026-12-01"],
    ["1. december", "2026-12-01"],
    ["December 1", "2026-12-01"],
    ["3rd of January 2027", "2027-01-03"],
    ["1 декември", "2026-12-01"],
    ["15 януари", "2027-01-15"],
    ["1. joulukuuta", "2026-12-01"],
    ["1 maj", "2027-05-01"],
    ["marts", "2027-03-01"],
  ])("%s ends on %s", (text, day) => {
    expect(dayOf(text)).toBe(day);
  });

  test.each([
    "",
    "today",
    "yesterday",
    "2025-01-01",
    "2028-01-01",
    "22.11.2027",
    "31.2.2027",
    "1.13",
    "0 days",
    "500 days",
    "soon",
    "a lesson",
    "2",
  ])("%j is no date to wait for", (text) => {
    expect(dayOf(text)).toBeNull();
  });

  test("is the first instant of that local day, also where midnight does not exist", () => {
    expect(parseDate("2026-12-01", now, timeZone)).toBe(Date.parse("2026-11-30T23:00:00Z"));
    expect(parseDate("2027-04-30", now, "Africa/Cairo")).toBe(Date.parse("2027-04-29T22:00:00Z"));
  });

  test("whatever is typed is in the future and at most a year ahead", () => {
    const piece = fc.constantFrom(
      "1",
      "2",
      "31",
      "12",
      "366",
      "day",
      "uger",
      "viikko",
      "next",
      ".",
      "/",
      "-",
      " ",
      "2027",
      "maj",
      "mandag",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join("")),
        ),
        (text) => {
          const end = parseDate(text, now, timeZone);
          if (end === null) return;
          expect(end).toBeGreaterThan(now);
          expect(end).toBeLessThan(now + 367 * 86_400_000);
        },
      ),
    );
  });
});
