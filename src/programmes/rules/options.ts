import { distance } from "fastest-levenshtein";
import { everyStep, type PlacedQuestion } from "../placed-questions.ts";
import type { Problem } from "../problem.ts";
import { questionsOf } from "../texts.ts";
import { type Checked, inStructure, inText, type Rule, unitsOf } from "./rule.ts";

/** Rules about the options of a question: fair to read, and each one to be told from the others when it is typed. */
export const optionRules: readonly Rule[] = [labels, lengths, catchAll, absolutes, longest, key];

function eachQuestion(
  { words }: Checked,
  look: (question: PlacedQuestion, language: string) => readonly Problem[],
): Problem[] {
  return words.flatMap(({ language, units, test }) =>
    [...units.flatMap(questionsOf), ...(test?.bank ?? []).flatMap(everyStep)].flatMap((question) =>
      look(question, language),
    ),
  );
}

// Cyrillic letters that look like Latin ones: nobody can tell "Да" from "Дa".
const LOOK_ALIKE = new Map(
  [..."авеѕікмнорстухј"].map((letter, index) => [letter, [..."abesikmhopctyxj"][index] ?? letter]),
);

/** What is left of an option when case, punctuation and look-alike letters do not count. */
function folded(text: string): string {
  const letters = text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");
  return [...letters].map((letter) => LOOK_ALIKE.get(letter) ?? letter).join("");
}

function labels(checked: Checked): Problem[] {
  return eachQuestion(checked, ({ options }) =>
    options.flatMap(({ text }, index) => {
      const own = folded(text.plain);
      if (own.length < 2) {
        return [
          inText(
            text,
            "labels",
            `the option "${text.plain}" could be mistaken for the mark of an option: write it out`,
          ),
        ];
      }
      const twin = options.slice(0, index).find((other) => isNear(own, folded(other.text.plain)));
      if (twin === undefined) return [];
      return [
        inText(text, "labels", `the option is too near to "${twin.text.plain}": expected words nobody can mix up`),
      ];
    }),
  );
}

// Learners may type the beginning of an option, or make a slip or two: that must not have two readings.
function isNear(one: string, other: string): boolean {
  const slips = Math.min(one.length, other.length) < 6 ? 0 : 2;
  return one.startsWith(other) || other.startsWith(one) || distance(one, other) <= slips;
}

function lengths(checked: Checked): Problem[] {
  return eachQuestion(checked, ({ structure, options }) => {
    // Only where one option is right does its length give it away.
    if (structure.kind !== "single") return [];
    const sizes = options.map(({ text }) => text.plain.length);
    const shortest = Math.min(...sizes);
    const most = Math.round(shortest * 1.5) + 12;
    return options
      .filter(({ text }) => text.plain.length > most)
      .map(({ text }) => {
        const message = `the option has ${text.plain.length} characters and the shortest ${shortest}: expected at most ${most}`;
        return inText(text, "option-length", message);
      });
  });
}

const CATCH_ALL: Readonly<Record<string, RegExp>> = {
  en: /\b(?:all|none|both|neither) of (?:the above|these|them)\b/i,
  da: /\b(?:alle|ingen) af (?:de |disse|dem|ovenstående)|\balle ovenstående\b/i,
  sv: /\b(?:alla|ingen|inget) (?:av )?(?:de |dessa|ovanstående)/i,
  bg: /всичк\p{L}+ (?:от )?(?:изброен|горн|посочен)|ник?о\p{L} едно от/iu,
  fi: /\b(?:kaikki|ei mikään) (?:edellä|yllä|näistä)/i,
};

function catchAll(checked: Checked): Problem[] {
  return eachQuestion(checked, ({ options }, language) =>
    options
      .filter(({ text }) => CATCH_ALL[language]?.test(text.plain))
      .map(({ text }) =>
        inText(text, "catch-all", `"${text.plain}" answers for the other options: expected an act of its own`),
      ),
  );
}

const ABSOLUTE: Readonly<Record<string, RegExp>> = {
  en: /\b(?:always|never)\b/i,
  da: /\b(?:altid|aldrig)\b/i,
  sv: /\b(?:alltid|aldrig)\b/i,
  bg: /(?<!\p{L})(?:винаги|никога)(?!\p{L})/iu,
  fi: /\b(?:aina|ei koskaan)\b/i,
};

// "Always" and "never" give an option away without any thought about the case.
function absolutes(checked: Checked): Problem[] {
  return eachQuestion(checked, ({ options }, language) =>
    options.flatMap(({ text }) => {
      const word = ABSOLUTE[language]?.exec(text.plain)?.[0];
      if (word === undefined) return [];
      return [inText(text, "absolutes", `the option says "${word}": expected what a mentor does in this case`)];
    }),
  );
}

const FEWEST_TO_COMPARE = 6;

/** In how many of the questions the right option is longer than both others. */
export function rightIsLongest(questions: readonly PlacedQuestion[]): number {
  return questions.filter(({ structure, options }) => {
    if (structure.kind !== "single") return false;
    const size = (id: string) => options.find((option) => option.id === id)?.text.plain.length ?? 0;
    return options.every((option) => option.id === structure.right || option.text.plain.length < size(structure.right));
  }).length;
}

// Who guesses takes the longest option. With three options it is the right one by chance in a third of the questions.
function longest({ words }: Checked): Problem[] {
  return words.flatMap(({ units }) =>
    units.flatMap((unit) => {
      const questions = questionsOf(unit).filter((one) => one.structure.kind === "single");
      const count = rightIsLongest(questions);
      if (questions.length < FEWEST_TO_COMPARE || count * 2 <= questions.length) return [];
      const message = `the right option is the longest in ${count} of ${questions.length} questions: expected at most half`;
      return [inText(unit.title, "longest", message)];
    }),
  );
}

// Who guesses takes one letter throughout: no letter may be right in more than half of a unit's questions.
function key(checked: Checked): Problem[] {
  return unitsOf(checked).flatMap(({ unit, at }) => {
    const all = [...unit.lessons.flatMap((lesson) => lesson.practice), ...unit.check.bank];
    const keys = all
      .flatMap((one) => (one.kind === "case" ? one.steps : [one]))
      .flatMap((one) => (one.kind === "single" ? [one.options.indexOf(one.right)] : []));
    if (keys.length < FEWEST_TO_COMPARE) return [];
    return [...new Set(keys)].flatMap((place) => {
      const count = keys.filter((one) => one === place).length;
      if (count * 2 <= keys.length) return [];
      const message = `the right answer of ${count} of ${keys.length} questions is option ${place + 1}: expected at most half`;
      return [inStructure(checked, "key", [...at, "id"], message)];
    });
  });
}
