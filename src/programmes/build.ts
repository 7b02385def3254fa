import { createHash } from "node:crypto";
import type { Card, Check, Lesson, Localised, Option, Programme, Question, Unit } from "../domain/programme.ts";
import type { Markup } from "../engine/markup.ts";
import type { Pack } from "./pack.ts";
import type { PlacedLesson, PlacedQuestion, PlacedText, PlacedUnit, PlacedWords } from "./texts.ts";

/** Makes the programme that is taught: one tree of structure and parsed words. */
export function buildProgramme({ structure }: Pack, words: readonly PlacedWords[]): Programme {
  const content = {
    id: structure.id,
    languages: structure.languages,
    unreviewed: structure.unreviewed,
    title: inPlain(words.map((one) => one.title)),
    units: structure.units.map((_, index) => unit(words.flatMap((one) => one.units[index] ?? []))),
  };
  // The calendar is none of what is taught: next year's exam weeks need no new version.
  const calendar = structure.calendar.length > 0 ? { calendar: structure.calendar } : {};
  return { ...content, version: structure.version, hash: hashOf(content), ...calendar };
}

/** sha-256 of data of JSON shape, whatever the order of its keys. */
export function hashOf(data: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(sorted(data)))
    .digest("hex");
}

function sorted(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(sorted);
  if (typeof data !== "object" || data === null) return data;
  const entries = Object.entries(data).map(([key, value]): [string, unknown] => [key, sorted(value)]);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

function first<T>(list: readonly T[]): T {
  const [found] = list;
  if (found === undefined) throw new Error("a programme without any language");
  return found;
}

function unit(inEach: readonly PlacedUnit[]): Unit {
  const { id, check, lessons } = first(inEach).structure;
  const { bank: _, ...rules } = check;
  return {
    id,
    title: inPlain(inEach.map((one) => one.title)),
    lessons: lessons.map((_, index) => lesson(inEach.flatMap((one) => one.lessons[index] ?? []))),
    check: { ...rules, bank: questions(inEach.map((one) => one.bank)) } satisfies Check,
  };
}

function lesson(inEach: readonly PlacedLesson[]): Lesson {
  const { id, minutes, cards } = first(inEach).structure;
  return {
    id,
    title: inPlain(inEach.map((one) => one.title)),
    outcome: inPlain(inEach.map((one) => one.outcome)),
    minutes,
    cards: cards.map(
      (card, index): Card => ({ id: card, text: inMarkup(inEach.flatMap((one) => one.cards[index] ?? [])) }),
    ),
    practice: questions(inEach.map((one) => one.practice)),
  };
}

function questions(inEach: readonly (readonly PlacedQuestion[])[]): Question[] {
  return first(inEach).map((_, index) => question(inEach.flatMap((one) => one[index] ?? [])));
}

function question(inEach: readonly PlacedQuestion[]): Question {
  const { id, options, right, safety, order, lesson } = first(inEach).structure;
  return {
    id,
    stem: inMarkup(inEach.map((one) => one.text)),
    options: options.map((option, index): Option => {
      const own = inEach.flatMap((one) => one.options[index] ?? []);
      return { id: option, text: inPlain(own.map((one) => one.text)), feedback: inMarkup(own.map((one) => one.why)) };
    }),
    right,
    safety,
    ...(lesson === undefined ? {} : { lesson }),
    order,
  };
}

function inPlain(texts: readonly PlacedText[]): Localised<string> {
  return Object.fromEntries(texts.map((one) => [one.language, one.plain]));
}

function inMarkup(texts: readonly PlacedText[]): Localised<Markup> {
  return Object.fromEntries(texts.map((one) => [one.language, one.markup]));
}
