import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

import { compile, parseCompiled } from "../../src/programmes/compiled.ts";
import type { Loaded } from "../../src/programmes/load.ts";
import { checkFolder } from "../../src/programmes/lock.ts";
import { showProblem } from "../../src/programmes/problem.ts";
import { rightIsLongest } from "../../src/programmes/rules/options.ts";
import { questionsOf, textsOf } from "../../src/programmes/texts.ts";

const { loaded, problems } = await checkFolder(fileURLToPath(new URL("../../programmes", import.meta.url)));

test("no programme breaks a rule, and every version is in the lock", () => {
  expect(problems.map(showProblem)).toEqual([]);
  expect(loaded.map(({ programme }) => programme.id)).toEqual(
    expect.arrayContaining(["family-mentor", "mentorska-programa"]),
  );
});

/** What opens and closes a quotation, and what belongs to other languages. English where a language is not named. */
const quotes: Readonly<Record<string, readonly [string, string, RegExp]>> = {
  bg: ["„", "“", /["'”’]/],
  da: ["”", "”", /["'„“]/],
  sv: ["”", "”", /["'„“]/],
  fi: ["”", "”", /["'„“]/],
};

describe.each(loaded.map((pack): [string, Loaded] => [pack.programme.id, pack]))("%s", (_id, pack) => {
  test("every text stands in every language, and Bulgarian waits for a native reader", () => {
    const { languages, unreviewed } = pack.programme;
    expect(pack.words.map(({ language }) => language)).toEqual(languages);
    if (languages.includes("bg")) expect(unreviewed).toContain("bg");
    for (const { language, units } of pack.words) {
      for (const { plain } of units.flatMap(textsOf)) {
        if (language === "bg") expect(plain).not.toMatch(/[a-z]/i);
        else expect(plain).not.toMatch(/[а-я]/i);
      }
    }
  });

  test("quotation marks are those of the language", () => {
    for (const { language, units } of pack.words) {
      for (const { plain } of units.flatMap(textsOf)) {
        const [open, close, others] = quotes[language] ?? ["“", "”", /["'„]/];
        if (open === close) expect(plain.split(open).length % 2, plain).toBe(1);
        else expect(plain.split(open).length, plain).toBe(plain.split(close).length);
        expect(plain).not.toMatch(others);
      }
    }
  });

  test("the right option is the longest in no more than four of ten questions", () => {
    for (const { units } of pack.words) {
      const questions = units.flatMap(questionsOf).filter(({ structure }) => structure.kind === "single");
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

  test("the compiled programme survives the round trip", () => {
    expect(parseCompiled(compile(pack.programme))).toEqual(pack.programme);
  });
});
