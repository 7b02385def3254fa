import type { PlacedFramework } from "../framework.ts";
import type { Pack } from "../pack.ts";
import type { PlacedText } from "../placed-text.ts";
import type { Problem, RuleName } from "../problem.ts";
import type { QuestionStructure } from "../questions.ts";
import type { CheckStructure } from "../schema.ts";
import type { PlacedWords } from "../texts.ts";
import type { ValuePath } from "../yaml-file.ts";

/** What a rule looks at: the pack as written and its texts, parsed. */
export interface Checked {
  readonly pack: Pack;
  readonly words: readonly PlacedWords[];
  /** Empty where the programme has no framework. */
  readonly framework: readonly PlacedFramework[];
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

/** Every check of the structure, the test over all units too, with the way to it and the lessons it is about. */
export function checksOf(
  checked: Checked,
): readonly { readonly check: CheckStructure; readonly at: ValuePath; readonly lessons: readonly string[] }[] {
  const { test } = checked.pack.structure;
  const units = unitsOf(checked).map(({ unit, at }) => ({
    check: unit.check,
    at: [...at, "check"],
    lessons: unit.lessons.map((lesson) => lesson.id),
  }));
  const all = units.flatMap((unit) => unit.lessons);
  return test === undefined ? units : [...units, { check: test, at: ["test"], lessons: all }];
}

type PlacedStructure = { readonly question: QuestionStructure; readonly at: ValuePath };

/** Every question of the structure, practice and bank, with the way to it; behind a case its steps. */
export function questionStructuresOf(checked: Checked): readonly PlacedStructure[] {
  const practice = lessonsOf(checked).flatMap(({ lesson, at }) =>
    lesson.practice.map((question, index) => ({ question, at: [...at, "practice", index] as ValuePath })),
  );
  const bank = checksOf(checked).flatMap(({ check, at }) =>
    check.bank.map((question, index) => ({ question, at: [...at, "bank", index] as ValuePath })),
  );
  return [...practice, ...bank].flatMap(({ question, at }): readonly PlacedStructure[] => {
    const steps = question.kind === "case" ? question.steps : [];
    return [{ question, at }, ...steps.map((step, index) => ({ question: step, at: [...at, "steps", index] }))];
  });
}
