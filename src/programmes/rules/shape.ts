import type { Problem } from "../problem.ts";
import { type Checked, inStructure, inText, lessonsOf, questionStructuresOf, type Rule } from "./rule.ts";

/** Rules about how a lesson is built: what a learner meets, in which order. */
export const shapeRules: readonly Rule[] = [cards, practice, optionCount, planIsLast, planIsIfThen, firstCard];

function cards(checked: Checked): Problem[] {
  return lessonsOf(checked).flatMap(({ lesson, at }) =>
    lesson.cards.length >= 4 && lesson.cards.length <= 6
      ? []
      : [
          inStructure(
            checked,
            "cards",
            [...at, "cards"],
            `the lesson has ${lesson.cards.length} cards: expected 4 to 6`,
          ),
        ],
  );
}

function practice(checked: Checked): Problem[] {
  return lessonsOf(checked).flatMap(({ lesson, at }) => {
    if (lesson.practice.length === 2) return [];
    const message = `the lesson has ${lesson.practice.length} practice questions: expected 2, one to recall and one small case`;
    return [inStructure(checked, "practice", [...at, "practice"], message)];
  });
}

/** How many options, fewest and most, a question of a kind has. */
const sizes: Readonly<Record<string, readonly [number, number]>> = {
  single: [3, 3],
  "true-false": [2, 2],
  multiple: [4, 6],
  ordering: [3, 6],
  matching: [2, 6],
};

function optionCount(checked: Checked): Problem[] {
  return questionStructuresOf(checked).flatMap(({ question, at }) => {
    const [fewest, most] = sizes[question.kind] ?? [];
    if (!("options" in question) || fewest === undefined || most === undefined) return [];
    const count = question.options.length;
    if (count >= fewest && count <= most) return [];
    const expected = fewest === most ? `${fewest}` : `${fewest} to ${most}`;
    return [
      inStructure(checked, "options", [...at, "options"], `the question has ${count} options: expected ${expected}`),
    ];
  });
}

function planIsLast(checked: Checked): Problem[] {
  return lessonsOf(checked).flatMap(({ lesson, at }) =>
    lesson.cards.at(-1) === lesson.plan
      ? []
      : [
          inStructure(
            checked,
            "plan",
            [...at, "plan"],
            `the plan "${lesson.plan}" is not the last card: expected "${lesson.cards.at(-1)}"`,
          ),
        ],
  );
}

const IF_THEN: Readonly<Record<string, { readonly pattern: RegExp; readonly example: string }>> = {
  en: { pattern: /\bwhen\b.+\bI will\b/is, example: "When …, I will …" },
  da: { pattern: /\bnår\b.+\bvil jeg\b/is, example: "Når …, vil jeg …" },
  sv: { pattern: /\bnär\b.+\b(?:ska|skall|tänker) jag\b/is, example: "När …, ska jag …" },
  bg: { pattern: /когато\s.+\sще\s/is, example: "Когато …, ще …" },
  fi: { pattern: /\bkun\b.+,/is, example: "Kun …, minä …" },
};

function planIsIfThen({ words }: Checked): Problem[] {
  return words.flatMap(({ language, units }) => {
    const form = IF_THEN[language];
    if (form === undefined) return [];
    const lessons = units.flatMap((unit) => unit.lessons);
    return lessons.flatMap(({ structure, cards: all }) => {
      const plan = all.find((card) => card.id === structure.plan);
      if (plan === undefined || form.pattern.test(plan.plain)) return [];
      return [inText(plan, "plan-words", `the last card is no if-then plan: expected the form "${form.example}"`)];
    });
  });
}

function firstCard({ words }: Checked): Problem[] {
  const lessons = words.flatMap(({ units }) => units.flatMap((unit) => unit.lessons));
  return lessons.flatMap(({ structure, cards: [card] }) => {
    if (card === undefined || new RegExp(`(?<!\\d)${structure.minutes}(?!\\d)`).test(card.plain)) return [];
    const message = `the first card does not say how long the lesson takes: expected ${structure.minutes} minutes, as in programme.yaml`;
    return [inText(card, "first-card", message)];
  });
}
