import { everyStep } from "../placed-questions.ts";
import type { PlacedText } from "../placed-text.ts";
import type { Problem } from "../problem.ts";
import { type PlacedWords, questionsOf, textsOfQuestion } from "../texts.ts";
import { type Checked, inText, type Rule } from "./rule.ts";

/** Rules about texts that say the same again, which no single text shows. */
export const likenessRules: readonly Rule[] = [near];

/** Words in a run. Two runs that share two of three words are two runs. */
const runWords = 3;
/** A shorter text is alike by chance. */
const fewestRuns = 6;
/** The share of all their runs that two texts may have in common. */
const mostShared = 0.6;
/** A run that so many texts have is a set phrase, and comparing all of them would take long. */
const setPhrase = 30;

// Who reads a card, a question or a reason twice believes that they are in the wrong place.
function near({ words }: Checked): Problem[] {
  return words.flatMap((one) =>
    (["card", "question", "why"] as const).flatMap((kind) => alike(textsOf(one).filter((text) => text.kind === kind))),
  );
}

function textsOf({ units, test }: PlacedWords): readonly PlacedText[] {
  const cards = units.flatMap((unit) => unit.lessons.flatMap((lesson) => lesson.cards));
  const questions = [...units.flatMap(questionsOf), ...(test?.bank ?? []).flatMap(everyStep)];
  return [...cards, ...questions.flatMap(textsOfQuestion)];
}

function alike(texts: readonly PlacedText[]): Problem[] {
  const found = texts.map((text) => ({ text, runs: runsOf(text.plain) })).filter(({ runs }) => runs.size >= fewestRuns);
  const having = new Map<string, number[]>();
  const problems: Problem[] = [];
  for (const [index, { text, runs }] of found.entries()) {
    const shared = new Map<number, number>();
    for (const run of runs) {
      const before = having.get(run) ?? [];
      if (before.length < setPhrase) for (const other of before) shared.set(other, (shared.get(other) ?? 0) + 1);
      having.set(run, [...before, index]);
    }
    const twin = [...shared].find(([other, count]) => {
      const all = runs.size + (found[other]?.runs.size ?? 0) - count;
      // A question that is asked word for word again is what "stems" finds.
      return count / all >= mostShared && !(text.kind === "question" && count === all);
    });
    const before = twin === undefined ? undefined : found[twin[0]]?.text;
    if (before === undefined) continue;
    const message = `this says nearly the same as line ${before.line} of ${before.path}: expected other words, or another thought`;
    problems.push(inText(text, "near", message));
  }
  return problems;
}

function runsOf(text: string): ReadonlySet<string> {
  const all = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return new Set(all.slice(runWords - 1).map((_, index) => all.slice(index, index + runWords).join(" ")));
}
