import type { StoredEntry } from "../support/product-records.ts";
import { first, optionOf, programme, unit } from "./learner.ts";

/** The lesson that a crowd learns. */
export const lesson = first(unit.lessons);

/** The replies of one learner, in their order. */
export function expectations(index: number): readonly RegExp[] {
  const cards = lesson.cards.length;
  return [
    /Which language shall we use\?/,
    /On which days may I remind you/,
    /Your first lesson is ready/,
    ...Array.from({ length: cards }, (_, card) => new RegExp(`Card ${card + 1} of ${cards}`)),
    /Practice 1 of 2/,
    /Practice 2 of 2/,
    /When will you try it\?/,
    /Lesson 1 of 6 is done/,
    new RegExp(`“alpha${index}”`),
    new RegExp(`“omega${index}”`),
  ];
}

/** Each answer once, with what it was worth. */
export function isExact(record: readonly StoredEntry[], right: readonly boolean[]): boolean {
  const answers = lesson.practice.map((question, n) => {
    const option = optionOf(question, right[n] ?? false);
    return `practice ${question.id} ${option.id} ${right[n]}`;
  });
  const expected = ["joined", ...answers, `lesson.done ${lesson.id}`];
  const found = record.map(({ type, data }) => {
    if (type === "practice") return `practice ${data.question} ${data.option} ${data.right}`;
    return type === "lesson.done" ? `lesson.done ${data.lesson}` : type;
  });
  return found.join("\n") === expected.join("\n") && record.every(({ programme: id }) => id === programme.id);
}
