import { describe, expect, test } from "vitest";
import { toPlain } from "../../src/engine/markup.ts";
import { loadProgrammes } from "../../src/programmes/load.ts";
import { familyMentor } from "../support/packs.ts";

const [pack] = (await loadProgrammes(familyMentor())).loaded;
if (pack === undefined) throw new Error("family-mentor is not there");

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
});
