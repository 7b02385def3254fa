import { describe, expect, test } from "vitest";
import { countryOf, isFreeDay } from "../../src/domain/holidays.ts";
import { createHolidays } from "../../src/schedule/holidays.ts";

const holidays = createHolidays();
const in2026 = (country: string): readonly string[] => [...holidays(country, 2026)].sort();

describe("public holidays", () => {
  test("the whole year of Denmark and of Bulgaria", () => {
    expect(in2026("DK")).toEqual([
      "2026-01-01",
      "2026-04-02",
      "2026-04-03",
      "2026-04-05",
      "2026-04-06",
      "2026-05-14",
      "2026-05-24",
      "2026-05-25",
      "2026-12-25",
      "2026-12-26",
    ]);
    expect(in2026("BG")).toContain("2026-03-03");
    expect(in2026("BG")).toContain("2026-04-13");
  });

  test("days that are only observed are working days", () => {
    // Mother's Day in Sweden, and Christmas Eve in Denmark, on which banks close.
    expect(in2026("SE")).not.toContain("2026-05-31");
    expect(in2026("DK")).not.toContain("2026-12-24");
  });

  test("a day on which the clocks change is one day, a feast of several days is all of them", () => {
    // Easter Sunday of 2027 has 23 hours in Sweden.
    expect([...holidays("SE", 2027)].filter((day) => day >= "2027-03-26" && day <= "2027-03-29").sort()).toEqual([
      "2027-03-26",
      "2027-03-28",
      "2027-03-29",
    ]);
    expect(in2026("TR")).toEqual(expect.arrayContaining(["2026-05-27", "2026-05-28", "2026-05-29"]));
  });

  test("a country nobody knows has none", () => {
    expect([...holidays("", 2026), ...holidays("ZZ", 2026), ...holidays("Denmark", 2026)]).toEqual([]);
  });

  test("a country and year are worked out once", () => {
    expect(holidays("FI", 2026)).toBe(holidays("FI", 2026));
  });
});

test("a clock says which country it is", () => {
  const zones = [
    "Europe/Copenhagen",
    "Europe/Kyiv",
    "Europe/Kiev",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
  ];
  expect(zones.map(countryOf)).toEqual(["DK", "UA", "UA", "US", "AU", "WS"]);
  // One clock, two countries: the one that most people there mean.
  expect(countryOf("Europe/Belgrade")).toBe("RS");
  expect([countryOf("UTC"), countryOf("Mars/Olympus")]).toEqual([null, null]);
});

test("a free day is a holiday, or lies inside a period of the calendar", () => {
  const calendar = [{ from: "2026-05-04", to: "2026-05-08" }];
  const free = (day: string, country: string | null = "DK") => isFreeDay({ country, holidays, calendar }, day);
  expect(["2026-05-03", "2026-05-04", "2026-05-08", "2026-05-09", "2026-05-14"].map((day) => free(day))).toEqual([
    false,
    true,
    true,
    false,
    true,
  ]);
  expect(free("2026-05-14", null)).toBe(false);
});
