import type { StoredEntry } from "../support/product-records.ts";
import { single } from "../support/questions.ts";
import { first, optionOf, programme, unit } from "./learner.ts";

/** An entry without what chance decided: the ids of attempts, and which questions a check drew. */
export interface Normal {
  readonly type: string;
  readonly key: string;
  readonly version: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The record of one learner, comparable between platforms. Drawn questions are checked here and then left out. */
export function normalised(record: readonly StoredEntry[]): readonly Normal[] {
  const attempts = new Map<string, string>();
  const named = (id: string): string => {
    const name = attempts.get(id) ?? `attempt ${attempts.size + 1}`;
    attempts.set(id, name);
    return name;
  };
  return record.map(({ type, key, version, data }) => {
    const [kind = "", id = "", rest] = key.split(":");
    if (type === "answer") {
      const question = unit.check.bank.map(single).find((one) => one.id === data.question);
      const option = question?.options.find((one) => one.id === data.option);
      if (
        !question ||
        rest !== question.id ||
        option?.text.en !== data.label ||
        data.right !== (option?.id === question.right)
      )
        throw new Error(`an answer that fits no question: ${key}`);
      return { type, version, key: `${kind}:${named(id)}`, data: { right: data.right } };
    }
    if (type === "practice") return { type, version, data, key: `${kind}:${named(id)}:${rest}` };
    if (type === "check.done")
      return { type, version, key: `${kind}:${named(id)}`, data: { ...data, attempt: named(String(data.attempt)) } };
    if (type === "plan.made") return { type, version, data: { lesson: data.lesson }, key: kind };
    if (type === "card.saved") return { type, version, data, key: kind };
    return { type, version, key, data };
  });
}

/** The questions of each attempt of the check, in the order they were answered. */
export function drawnIn(record: readonly StoredEntry[]): readonly (readonly string[])[] {
  const drawn = new Map<string, string[]>();
  for (const { type, key } of record) {
    const [, attempt = "", question = ""] = key.split(":");
    if (type === "answer") drawn.set(attempt, [...(drawn.get(attempt) ?? []), question]);
  }
  return [...drawn.values()];
}

/** What the journey must leave behind, from the programme alone. */
export function expectedRecord(): readonly Normal[] {
  const { version, id } = programme;
  const entries: Normal[] = [{ type: "joined", version, key: `joined:${id}`, data: {} }];
  let attempt = 0;
  for (const [index, lesson] of unit.lessons.entries()) {
    if (index === 0) {
      const card = first(lesson.cards.slice(1));
      entries.push({ type: "card.saved", version, key: "card.saved", data: { card: card.id } });
    }
    attempt += 1;
    for (const [n, question] of lesson.practice.entries()) {
      const option = optionOf(question, n > 0);
      const data = { question: question.id, option: option.id, label: option.text.en, right: n > 0 };
      entries.push({ type: "practice", version, key: `practice:attempt ${attempt}:${question.id}`, data });
    }
    const data = { lesson: lesson.id, minutes: lesson.minutes };
    entries.push({ type: "lesson.done", version, key: `lesson:${id}:${lesson.id}`, data });
    if (index % 2 === 1) entries.push({ type: "plan.made", version, key: "plan", data: { lesson: lesson.id } });
  }
  for (const wrong of [4, 0]) {
    attempt += 1;
    const of = unit.check.draw;
    for (let n = 1; n <= of; n += 1)
      entries.push({ type: "answer", version, key: `answer:attempt ${attempt}`, data: { right: n > wrong } });
    const data = { check: unit.check.id, attempt: `attempt ${attempt}`, right: of - wrong, of, passed: wrong === 0 };
    entries.push({ type: "check.done", version, key: `check:attempt ${attempt}`, data });
  }
  return entries;
}
