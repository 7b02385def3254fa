import { links } from "../../engine/markup.ts";
import { everyStep } from "../placed-questions.ts";
import type { PlacedText } from "../placed-text.ts";
import type { Problem } from "../problem.ts";
import { questionsOf, textsOf, textsOfQuestion } from "../texts.ts";
import { type Checked, inText, type Rule } from "./rule.ts";

/** Rules about the words themselves, in every language. */
export const wordRules: readonly Rule[] = [cardLength, sentenceLength, emoji, personalData, stems];

const MOST_WORDS_A_CARD = 60;
const MOST_WORDS_A_SENTENCE = 15;

/** How many words a text has, counted the way its language parts them. */
export function countWords(text: string, language: string): number {
  let count = 0;
  for (const part of segmenter(language, "word").segment(text)) if (part.isWordLike === true) count += 1;
  return count;
}

/** The sentences of a text without markup; every line and every item of a list ends one. */
function sentences(text: string, language: string): string[] {
  return text
    .split("\n")
    .flatMap((line) => [...segmenter(language, "sentence").segment(line)].map((part) => part.segment.trim()))
    .filter((sentence) => sentence !== "");
}

const segmenters = new Map<string, Intl.Segmenter>();

function segmenter(language: string, granularity: "word" | "sentence"): Intl.Segmenter {
  const key = `${language} ${granularity}`;
  const known = segmenters.get(key) ?? new Intl.Segmenter(language, { granularity });
  segmenters.set(key, known);
  return known;
}

function allTexts({ words }: Checked): PlacedText[] {
  return words.flatMap(({ title, units, test }) => [
    title,
    ...units.flatMap(textsOf),
    ...(test === undefined ? [] : [test.title, ...test.bank.flatMap(everyStep).flatMap(textsOfQuestion)]),
  ]);
}

// Statements of a framework are longer than a card's sentences: they name what can be seen.
function frameworkTexts({ framework }: Checked): PlacedText[] {
  return framework.flatMap(({ texts }) => [...texts.values()]);
}

function cardLength(checked: Checked): Problem[] {
  return allTexts(checked).flatMap((text) => {
    const count = countWords(text.plain, text.language);
    if (text.kind !== "card" || count <= MOST_WORDS_A_CARD) return [];
    return [inText(text, "card-length", `the card has ${count} words: expected at most ${MOST_WORDS_A_CARD}`)];
  });
}

function sentenceLength(checked: Checked): Problem[] {
  return allTexts(checked).flatMap((text) =>
    sentences(text.plain, text.language).flatMap((sentence) => {
      const count = countWords(sentence, text.language);
      if (count <= MOST_WORDS_A_SENTENCE) return [];
      const start = sentence.split(/\s+/).slice(0, 4).join(" ");
      const message = `the sentence "${start} …" has ${count} words: expected at most ${MOST_WORDS_A_SENTENCE}`;
      return [inText(text, "sentence-length", message)];
    }),
  );
}

function emoji(checked: Checked): Problem[] {
  return [...allTexts(checked), ...frameworkTexts(checked)].flatMap((text) =>
    text.plain
      .split("\n")
      .filter((line) => /\p{Extended_Pictographic}/u.test(line) && !/\p{L}/u.test(line))
      .slice(0, 1)
      .map((line) => inText(text, "emoji", `"${line.trim()}" says something by a picture alone: add the words`)),
  );
}

const MAIL = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/u;
const DIGITS = /[+(]?\d(?:[\s()/.-]?\d){4,}/gu;
const DATE_OR_YEARS = /^\d{4}-\d{2}-\d{2}$|^\d{4}\D\d{4}$/;

// A lesson never needs a person's address. A number that everybody may call is listed in programme.yaml.
function personalData(checked: Checked): Problem[] {
  const lines = new Set(checked.pack.structure.publicLines.map(digitsOf));
  return [...allTexts(checked), ...frameworkTexts(checked)].flatMap((text) => {
    const all = [text.plain, ...links(text.markup)].join("\n");
    const mail = MAIL.exec(all)?.[0];
    const phone = [...all.matchAll(DIGITS)]
      .map(([number]) => number)
      .find((number) => !DATE_OR_YEARS.test(number) && !lines.has(digitsOf(number)));
    return [
      ...(mail === undefined ? [] : [inText(text, "personal-data", `"${mail}" is an e-mail address: take it out`)]),
      ...(phone === undefined
        ? []
        : [
            inText(
              text,
              "personal-data",
              `"${phone}" looks like a phone number: take it out, or list it under publicLines`,
            ),
          ]),
    ];
  });
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, "");
}

function stems({ words }: Checked): Problem[] {
  return words.flatMap(({ units, test }) => {
    const seen = new Map<string, PlacedText>();
    return [...units.flatMap(questionsOf), ...(test?.bank ?? []).flatMap(everyStep)].flatMap(({ text }) => {
      const key = text.plain
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, " ")
        .trim();
      const before = seen.get(key);
      seen.set(key, before ?? text);
      if (before === undefined) return [];
      return [inText(text, "stems", `the same question is asked in line ${before.line}: expected another one`)];
    });
  });
}
