import { breath } from "./breath.ts";
import { type PlacedRequirements, placeRequirements } from "./certification.ts";
import { type PlacedFramework, placeFramework } from "./framework.ts";
import type { LanguageWords, Pack } from "./pack.ts";
import { everyStep, type PlacedQuestion, placeQuestions } from "./placed-questions.ts";
import { type PlacedText, type Placing, plain, rich } from "./placed-text.ts";
import type { Problem } from "./problem.ts";
import { type PlacedQuality, placeQuality } from "./quality.ts";
import type { LessonStructure, UnitStructure } from "./schema.ts";
import type { ValuePath } from "./yaml-file.ts";

export interface PlacedLesson {
  readonly structure: LessonStructure;
  readonly title: PlacedText;
  readonly outcome: PlacedText;
  readonly cards: readonly (PlacedText & { readonly id: string })[];
  readonly practice: readonly PlacedQuestion[];
}

export interface PlacedUnit {
  readonly structure: UnitStructure;
  readonly title: PlacedText;
  readonly lessons: readonly PlacedLesson[];
  readonly bank: readonly PlacedQuestion[];
}

/** All words of a pack in one language, parsed. */
export interface PlacedWords {
  readonly language: string;
  readonly title: PlacedText;
  /** Titles of training days, in their order. */
  readonly events: readonly PlacedText[];
  readonly units: readonly PlacedUnit[];
  /** The test over all units, where there is one. */
  readonly test?: { readonly title: PlacedText; readonly bank: readonly PlacedQuestion[] };
}

/** Parses every text of a pack. `words` is only of use where there are no problems. */
export async function placeTexts(pack: Pack): Promise<{
  readonly words: readonly PlacedWords[];
  /** Empty where the programme has no framework. */
  readonly framework: readonly PlacedFramework[];
  /** Empty where the programme says nothing of hours and certificates. */
  readonly requirements: readonly PlacedRequirements[];
  /** Empty where the programme says nothing of its quality. */
  readonly quality: readonly PlacedQuality[];
  readonly problems: readonly Problem[];
}> {
  const problems: Problem[] = [];
  const words: PlacedWords[] = [];
  for (const one of pack.words) words.push(await placeLanguage(pack, one, problems));
  const framework = pack.framework === undefined ? [] : placeFramework(pack.framework, problems);
  const requirements = pack.requirements === undefined ? [] : placeRequirements(pack.requirements, problems);
  const quality = pack.quality === undefined ? [] : placeQuality(pack.quality, problems);
  return { words, framework, requirements, quality, problems };
}

/** Every text of a unit, for rules that look at each text alone. */
export function textsOf(unit: PlacedUnit): PlacedText[] {
  return [
    unit.title,
    ...unit.lessons.flatMap((one) => [one.title, one.outcome, ...one.cards]),
    ...questionsOf(unit).flatMap(textsOfQuestion),
  ];
}

/** Every text of a question but those of a case's steps. */
export function textsOfQuestion(one: PlacedQuestion): PlacedText[] {
  return [
    one.text,
    ...one.options.flatMap((option) => [option.text, option.why]),
    ...one.targets.map((target) => target.text),
    ...one.accepted,
    ...one.ends,
    ...one.why,
  ];
}

/** Practice and bank of a unit; a case and then each of its steps. */
export function questionsOf(unit: PlacedUnit): PlacedQuestion[] {
  return [...unit.lessons.flatMap((lesson) => lesson.practice), ...unit.bank].flatMap(everyStep);
}

async function placeLanguage(pack: Pack, words: LanguageWords, problems: Problem[]): Promise<PlacedWords> {
  const { language } = words;
  const units: PlacedUnit[] = [];
  for (const [index, structure] of pack.structure.units.entries()) {
    const unit = words.units[index];
    if (unit === undefined) continue;
    const placing: Placing = { language, file: unit.file, problems };
    units.push({
      structure,
      title: plain(placing, "title", unit.words.title, ["title"]),
      lessons: structure.lessons.flatMap((lesson) => {
        const own = unit.words.lessons[lesson.id];
        return own === undefined ? [] : [placeLesson(placing, lesson, own)];
      }),
      bank: placeQuestions(placing, structure.check.bank, unit.words.check, ["check"]),
    });
    await breath();
  }
  const ofTitles: Placing = { language, file: words.titleFile, problems };
  const title = plain(ofTitles, "title", words.title, ["title"]);
  const events = pack.structure.events.map(({ id }) =>
    plain(ofTitles, "title", words.events[id] ?? "", ["events", id]),
  );
  return { language, title, events, units, ...placeTest(pack, words, problems) };
}

function placeTest(pack: Pack, { language, test }: LanguageWords, problems: Problem[]): Pick<PlacedWords, "test"> {
  const { test: structure } = pack.structure;
  if (structure === undefined || test === undefined) return {};
  const placing: Placing = { language, file: test.file, problems };
  const bank = placeQuestions(placing, structure.bank, test.words.check, ["check"]);
  return { test: { title: plain(placing, "title", test.words.title, ["title"]), bank } };
}

type LessonWords = LanguageWords["units"][number]["words"]["lessons"][string];

function placeLesson(placing: Placing, structure: LessonStructure, words: LessonWords): PlacedLesson {
  const at: ValuePath = ["lessons", structure.id];
  return {
    structure,
    title: plain(placing, "title", words.title, [...at, "title"]),
    outcome: plain(placing, "outcome", words.outcome, [...at, "outcome"]),
    cards: structure.cards.map((id) => ({ ...rich(placing, "card", words.cards[id] ?? "", [...at, "cards", id]), id })),
    practice: placeQuestions(placing, structure.practice, words.practice, [...at, "practice"]),
  };
}
