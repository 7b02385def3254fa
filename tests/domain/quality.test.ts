import { expect, test } from "vitest";
import { reviewStands } from "../../src/domain/quality.ts";

const quality = { review: { on: "2026-11-01", everyMonths: 12 } };

test.each([
  ["what asks for no review stands", undefined, undefined, "2050-01-01", true, null],
  ["the date of the content holds to its last day", quality, undefined, "2027-10-31", true, "2027-10-31"],
  ["and not a day longer", quality, undefined, "2027-11-01", false, "2027-10-31"],
  ["a sign-off goes on from there", quality, ["2027-11-01", "2028-10-31"], "2028-10-31", true, "2028-10-31"],
  ["and ends too", quality, ["2027-11-01", "2028-10-31"], "2028-11-01", false, "2028-10-31"],
  ["a later sign-off may hold for less", quality, ["2027-01-01", "2027-03-31"], "2027-04-01", false, "2027-03-31"],
  [
    "one that is older than the content does not count",
    quality,
    ["2026-10-01", "2028-09-30"],
    "2027-11-01",
    false,
    "2027-10-31",
  ],
] as const)("%s", (_, given, signed, today, stands, until) => {
  const review = signed === undefined ? undefined : { day: signed[0], until: signed[1] };
  expect(reviewStands(given, review, today)).toEqual({ stands, until });
});
