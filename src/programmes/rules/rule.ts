import type { Pack } from "../pack.ts";
import type { Problem, RuleName } from "../problem.ts";
import type { PlacedText, PlacedWords } from "../texts.ts";
import type { ValuePath } from "../yaml-file.ts";

/** What a rule looks at: the pack as written and its texts, parsed. */
export interface Checked {
  readonly pack: Pack;
  readonly words: readonly PlacedWords[];
}

/** One rule of `docs/writing-a-programme.md`. */
export type Rule = (checked: Checked) => readonly Problem[];

/** A problem in `programme.yaml`. */
export function inStructure({ pack }: Checked, rule: RuleName, at: ValuePath, message: string): Problem {
  return { rule, path: pack.structureFile.path, line: pack.structureFile.lineOf(at), message };
}

/** A problem in a text. */
export function inText(text: PlacedText, rule: RuleName, message: string): Problem {
  return { rule, path: text.path, line: text.line, message };
}

/** Every unit of the structure with the way to it. */
export function unitsOf({ pack }: Checked) {
  return pack.structure.units.map((unit, index) => ({ unit, at: ["units", index] as ValuePath }));
}

/** Every lesson of the structure with the way to it. */
export function lessonsOf(checked: Checked) {
  return unitsOf(checked).flatMap(({ unit, at }) =>
    unit.lessons.map((lesson, index) => ({ lesson, at: [...at, "lessons", index] as ValuePath })),
  );
}

/** Every question of the structure, practice and bank, with the way to it. */
export function questionStructuresOf(checked: Checked) {
  const practice = lessonsOf(checked).flatMap(({ lesson, at }) =>
    lesson.practice.map((question, index) => ({ question, at: [...at, "practice", index] as ValuePath })),
  );
  const bank = unitsOf(checked).flatMap(({ unit, at }) =>
    unit.check.bank.map((question, index) => ({ question, at: [...at, "check", "bank", index] as ValuePath })),
  );
  return [...practice, ...bank];
}
