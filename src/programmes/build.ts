import { createHash } from "node:crypto";
import type {
  Card,
  Check,
  EventTemplate,
  FinalTest,
  Lesson,
  Localised,
  Option,
  Programme,
  Question,
  SimpleQuestion,
  Unit,
} from "../domain/programme.ts";
import type { Markup } from "../engine/markup.ts";
import { buildCertification, type PlacedRequirements } from "./certification.ts";
import { buildFramework, type PlacedFramework } from "./framework.ts";
import type { Pack } from "./pack.ts";
import type { PlacedQuestion } from "./placed-questions.ts";
import type { PlacedText } from "./placed-text.ts";
import { buildQuality, type PlacedQuality } from "./quality.ts";
import type { QuestionStructure } from "./questions.ts";
import type { CheckStructure } from "./schema.ts";
import type { PlacedLesson, PlacedUnit, PlacedWords } from "./texts.ts";

/** Makes the programme that is taught: one tree of structure and parsed words. */
export function buildProgramme(
  { structure, framework, requirements, quality }: Pack,
  words: readonly PlacedWords[],
  placed: {
    readonly framework: readonly PlacedFramework[];
    readonly requirements: readonly PlacedRequirements[];
    readonly quality: readonly PlacedQuality[];
  },
): Programme {
  const content = {
    id: structure.id,
    languages: structure.languages,
    unreviewed: structure.unreviewed,
    title: inPlain(words.map((one) => one.title)),
    units: structure.units.map((_, index) => unit(words.flatMap((one) => one.units[index] ?? []))),
    ...(structure.events.length === 0 ? {} : { events: events(structure.events, words) }),
    ...(structure.test === undefined ? {} : { test: finalTest(structure.test, words) }),
    ...(structure.confidence ? { confidence: true } : {}),
    ...(structure.plans === undefined ? {} : { plans: structure.plans }),
    ...(structure.reviewsPerDay === undefined ? {} : { reviewsPerDay: structure.reviewsPerDay }),
    ...(framework === undefined ? {} : { framework: buildFramework(framework, placed.framework) }),
    ...(requirements === undefined ? {} : buildCertification(requirements, placed.requirements, structure)),
  };
  const promised = quality === undefined ? undefined : buildQuality(quality, placed.quality);
  // A review says nothing about what is taught: it needs no new version either.
  const { review: _, ...criteria } = promised ?? {};
  const hash = hashOf({ ...content, ...(promised === undefined ? {} : { quality: criteria }) });
  // Calendar and public page are none of what is taught: next year's exam weeks need no new version.
  const calendar = structure.calendar.length > 0 ? { calendar: structure.calendar } : {};
  const open = structure.selfCheck ? { selfCheck: true } : {};
  return {
    ...content,
    version: structure.version,
    hash,
    ...(promised === undefined ? {} : { quality: promised }),
    ...calendar,
    ...open,
  };
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
  return {
    id,
    title: inPlain(inEach.map((one) => one.title)),
    lessons: lessons.map((_, index) => lesson(inEach.flatMap((one) => one.lessons[index] ?? []))),
    check: checkOf(check, questions(inEach.map((one) => one.bank))),
  };
}

function checkOf({ bank: _, blueprint, ...rules }: CheckStructure, bank: readonly Question[]): Check {
  return { ...rules, ...(blueprint === undefined ? {} : { blueprint }), bank };
}

function finalTest(structure: CheckStructure, words: readonly PlacedWords[]): FinalTest {
  const inEach = words.flatMap((one) => one.test ?? []);
  const check = checkOf(structure, questions(inEach.map((one) => one.bank)));
  return { title: inPlain(inEach.map((one) => one.title)), check };
}

function events(structures: Pack["structure"]["events"], words: readonly PlacedWords[]): EventTemplate[] {
  return structures.map(({ unit: of, ...rest }, index) => ({
    ...rest,
    ...(of === undefined ? {} : { unit: of }),
    title: inPlain(words.flatMap((one) => one.events[index] ?? [])),
  }));
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
  const { structure } = first(inEach);
  if (structure.kind !== "case") return simple(inEach, structure);
  const steps = structure.steps.map((step, index) =>
    simple(
      inEach.flatMap((one) => one.steps[index] ?? []),
      step,
    ),
  );
  return { kind: "case", ...common(inEach), steps };
}

/** What every question has. */
function common(inEach: readonly PlacedQuestion[]) {
  const { id, safety, lesson } = first(inEach).structure;
  const stem = inMarkup(inEach.map((one) => one.text));
  return { id, stem, safety, ...(lesson === undefined ? {} : { lesson }) };
}

function simple(
  inEach: readonly PlacedQuestion[],
  structure: Exclude<QuestionStructure, { readonly kind: "case" }>,
): SimpleQuestion {
  const feedback = inMarkup(inEach.flatMap((one) => one.why));
  switch (structure.kind) {
    case "single":
    case "true-false": {
      const { right, order } = structure;
      return { kind: "single", ...common(inEach), options: options(inEach, structure.options), right, order };
    }
    case "multiple": {
      const { kind, right, order } = structure;
      return { kind, ...common(inEach), options: options(inEach, structure.options), right, order };
    }
    case "ordering":
      return { kind: structure.kind, ...common(inEach), options: options(inEach, structure.options) };
    case "matching": {
      const targets = structure.targets.map((id, index) => ({
        id,
        text: inPlain(inEach.flatMap((one) => one.targets[index]?.text ?? [])),
      }));
      const { kind, right } = structure;
      return { kind, ...common(inEach), options: options(inEach, structure.options), targets, right };
    }
    case "text": {
      const accepted = inEach.map((one): [string, string[]] => [
        one.text.language,
        one.accepted.map((answer) => answer.plain),
      ]);
      return { kind: structure.kind, ...common(inEach), accepted: Object.fromEntries(accepted), feedback };
    }
    case "number": {
      const { kind, right, within } = structure;
      return { kind, ...common(inEach), right, within, feedback };
    }
    case "scale": {
      const end = (index: number) => inPlain(inEach.flatMap((one) => one.ends[index] ?? []));
      const right = structure.right === undefined ? {} : { right: structure.right };
      return { kind: structure.kind, ...common(inEach), ends: { low: end(0), high: end(1) }, ...right, feedback };
    }
  }
}

function options(inEach: readonly PlacedQuestion[], ids: readonly string[]): Option[] {
  return ids.map((id, index): Option => {
    const own = inEach.flatMap((one) => one.options[index] ?? []);
    return { id, text: inPlain(own.map((one) => one.text)), feedback: inMarkup(own.map((one) => one.why)) };
  });
}

function inPlain(texts: readonly PlacedText[]): Localised<string> {
  return Object.fromEntries(texts.map((one) => [one.language, one.plain]));
}

function inMarkup(texts: readonly PlacedText[]): Localised<Markup> {
  return Object.fromEntries(texts.map((one) => [one.language, one.markup]));
}
