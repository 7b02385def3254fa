import type { Check, Question } from "./programme.ts";
import { seeded, seedOf, shuffled } from "./random.ts";

/** The questions of one attempt: every safety item, then others of the bank until `draw` are there; in random order. */
export function drawQuestions(check: Check, random: () => number): readonly string[] {
  const safety = check.bank.filter((question) => question.safety);
  const others = shuffled(
    check.bank.filter((question) => !question.safety),
    random,
  );
  const drawn = [...shuffled(safety, random), ...others].slice(0, check.draw);
  return shuffled(
    drawn.map((question) => question.id),
    random,
  );
}

/** The options in the order this attempt shows them. The same attempt shows the same order again. */
export function optionsFor(question: Question, attempt: string): Question["options"] {
  if (question.order === "fixed") return question.options;
  return shuffled(question.options, seeded(seedOf(`${attempt}:${question.id}`)));
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
