/** Every rule a programme is held to. `docs/writing-a-programme.md` explains each. */
export const RULES = [
  "yaml",
  "files",
  "structure",
  "words",
  "languages",
  "markdown",
  "plain",
  "folder",
  "ids",
  "right",
  "bank",
  "blueprint",
  "pass",
  "safety",
  "explains",
  "calendar",
  "requirements",
  "quality",
  "facts",
  "levels",
  "scales",
  "framework-ids",
  "framework-lessons",
  "status",
  "events",
  "cards",
  "practice",
  "options",
  "plan",
  "plan-words",
  "first-card",
  "card-length",
  "sentence-length",
  "emoji",
  "personal-data",
  "stems",
  "near",
  "labels",
  "option-length",
  "catch-all",
  "absolutes",
  "longest",
  "key",
  "lock",
] as const;

export type RuleName = (typeof RULES)[number];

/** Something wrong in a programme, with its place. */
export interface Problem {
  readonly rule: RuleName;
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  /** What was wrong and what was expected. */
  readonly message: string;
}

/** One line for a person: `path:line: what was wrong, what was expected (rule)`. */
export function showProblem(problem: Problem): string {
  return `${problem.path}:${problem.line}: ${problem.message} (${problem.rule})`;
}
