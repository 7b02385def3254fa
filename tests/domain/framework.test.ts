import { describe, expect, test } from "vitest";
import {
  type Answers,
  aimOf,
  type Category,
  categoryLevel,
  competencesOf,
  type Framework,
  gapsTo,
  levelsFrom,
  nextLevel,
  statusOf,
  suggestedLessons,
} from "../../src/domain/framework.ts";

const text = { en: "x" };

function category(id: string, count: number, mayLag: number): Category {
  return {
    id,
    title: text,
    mayLag,
    competences: Array.from({ length: count }, (_, index) => ({
      id: `${id}${index + 1}`,
      title: text,
      example: text,
      scale: "doing",
      lessons: [`${id}.${index + 1}`, "shared"],
      statements: [1, 2, 3, 4].map((level) => ({ level, text })),
    })),
  };
}

const framework: Framework = {
  id: "sample",
  version: "1.0.0",
  languages: ["en"],
  unreviewed: [],
  title: text,
  about: text,
  levels: [1, 2, 3, 4].map((level) => ({ level, name: text, short: text })),
  scales: [{ id: "doing", values: [0, 1, 2, 3].map((value) => ({ value, text })), holds: 2 }],
  stopAfter: 2,
  required: 1,
  status: { gate: "d", others: 3, lag: 1 },
  categories: [category("a", 3, 1), category("b", 3, 1), category("c", 4, 1), category("d", 3, 0), category("e", 3, 1)],
};

/** Answers to the statements of one competence, from level 1 up. */
function answers(competence: string, ...values: readonly number[]): Answers {
  return Object.fromEntries(values.map((value, index) => [`${competence}.${index + 1}`, value]));
}

function competence(id: string) {
  const found = competencesOf(framework).find((one) => one.id === id);
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
}

describe("a competence", () => {
  test.each([
    ["nothing answered", [], 0],
    ["not yet", [0, 0], 0],
    ["with help", [1], 0],
    ["on my own", [2], 1],
    ["the value that holds, everywhere", [2, 2, 2, 2], 4],
    ["a hole in the middle ends it", [3, 1, 3, 3], 1],
    ["a hole at the beginning too", [1, 3, 3, 3], 0],
    ["what was not asked is not held", [3, 3], 2],
  ])("%s: %j is level %i", (_name, values, level) => {
    expect(levelsFrom(framework, answers("a1", ...values)).a1).toBe(level);
  });

  test.each([
    ["begins at the lowest level", [], 1],
    ["goes on after one zero", [0], 2],
    ["stops after two zeros", [0, 0], undefined],
    ["also where another answer stood between them", [0, 1, 0], undefined],
    ["one as an answer stops nothing", [1, 1, 1], 4],
    ["ends with the last statement", [3, 3, 3, 3], undefined],
  ])("%s", (_name, values, next) => {
    expect(nextLevel(framework, competence("b2"), answers("b2", ...values))).toBe(next);
  });
});

describe("a category", () => {
  const [a, , c, d] = framework.categories;
  test.each([
    ["the lowest where none may lag", d, { d1: 3, d2: 2, d3: 3 }, 2],
    ["one may lie one level lower", a, { a1: 3, a2: 2, a3: 3 }, 3],
    ["but not two", a, { a1: 3, a2: 2, a3: 2 }, 2],
    ["and not by two levels", a, { a1: 3, a2: 1, a3: 3 }, 2],
    ["one competence alone lifts nothing", a, { a1: 4 }, 0],
    ["level 1 with one at 0", c, { c1: 1, c2: 1, c3: 0, c4: 1 }, 1],
    ["nothing is 0", c, {}, 0],
  ])("%s", (_name, one, levels: Record<string, number>, expected) => {
    expect(one && categoryLevel(one, levels)).toBe(expected);
  });
});

/** The same level in all competences of each category. */
function even(levels: Readonly<Record<string, number>>) {
  return Object.fromEntries(
    framework.categories.flatMap((one) => one.competences.map(({ id }): [string, number] => [id, levels[one.id] ?? 0])),
  );
}

describe("the status", () => {
  test.each([
    ["all alike", { a: 2, b: 2, c: 2, d: 2, e: 2 }, 2],
    ["the fourth other one level lower", { a: 3, b: 3, c: 3, d: 3, e: 2 }, 3],
    ["the fourth other two levels lower", { a: 3, b: 3, c: 3, d: 3, e: 1 }, 2],
    ["two others lower", { a: 3, b: 3, c: 2, d: 3, e: 2 }, 2],
    ["the gate holds it down", { a: 4, b: 4, c: 4, d: 1, e: 4 }, 1],
    ["nothing without the gate", { a: 4, b: 4, c: 4, d: 0, e: 4 }, 0],
    ["the gate alone lifts nothing", { a: 1, b: 1, c: 1, d: 4, e: 1 }, 1],
    ["level 1 with one category at 0", { a: 1, b: 1, c: 1, d: 1, e: 0 }, 1],
  ])("%s", (_name, levels, expected) => {
    expect(statusOf(framework, even(levels))).toBe(expected);
  });
});

describe("what is next", () => {
  test("the wanted level first, then the one above the status, never above the highest", () => {
    expect(aimOf(framework, {})).toBe(1);
    expect(aimOf({ ...framework, required: 3 }, {})).toBe(3);
    expect(aimOf(framework, even({ a: 2, b: 2, c: 2, d: 2, e: 2 }))).toBe(3);
    expect(aimOf(framework, even({ a: 4, b: 4, c: 4, d: 4, e: 4 }))).toBe(4);
  });

  test("the widest gaps come first, the gate before others, and lessons in turn, each once", () => {
    const levels = { ...even({ a: 2, b: 2, c: 2, d: 2, e: 2 }), b1: 0, a2: 1, d3: 1 };
    const gaps = gapsTo(framework, levels, 2);
    expect(gaps.map(({ id }) => id)).toEqual(["b1", "d3", "a2"]);
    expect(suggestedLessons(gaps, 9)).toEqual(["b.1", "d.3", "a.2", "shared"]);
    expect(suggestedLessons(gaps, 2)).toEqual(["b.1", "d.3"]);
    expect(gapsTo(framework, levels, 0)).toEqual([]);
  });
});
