import { distance } from "fastest-levenshtein";
import { fold, foldPlain, hasCyrillic, roughLatin } from "./fold.ts";
import type { ShownOption } from "./session.ts";

/** What a typed text means among the options a person sees. */
export type Reading =
  | { readonly type: "one"; readonly option: string }
  /** Several options fit: the bot asks instead of guessing. */
  | { readonly type: "several"; readonly options: readonly string[] }
  | { readonly type: "none" };

const none: Reading = { type: "none" };

/**
 * Typed answers equal buttons: number, letter, label, the beginning of a label, a near spelling, Bulgarian in Latin
 * letters. It is understood only where it has one reading.
 */
export function understand(text: string, options: readonly ShownOption[]): Reading {
  const typed = fold(text);
  if (typed === "" || options.length === 0) return none;
  const labelled = byLabel(typed, options);
  // On a scale a number is the answer and no place in the list.
  const placeless = options.every((option) => option.mark === "" && /^\d+$/u.test(option.label));
  const sure = union(placeless ? labelled : [...byMark(typed, options), ...labelled]);
  if (sure.type !== "none") return sure;
  const marked = /^(\p{L}|\d{1,2})[).:,-]?\s+(.{3,})$/u.exec(typed);
  if (marked?.[1] && marked[2]) {
    // "B) the second answer": mark and words must agree, or the text is read as words alone.
    const byWords = union(byBeginning(marked[2], options));
    const both = byMark(marked[1], options).filter((option) => byWords.type === "one" && byWords.option === option);
    if (both.length === 1 && both[0]) return { type: "one", option: both[0] };
  }
  const beginning = union(byBeginning(typed, options));
  return beginning.type === "none" ? union(byNearness(typed, options)) : beginning;
}

/** "A, C" or "2 1 3": several answers in one text, in their order; undefined where a piece of it has no single reading. */
export function understandSeveral(text: string, options: readonly ShownOption[]): readonly string[] | undefined {
  const pieces = (/[,;\n]/u.test(text) ? text.split(/[,;\n]+/u) : text.split(/\s+/u)).filter(
    (one) => one.trim() !== "",
  );
  const found: string[] = [];
  for (const piece of pieces) {
    const reading = understand(piece, options);
    if (reading.type !== "one" || found.includes(reading.option)) return undefined;
    found.push(reading.option);
  }
  return found.length === 0 ? undefined : found;
}

function union(found: readonly string[]): Reading {
  const options = [...new Set(found)];
  const [first] = options;
  if (first === undefined) return none;
  return options.length === 1 ? { type: "one", option: first } : { type: "several", options };
}

/** Cyrillic letters in the order of the alphabet, for people who count А, Б, В. */
const cyrillicOrder = "абвгдежзий";
/** Cyrillic letters that look like a Latin one. */
const lookalike: Readonly<Record<string, string>> = { а: "a", в: "b", с: "c", е: "e" };

function byMark(typed: string, options: readonly ShownOption[]): string[] {
  const marked = options.filter((option) => option.mark !== "");
  const counted = marked.length > 0 ? marked : options;
  const at = (index: number): string[] => {
    const option = counted[index];
    return option === undefined ? [] : [option.option];
  };
  if (/^\d{1,2}$/u.test(typed)) return at(Number(typed) - 1);
  if (marked.length === 0 || [...typed].length !== 1) return [];
  if (/^[a-z]$/u.test(typed)) {
    const latinPlace = at(typed.charCodeAt(0) - 97);
    // Where numbers are shown a Latin B may also be a Cyrillic В, the third letter.
    const numbered = marked[0]?.mark === "1";
    return numbered && typed === "b" ? [...latinPlace, ...at(2)] : latinPlace;
  }
  const place = cyrillicOrder.indexOf(typed);
  const twin = lookalike[typed];
  return [...(place >= 0 ? at(place) : []), ...(twin === undefined ? [] : at(twin.charCodeAt(0) - 97))];
}

function byLabel(typed: string, options: readonly ShownOption[]): string[] {
  const plain = foldPlain(typed);
  const exact = options.filter((option) => fold(option.label) === typed);
  const found = exact.length > 0 ? exact : options.filter((option) => foldPlain(option.label) === plain);
  if (found.length > 0) return found.map((option) => option.option);
  return inLatinLetters(typed, options)
    .filter((candidate) => candidate.typed === candidate.label)
    .map((candidate) => candidate.option);
}

function byBeginning(typed: string, options: readonly ShownOption[]): string[] {
  if (typed.length < 3) return [];
  const plain = foldPlain(typed);
  const found = options.filter((option) => foldPlain(option.label).startsWith(plain));
  if (found.length > 0) return found.map((option) => option.option);
  return inLatinLetters(typed, options)
    .filter((candidate) => candidate.typed.length >= 4 && candidate.label.startsWith(candidate.typed))
    .map((candidate) => candidate.option);
}

/** One typing error in about five letters; at least four letters, or "ja" would be near to "jo". */
function allowed(length: number): number {
  return length < 4 ? 0 : Math.max(1, Math.floor(length / 5));
}

function byNearness(typed: string, options: readonly ShownOption[]): string[] {
  const plain = foldPlain(typed);
  const near = (candidates: readonly { option: string; typed: string; label: string }[]): string[] =>
    candidates
      .filter(({ typed: text, label }) => distance(text, label) <= allowed(Math.min(text.length, label.length)))
      .map(({ option }) => option);
  const found = near(
    options.map((option) => ({ option: option.option, typed: plain, label: foldPlain(option.label) })),
  );
  return found.length > 0 ? found : near(inLatinLetters(typed, options));
}

/** Cyrillic labels beside a text in Latin letters, both in one rough spelling. */
function inLatinLetters(
  typed: string,
  options: readonly ShownOption[],
): { option: string; typed: string; label: string }[] {
  if (hasCyrillic(typed) || !/[a-z]/u.test(typed)) return [];
  const rough = roughLatin(typed);
  return options
    .filter((option) => hasCyrillic(option.label))
    .map((option) => ({ option: option.option, typed: rough, label: roughLatin(option.label) }));
}
