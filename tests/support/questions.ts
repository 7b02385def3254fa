import type { Question, SingleQuestion } from "../../src/domain/programme.ts";

/** A question of which it is known that exactly one option is right. */
export function single(question: Question): SingleQuestion {
  if (question.kind !== "single") throw new Error(`question "${question.id}" is no single choice`);
  return question;
}
