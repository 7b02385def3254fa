import { type PlacedText, type Placing, plain, rich } from "./placed-text.ts";
import type { QuestionStructure, QuestionWords } from "./questions.ts";
import type { ValuePath } from "./yaml-file.ts";

export interface PlacedOption {
  readonly id: string;
  readonly text: PlacedText;
  readonly why: PlacedText;
}

/** A question with its words in one language; what its kind does not have is empty. */
export interface PlacedQuestion {
  readonly structure: QuestionStructure;
  readonly text: PlacedText;
  readonly options: readonly PlacedOption[];
  readonly targets: readonly { readonly id: string; readonly text: PlacedText }[];
  readonly accepted: readonly PlacedText[];
  /** What 0 and 10 mean. */
  readonly ends: readonly PlacedText[];
  /** The reason of a question without options. */
  readonly why: readonly PlacedText[];
  /** Of a case. */
  readonly steps: readonly PlacedQuestion[];
}

/** Parses the words of questions. */
export function placeQuestions(
  placing: Placing,
  structures: readonly QuestionStructure[],
  words: Readonly<Record<string, QuestionWords>>,
  at: ValuePath,
): PlacedQuestion[] {
  return structures.flatMap((structure): PlacedQuestion[] => {
    const own = words[structure.id];
    return own === undefined ? [] : [placeQuestion(placing, structure, own, [...at, structure.id])];
  });
}

function placeQuestion(
  placing: Placing,
  structure: QuestionStructure,
  own: QuestionWords,
  here: ValuePath,
): PlacedQuestion {
  const options = "options" in structure ? structure.options : [];
  const targets = structure.kind === "matching" ? structure.targets : [];
  return {
    structure,
    text: rich(placing, "question", own.question, [...here, "question"]),
    options: options.map((id): PlacedOption => {
      const option = own.options[id];
      const place = [...here, "options", id];
      return {
        id,
        text: plain(placing, "option", option?.text ?? "", [...place, "text"]),
        why: rich(placing, "why", option?.why ?? "", [...place, "why"]),
      };
    }),
    targets: targets.map((id) => ({
      id,
      text: plain(placing, "target", own.targets[id] ?? "", [...here, "targets", id]),
    })),
    accepted: own.accepted.map((text, index) => plain(placing, "accepted", text, [...here, "accepted", index])),
    ends:
      structure.kind === "scale"
        ? [plain(placing, "end", own.low, [...here, "low"]), plain(placing, "end", own.high, [...here, "high"])]
        : [],
    why: own.why === "" ? [] : [rich(placing, "why", own.why, [...here, "why"])],
    steps: structure.kind === "case" ? placeQuestions(placing, structure.steps, own.steps, [...here, "steps"]) : [],
  };
}

/** A question, and behind a case its steps. */
export function everyStep(question: PlacedQuestion): readonly PlacedQuestion[] {
  return [question, ...question.steps];
}
