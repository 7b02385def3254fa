import { type Markup, toPlain } from "../engine/markup.ts";
import { MarkdownError, parseMarkdown } from "../markdown.ts";
import type { LanguageWords, Pack } from "./pack.ts";
import type { Problem } from "./problem.ts";
import type { LessonStructure, QuestionStructure, QuestionWords, UnitStructure } from "./schema.ts";
import type { ValuePath, YamlFile } from "./yaml-file.ts";

/** One text of a pack in one language, with its place. */
export interface PlacedText {
  readonly kind: "title" | "outcome" | "card" | "question" | "option" | "why";
  readonly language: string;
  readonly path: string;
  readonly line: number;
  readonly markup: Markup;
  /** Without its markup; blocks are parted by a line feed, items start with a bullet or a number. */
  readonly plain: string;
}

export interface PlacedOption {
  readonly id: string;
  readonly text: PlacedText;
  readonly why: PlacedText;
}

export interface PlacedQuestion {
  readonly structure: QuestionStructure;
  readonly text: PlacedText;
  readonly options: readonly PlacedOption[];
}

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
  readonly units: readonly PlacedUnit[];
}

/** Parses every text of a pack. `words` is only of use where there are no problems. */
export function placeTexts(pack: Pack): {
  readonly words: readonly PlacedWords[];
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const words = pack.words.map((one) => placeLanguage(pack, one, problems));
  return { words, problems };
}

/** Every text of a unit, for rules that look at each text alone. */
export function textsOf(unit: PlacedUnit): PlacedText[] {
  const ofQuestion = (one: PlacedQuestion): PlacedText[] => [
    one.text,
    ...one.options.flatMap((option) => [option.text, option.why]),
  ];
  return [
    unit.title,
    ...unit.lessons.flatMap((one) => [one.title, one.outcome, ...one.cards, ...one.practice.flatMap(ofQuestion)]),
    ...unit.bank.flatMap(ofQuestion),
  ];
}

/** Practice and bank of a unit. */
export function questionsOf(unit: PlacedUnit): PlacedQuestion[] {
  return [...unit.lessons.flatMap((lesson) => lesson.practice), ...unit.bank];
}

type Placing = { readonly language: string; readonly file: YamlFile; readonly problems: Problem[] };

function placeLanguage(pack: Pack, words: LanguageWords, problems: Problem[]): PlacedWords {
  const { language } = words;
  const units = pack.structure.units.flatMap((structure, index): PlacedUnit[] => {
    const unit = words.units[index];
    if (unit === undefined) return [];
    const placing: Placing = { language, file: unit.file, problems };
    return [
      {
        structure,
        title: plain(placing, "title", unit.words.title, ["title"]),
        lessons: structure.lessons.flatMap((lesson) => {
          const own = unit.words.lessons[lesson.id];
          return own === undefined ? [] : [placeLesson(placing, lesson, own)];
        }),
        bank: placeQuestions(placing, structure.check.bank, unit.words.check, ["check"]),
      },
    ];
  });
  const title = plain({ language, file: words.titleFile, problems }, "title", words.title, ["title"]);
  return { language, title, units };
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

function placeQuestions(
  placing: Placing,
  structures: readonly QuestionStructure[],
  words: Readonly<Record<string, QuestionWords>>,
  at: ValuePath,
): PlacedQuestion[] {
  return structures.flatMap((structure): PlacedQuestion[] => {
    const own = words[structure.id];
    if (own === undefined) return [];
    const here = [...at, structure.id];
    const options = structure.options.map((id): PlacedOption => {
      const option = own.options[id];
      const place = [...here, "options", id];
      return {
        id,
        text: plain(placing, "option", option?.text ?? "", [...place, "text"]),
        why: rich(placing, "why", option?.why ?? "", [...place, "why"]),
      };
    });
    return [{ structure, text: rich(placing, "question", own.question, [...here, "question"]), options }];
  });
}

function rich(
  { language, file, problems }: Placing,
  kind: PlacedText["kind"],
  text: string,
  at: ValuePath,
): PlacedText {
  const place = { path: file.path, line: file.textLineOf(at) };
  try {
    const markup = parseMarkdown(text, place);
    return { kind, language, ...place, markup, plain: toPlain(markup) };
  } catch (error) {
    if (!(error instanceof MarkdownError)) throw error;
    problems.push({ rule: "markdown", path: error.path, line: error.line, message: error.reason });
    return { kind, language, ...place, markup: [], plain: "" };
  }
}

// Titles stand in menus and options on buttons, where nothing can be bold: a star would be seen as a star.
function plain(placing: Placing, kind: PlacedText["kind"], text: string, at: ValuePath): PlacedText {
  const before = placing.problems.length;
  const placed = rich(placing, kind, text, at);
  const [block, ...more] = placed.markup;
  const [node, ...rest] = block?.type === "paragraph" ? block.children : [];
  const isPlain = node?.type === "text" && rest.length === 0 && more.length === 0;
  if (!isPlain && placing.problems.length === before) {
    const message = "titles, outcomes and options are one line without **bold**, links or lists: take the signs out";
    placing.problems.push({ rule: "plain", path: placed.path, line: placed.line, message });
  }
  return placed;
}
