import { soundsLikeDanger } from "./danger.ts";
import { hasCaseFact } from "./facts.ts";
import { hasName } from "./names.ts";
import { hasAddress, hasPersonalNumber, hasPhone } from "./numbers.ts";

/** What free text may not contain, in the order in which it is said. */
export const kinds = ["name", "phone", "personal-number", "address", "case"] as const;
export type Kind = (typeof kinds)[number];

/** What a text seems to contain. */
export interface Seen {
  /** It sounds as if somebody is in danger, or tells of it. */
  readonly danger: boolean;
  readonly findings: readonly Kind[];
}

/**
 * Looks at what somebody typed, before anything keeps it. `language` is the interface language that the person reads; `products` are
 * names of programs, such as those of the platforms people write on. Pure, and
 * never sure: how much it misses and how often it is wrong stands in `docs/privacy/guard.md`.
 */
export function look(text: string, language: string, products: readonly string[] = []): Seen {
  const plain = text
    .normalize("NFC")
    .replace(/[\u00a0\u202f]/gu, " ")
    .replaceAll("\u00ad", "")
    // An id of ours, as a link or an old message carries it, is chance and no number of anybody's.
    .replace(/\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/giu, "");
  const found: Readonly<Record<Kind, () => boolean>> = {
    name: () => hasName(inSmallLetters(plain, products), language),
    phone: () => hasPhone(plain),
    "personal-number": () => hasPersonalNumber(plain),
    address: () => hasAddress(plain),
    case: () => hasCaseFact(plain, language),
  };
  return { danger: soundsLikeDanger(plain.toLowerCase()), findings: kinds.filter((kind) => found[kind]()) };
}

/** A capital letter makes these no person, whatever ending a language gives them. */
function inSmallLetters(text: string, products: readonly string[]): string {
  if (products.length === 0) return text;
  return text.replace(new RegExp(`(?<!\\p{L})(?:${products.join("|")})`, "giu"), (found) => found.toLowerCase());
}
