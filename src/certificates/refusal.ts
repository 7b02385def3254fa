import type { CertificateFacts } from "./facts.ts";

/** Why a certificate is not issued. */
export type Refusal =
  /** There is no such person, or not any more. */
  | "erased"
  /** The name is empty, too long, or has signs that no name has. */
  | "name"
  /** It would end before it begins, or has ended already. */
  | "validity"
  /** It is earlier now than when the last one was issued: the clock was set back. */
  | "clock"
  /** Something else that the certificate must say is missing or wrong. */
  | "facts";

/** Letters of a name. */
const mostLetters = 120;

/** The name as it is printed: composed letters, single spaces; undefined where it is none. */
export function cleanName(name: string): string | undefined {
  const clean = name.normalize("NFC").replace(/\s+/gu, " ").trim();
  const odd = /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\u200e\u200f\u202a-\u202e\u2066-\u2069<>]/u;
  return clean === "" || [...clean].length > mostLetters || odd.test(clean) || !/\p{L}/u.test(clean)
    ? undefined
    : clean;
}

/** What the facts themselves forbid; undefined where nothing does. */
export function refusedFacts(facts: CertificateFacts, now: number): Refusal | undefined {
  if (cleanName(facts.name) === undefined) return "name";
  const { validUntil } = facts;
  if (validUntil !== null && (validUntil <= (facts.validFrom ?? now) || validUntil <= now)) return "validity";
  const { title, description, criteria } = facts.certificate;
  const texts = [title, description, criteria, facts.programme.title];
  const isTold = texts.every((text) => Object.values(text).some((one) => one.trim() !== ""));
  const isSure = facts.competences.every(({ uri }) => URL.canParse(uri)) && facts.issuer.name.trim() !== "";
  const { level } = facts;
  const hasLevel = level === undefined || level.all.some(({ number }) => number === level.number);
  const hours = facts.hours.every(({ minutes }) => Number.isSafeInteger(minutes) && minutes >= 0);
  return isTold && isSure && hasLevel && hours ? undefined : "facts";
}
