import { describe, expect, test } from "vitest";
import type { NumberQuestion } from "../../src/domain/programme.ts";
import { isRight, readTyped } from "../../src/domain/question.ts";

const about = (right: number, within = 0): NumberQuestion => ({
  kind: "number",
  id: "n",
  stem: {},
  safety: false,
  right,
  within,
  feedback: {},
});

describe("a number as people write it", () => {
  test.each([
    ["1500", 1500],
    ["1.500", 1500],
    ["1,500", 1500],
    ["1 500", 1500],
    ["1.500", 1.5],
    ["1,5", 1.5],
    ["1.234.567,5", 1234567.5],
    ["−3", -3],
    ["2.5 lines", 2.5],
  ])("%s may mean %d", (typed, meant) => {
    expect(isRight(about(meant), [readTyped("number", typed) ?? ""])).toBe(true);
  });

  test.each([
    ["15", 1500],
    ["1.5", 15],
    ["150", 1500],
  ])("%s never means %d", (typed, other) => {
    expect(isRight(about(other), [readTyped("number", typed) ?? ""])).toBe(false);
  });
});
