import type { Check, Question } from "./programme.ts";
import { shuffled } from "./random.ts";

/**
 * The questions of one attempt, in random order: every safety item, then others of the bank until `draw` are there; where a blueprint
 * says how many come from which lessons, so many from each.
 */
export function drawQuestions(check: Check, random: () => number): readonly string[] {
  const parts = check.blueprint ?? [{ lessons: undefined, draw: check.draw }];
  const drawn = parts.flatMap(({ lessons, draw }) => {
    const bank = check.bank.filter((question) => lessons === undefined || lessons.includes(question.lesson ?? ""));
    return drawFrom(bank, draw, random);
  });
  return shuffled(
    drawn.map((question) => question.id),
    random,
  );
}

function drawFrom(bank: readonly Question[], draw: number, random: () => number): readonly Question[] {
  const others = shuffled(
    bank.filter((question) => !question.safety),
    random,
  );
  const safety = shuffled(
    bank.filter((question) => question.safety),
    random,
  );
  return [...safety, ...others].slice(0, draw);
}

export interface Result {
  readonly right: number;
  readonly of: number;
  readonly passed: boolean;
  /** A safety item was wrong: the attempt is not passed, whatever the total. */
  readonly safetyMissed: boolean;
}

/** Passed with enough right answers and every safety item right. */
export function score(check: Check, drawn: readonly string[], wrong: readonly string[]): Result {
  const right = drawn.length - wrong.length;
  const safetyMissed = check.bank.some((question) => question.safety && wrong.includes(question.id));
  return { right, of: drawn.length, passed: right >= check.pass && !safetyMissed, safetyMissed };
}
