import { distance } from "fastest-levenshtein";
import { foldPlain, hasCyrillic, roughLatin } from "../engine/fold.ts";
import type { Localised, Question, SimpleQuestion } from "./programme.ts";
import { seeded, seedOf, shuffled } from "./random.ts";

/**
 * A whole answer: the ids of options in the order given (one for a single choice), the targets of a matching in the order of its
 * options, or what was typed.
 */
export type Given = readonly string[];

/** Whether an answer is right. Typed words and numbers have passed `readTyped`. */
export function isRight(question: SimpleQuestion, given: Given): boolean {
  const [first = ""] = given;
  switch (question.kind) {
    case "single":
      return first === question.right;
    case "multiple":
      return sameSet(given, question.right);
    case "ordering":
      return question.options.every((option, index) => given[index] === option.id);
    case "matching":
      return question.options.every((option, index) => given[index] === question.right[option.id]);
    case "text":
      return accepts(question.accepted, first);
    case "number":
      return readings(first).some((number) => isNear(number, question));
    case "scale":
      return (
        question.right === undefined || (Number(first) >= question.right.from && Number(first) <= question.right.to)
      );
  }
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id) => other.includes(id));
}

// Right in any of the programme's languages: people answer in the language that comes to them.
function accepts(accepted: Localised<readonly string[]>, typed: string): boolean {
  const own = foldPlain(typed);
  return Object.values(accepted)
    .flat()
    .some((answer) => {
      const wanted = foldPlain(answer);
      if (distance(own, wanted) <= slips(wanted.length)) return true;
      if (!hasCyrillic(wanted) || hasCyrillic(own)) return false;
      return distance(roughLatin(own), roughLatin(wanted)) <= slips(wanted.length);
    });
}

/** One typing error in about six letters; short answers are to be exact. */
function slips(length: number): number {
  return length < 5 ? 0 : Math.max(1, Math.floor(length / 6));
}

/** The longest typed answer that is kept, characters. */
const longestTyped = 200;

/** What a typed text is as an answer to a question of words or numbers; undefined where it is none. */
export function readTyped(kind: "text" | "number", text: string): string | undefined {
  const typed = text.trim();
  if (kind === "text") return typed === "" ? undefined : typed.slice(0, longestTyped);
  return numberPattern.exec(typed)?.[0];
}

/** A number as people write it: digits in groups or not, decimals behind a comma or a point. */
const numberPattern = /^[-−+]?(?:\d{1,3}(?:[ \u00a0\u202f.,]\d{3})+(?!\d)|\d+)(?:[.,]\d+)?/u;

/** What a written number may mean: 1.500 is one and a half in one country and fifteen hundred in another. */
function readings(text: string): readonly number[] {
  const plain = text.replace(/[\s\u00a0\u202f]/gu, "").replace("−", "-");
  const grouped = plain.replace(/[.,](?=\d{3}(?:\D|$))/gu, "").replace(",", ".");
  return [plain.replace(",", "."), grouped].map(Number).filter(Number.isFinite);
}

function isNear(number: number, { right, within }: { readonly right: number; readonly within: number }): boolean {
  return Math.abs(number - right) <= within + Number.EPSILON * Math.abs(right);
}

/** The options in the order this attempt shows them. The same attempt shows the same order again. */
export function optionsFor(
  question: Extract<SimpleQuestion, { readonly options: unknown }>,
  attempt: string,
): Extract<SimpleQuestion, { readonly options: unknown }>["options"] {
  // What is to be matched is asked in the order it was written; the targets are what one chooses from.
  if (question.kind === "matching") return question.options;
  if (question.kind !== "ordering" && question.order === "fixed") return question.options;
  const mixed = shuffled(question.options, seeded(seedOf(`${attempt}:${question.id}`)));
  // Shown in the right order an ordering would be no question.
  const untouched = question.kind === "ordering" && mixed.every((option, index) => option === question.options[index]);
  return untouched ? [...mixed.slice(1), ...mixed.slice(0, 1)] : mixed;
}

/** The steps of a question: those of a case, else the question itself. */
export function stepsOf(question: Question): readonly SimpleQuestion[] {
  return question.kind === "case" ? question.steps : [question];
}
