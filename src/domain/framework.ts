import { type Localised, languageFor } from "./programme.ts";

/** What people with a task can do, as a programme describes it: categories, competences, and a statement for each level. */
export interface Framework {
  readonly id: string;
  /** Kept with every decision that rests on it. */
  readonly version: string;
  /** The languages with complete words; the programme's own first. There may be more than the lessons have. */
  readonly languages: readonly string[];
  /** Languages whose words a native reader has yet to check. */
  readonly unreviewed: readonly string[];
  readonly title: Localised<string>;
  readonly about: Localised<string>;
  /** From the lowest, without holes. */
  readonly levels: readonly Level[];
  readonly scales: readonly Scale[];
  /** After so many answers of a scale's lowest value the rest of a competence is not asked. */
  readonly stopAfter: number;
  /** The level that the programme wants; pictures draw it and suggestions lead to it. */
  readonly required: number;
  readonly status: StatusRule;
  readonly categories: readonly Category[];
}

export interface Level {
  readonly level: number;
  readonly name: Localised<string>;
  /** What it means, in one line. */
  readonly short: Localised<string>;
}

/** What a statement is answered with. */
export interface Scale {
  readonly id: string;
  /** From the lowest. */
  readonly values: readonly { readonly value: number; readonly text: Localised<string> }[];
  /** From this value on a statement counts as held. */
  readonly holds: number;
}

/** The status is a level held in the category `gate` and in `others` more, the rest at most `lag` levels lower. */
export interface StatusRule {
  readonly gate: string;
  readonly others: number;
  readonly lag: number;
}

export interface Category {
  readonly id: string;
  readonly title: Localised<string>;
  /** How many of its competences may lie one level below the category. */
  readonly mayLag: number;
  readonly competences: readonly Competence[];
}

export interface Competence {
  readonly id: string;
  readonly title: Localised<string>;
  /** How a recent example may look, without names. */
  readonly example: Localised<string>;
  /** The id of its scale. */
  readonly scale: string;
  /** Lessons that help. */
  readonly lessons: readonly string[];
  /** One for each level, in their order. */
  readonly statements: readonly { readonly level: number; readonly text: Localised<string> }[];
}

/** Answers by statement: `{ "a1.2": 3 }`. */
export type Answers = { readonly [statement: string]: number };

/** Levels by competence, 0 where none is held: `{ a1: 2 }`. */
export type Levels = { readonly [competence: string]: number };

export const statementId = (competence: string, level: number): string => `${competence}.${level}`;

/** Every competence, in the order of the framework. */
export function competencesOf(framework: Framework): readonly Competence[] {
  return framework.categories.flatMap((category) => category.competences);
}

/** The scale of a competence. */
export function scaleOf(framework: Framework, competence: Competence): Scale {
  const scale = framework.scales.find((one) => one.id === competence.scale);
  if (scale === undefined) throw new Error(`the framework "${framework.id}" has no scale "${competence.scale}"`);
  return scale;
}

/** The language somebody reads a framework in, and whether they wanted another. */
export function frameworkLanguage(
  framework: Framework,
  wanted: readonly string[],
): { readonly language: string; readonly fallback: boolean } {
  const language = languageFor(framework.languages, wanted);
  return { language, fallback: language !== wanted[0] };
}

/**
 * The level whose statement is asked next in a competence: from the lowest up. Undefined where all are answered, or where so many got
 * the lowest answer that the rest would only discourage.
 */
export function nextLevel(framework: Framework, competence: Competence, answers: Answers): number | undefined {
  const lowest = scaleOf(framework, competence).values[0]?.value ?? 0;
  let low = 0;
  for (const { level } of competence.statements) {
    const answer = answers[statementId(competence.id, level)];
    if (answer === undefined) return level;
    if (answer === lowest) low += 1;
    if (low >= framework.stopAfter) return undefined;
  }
  return undefined;
}

/** Levels from answers: of each competence the highest whose statement and all below it are held. */
export function levelsFrom(framework: Framework, answers: Answers): Levels {
  return Object.fromEntries(
    competencesOf(framework).map((competence) => {
      const { holds } = scaleOf(framework, competence);
      const missing = competence.statements.find(
        ({ level }) => (answers[statementId(competence.id, level)] ?? Number.NEGATIVE_INFINITY) < holds,
      );
      const held = missing === undefined ? framework.levels.length : missing.level - 1;
      return [competence.id, held];
    }),
  );
}

/** The level of a category: the lowest of its competences, where `mayLag` of them may lie one level lower. */
export function categoryLevel(category: Category, levels: Levels): number {
  const own = category.competences.map(({ id }) => levels[id] ?? 0);
  for (let level = Math.max(0, ...own); level > 0; level -= 1) {
    const below = own.filter((one) => one < level);
    if (below.length <= category.mayLag && below.every((one) => one >= level - 1)) return level;
  }
  return 0;
}

/** The status over all categories, by the framework's rule; 0 where no level is held. */
export function statusOf(framework: Framework, levels: Levels): number {
  const { gate, others, lag } = framework.status;
  const ofGate = framework.categories.find((one) => one.id === gate);
  const rest = framework.categories.filter((one) => one.id !== gate).map((one) => categoryLevel(one, levels));
  const top = ofGate === undefined ? framework.levels.length : categoryLevel(ofGate, levels);
  for (let level = top; level > 0; level -= 1) {
    const holding = rest.filter((one) => one >= level).length;
    if (holding >= Math.min(others, rest.length) && rest.every((one) => one >= level - lag)) return level;
  }
  return 0;
}

/** What somebody works on next: the wanted level until it is held everywhere, then the one above the status. */
export function aimOf(framework: Framework, levels: Levels): number {
  return Math.min(framework.levels.length, Math.max(framework.required, statusOf(framework, levels) + 1));
}

/** The competences that are below a level, the farthest first; among equals the gate's, then in the framework's order. */
export function gapsTo(framework: Framework, levels: Levels, aim: number): readonly Competence[] {
  const all = framework.categories.flatMap((category) =>
    category.competences.map((competence) => ({
      competence,
      gap: aim - (levels[competence.id] ?? 0),
      gate: category.id === framework.status.gate ? 0 : 1,
    })),
  );
  const open = all.filter(({ gap }) => gap > 0);
  return open.sort((one, other) => other.gap - one.gap || one.gate - other.gate).map(({ competence }) => competence);
}

/** Lessons that help with the gaps: the first of each competence in turn, then the second ones; each lesson once. */
export function suggestedLessons(gaps: readonly Competence[], most: number): readonly string[] {
  const longest = Math.max(0, ...gaps.map(({ lessons }) => lessons.length));
  const inTurn = Array.from({ length: longest }, (_, place) => gaps.flatMap(({ lessons }) => lessons[place] ?? []));
  return [...new Set(inTurn.flat())].slice(0, most);
}

/** The categories of a programme's framework; none where it has no framework. */
export function categoriesOf({ framework }: { readonly framework?: Framework }): readonly Category[] {
  return framework?.categories ?? [];
}
