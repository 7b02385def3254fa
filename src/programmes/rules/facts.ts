import { factsFile } from "../facts.ts";
import type { Problem } from "../problem.ts";
import { type Checked, inStructure, lessonsOf, type Rule } from "./rule.ts";

/** Where a programme says what its lessons rest on, it says so of each of them, and every fact has its source. */
export const factRules: readonly Rule[] = [named, used];

function named(checked: Checked): Problem[] {
  const known = checked.pack.facts?.facts;
  return lessonsOf(checked).flatMap(({ lesson, at }) => {
    if (lesson.facts === undefined) {
      if (known === undefined) return [];
      const message = `lesson ${lesson.id} names no facts: expected what it rests on, such as facts: [${Object.keys(known)[0] ?? "F1"}]`;
      return [inStructure(checked, "facts", [...at, "id"], message)];
    }
    return lesson.facts.flatMap((fact, index) => {
      if (known?.[fact] !== undefined) return [];
      const message = `${fact} is not in ${factsFile}: write its source and the day of its next review there`;
      return [inStructure(checked, "facts", [...at, "facts", index], message)];
    });
  });
}

function used(checked: Checked): Problem[] {
  const { facts } = checked.pack;
  if (facts === undefined) return [];
  const names = new Set(lessonsOf(checked).flatMap(({ lesson }) => lesson.facts ?? []));
  return Object.keys(facts.facts).flatMap((fact) => {
    if (names.has(fact)) return [];
    const message = `no lesson rests on ${fact}: name it at the lesson, or take it out`;
    return [{ rule: "facts" as const, path: facts.file.path, line: facts.file.lineOf([fact]), message }];
  });
}

/** What an author should hear and that is no fault of the files: a fact whose day of review has come. */
export function factWarnings({ pack: { facts } }: Checked, today: string): Problem[] {
  if (facts === undefined) return [];
  return Object.entries(facts.facts).flatMap(([fact, { source, review }]) => {
    if (today < review) return [];
    const message = `${fact} was to be looked at again by ${review}: read ${source}, correct what rests on it, and enter the next day`;
    return [{ rule: "facts" as const, path: facts.file.path, line: facts.file.lineOf([fact, "review"]), message }];
  });
}
