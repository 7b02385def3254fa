import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { toPlain } from "../../src/engine/markup.ts";
import { compile, parseCompiled } from "../../src/programmes/compiled.ts";
import type { Loaded } from "../../src/programmes/load.ts";
import { checkFolder } from "../../src/programmes/lock.ts";
import { showProblem } from "../../src/programmes/problem.ts";
import { rightIsLongest } from "../../src/programmes/rules/options.ts";
import { questionsOf, textsOf } from "../../src/programmes/texts.ts";

let pack: Loaded;

beforeAll(async () => {
  const { loaded, problems } = await checkFolder(fileURLToPath(new URL("../../programmes", import.meta.url)));
  expect(problems.map(showProblem)).toEqual([]);
  const found = loaded.find((one) => one.programme.id === "family-mentor");
  if (found === undefined) throw new Error("family-mentor is not there");
  pack = found;
});

describe("family-mentor", () => {
  test("unit 1 has its six lessons in order, each with 4 to 6 cards and two practice questions", () => {
    const [unit] = pack.programme.units;
    expect(unit?.lessons.map((lesson) => lesson.id)).toEqual(["1.1", "1.2", "1.3", "1.4", "1.5", "1.6"]);
    for (const lesson of unit?.lessons ?? []) {
      expect(lesson.cards.length).toBeGreaterThanOrEqual(4);
      expect(lesson.cards.length).toBeLessThanOrEqual(6);
      expect(lesson.practice).toHaveLength(2);
      expect(lesson.minutes).toBeLessThanOrEqual(5);
    }
  });

  test("the check draws 8 of at least 18 questions and passes with 6, with two attempts before a day's pause", () => {
    const check = pack.programme.units[0]?.check;
    expect(check).toMatchObject({ draw: 8, pass: 6, freeAttempts: 2, pauseHours: 24 });
    expect(check?.bank.length).toBeGreaterThanOrEqual(18);
    expect(check?.bank.filter((question) => question.safety).map((question) => question.id)).toEqual([
      "worry-about-child",
      "danger-now",
    ]);
  });

  test("every text stands in English and Bulgarian, and the Bulgarian waits for a native reader", () => {
    expect(pack.programme).toMatchObject({ languages: ["en", "bg"], unreviewed: ["bg"] });
    const [en, bg] = pack.words.map((words) => words.units.flatMap(textsOf));
    expect(bg).toHaveLength(en?.length ?? 0);
    for (const text of bg ?? []) expect(text.plain.replace(/112/g, "")).not.toMatch(/[a-z]/i);
    for (const text of en ?? []) expect(text.plain).not.toMatch(/[а-я]/i);
  });

  test("quotation marks are those of the language", () => {
    for (const { language, units } of pack.words) {
      for (const { plain } of units.flatMap(textsOf)) {
        const [open, close] = language === "bg" ? ["„", "“"] : ["“", "”"];
        expect(plain.split(open).length, plain).toBe(plain.split(close).length);
        expect(plain).not.toMatch(language === "bg" ? /["'”’]/ : /["'„]/);
      }
    }
  });

  test("the right option is the longest in no more than four of ten questions", () => {
    for (const { units } of pack.words) {
      const questions = units.flatMap(questionsOf);
      expect(rightIsLongest(questions) / questions.length).toBeLessThanOrEqual(0.4);
    }
  });

  test("the right option stands first, second and third about equally often", () => {
    const rights = (pack.words[0]?.units.flatMap(questionsOf) ?? []).flatMap(({ structure }) =>
      structure.kind === "single" ? [structure.right] : [],
    );
    for (const option of ["a", "b", "c"]) {
      const share = rights.filter((right) => right === option).length / rights.length;
      expect(share).toBeGreaterThan(0.25);
      expect(share).toBeLessThan(0.42);
    }
  });

  test("every first card says how many cards and questions there are", () => {
    const numbers = { en: ["four", "five", "six"], bg: ["четири", "пет", "шест"] } as const;
    for (const lesson of pack.programme.units.flatMap((unit) => unit.lessons)) {
      const [card] = lesson.cards;
      expect(toPlain(card?.text.en ?? [])).toContain(
        `Read ${numbers.en[lesson.cards.length - 4]} cards and answer two`,
      );
      expect(toPlain(card?.text.bg ?? [])).toContain(
        `${numbers.bg[lesson.cards.length - 4]} картички и отговорете на два`,
      );
    }
  });

  test("the compiled programme survives the round trip", () => {
    expect(parseCompiled(compile(pack.programme))).toEqual(pack.programme);
  });
});
