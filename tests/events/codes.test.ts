import { describe, expect, test } from "vitest";
import { usualTimes } from "../../src/domain/check-in.ts";
import { type Coded, codeAt, codeEnds, looksLikeCode, readCode } from "../../src/events/codes.ts";

const [minuteMs, dayMs] = [60_000, 86_400_000];
const startsAt = Date.UTC(2026, 2, 15, 9);
const coded: Coded = { startsAt, endsAt: startsAt + 360 * minuteMs, secret: "one", times: usualTimes };
const other: Coded = { ...coded, secret: "two" };
const at = (minutes: number) => startsAt + minutes * minuteMs;

describe("check-in codes", () => {
  test.each<[string, Coded, number, number, ReturnType<typeof readCode>]>([
    ["the one shown", coded, 5, 5, "good"],
    ["the first minute", coded, -30, -30, "good"],
    ["the last minute", coded, 390, 390, "good"],
    ["one that was just replaced", coded, 4, 6, "good"],
    ["one replaced ten minutes ago", coded, 5, 20, "stale"],
    ["before it opens", coded, -31, -31, "early"],
    ["after it closed", coded, 385, 391, "over"],
    ["yesterday's", { ...coded, startsAt: startsAt - dayMs, endsAt: coded.endsAt - dayMs }, 5 - 1440, 5, "over"],
    [
      "tomorrow's, as it would be then",
      { ...coded, startsAt: startsAt + dayMs, endsAt: coded.endsAt + dayMs },
      1440,
      5,
      undefined,
    ],
    ["another session's", other, 5, 5, "good"],
  ])("%s", (_what, of, shown, typed, read) => {
    const code = codeAt(of, at(shown));
    expect(readCode(of, code, at(typed))).toBe(read);
    if (of === other) expect(readCode(coded, code, at(typed))).toBeUndefined();
  });

  test("any case and separators are fine; a text that is no code is none", () => {
    const code = codeAt(coded, at(0));
    expect(code).toMatch(/^[23456789A-HJKMNP-TV-Z]{6}$/u);
    expect(readCode(coded, `${code.slice(0, 3).toLowerCase()}-${code.slice(3)}`, at(0))).toBe("good");
    expect(looksLikeCode("here we go")).toBe(false);
    expect(readCode(coded, "", at(0))).toBeUndefined();
    expect(codeEnds(coded, at(2))).toBe(at(5));
  });
});
