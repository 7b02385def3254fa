import type { Markup } from "../engine/markup.ts";
import type { Holidays } from "./holidays.ts";

/** A text in the languages it was written in. Missing languages fall back (`inLanguage`). */
export type Localised<T> = { readonly [language: string]: T };

/** One idea, one message. */
export interface Card {
  readonly id: string;
  readonly text: Localised<Markup>;
}

export interface Option {
  readonly id: string;
  readonly text: Localised<string>;
  /** Why, in one or two sentences, about the act and not the person. */
  readonly feedback: Localised<Markup>;
}

/** A single-choice question with exactly one right option. */
export interface Question {
  readonly id: string;
  readonly stem: Localised<Markup>;
  readonly options: readonly Option[];
  /** The id of the right option. */
  readonly right: string;
  /** Must be answered right to pass, whatever the total. */
  readonly safety: boolean;
  /** Numbers keep their order, everything else is shuffled by the attempt's seed. */
  readonly order: "shuffled" | "fixed";
  /** The lesson that explains it, offered after a failed check. */
  readonly lesson?: string;
}

export interface Lesson {
  /** Unit and place, for example `1.3`. */
  readonly id: string;
  readonly title: Localised<string>;
  /** What the learner can do afterwards, in one line. */
  readonly outcome: Localised<string>;
  /** About how many minutes cards and practice take. */
  readonly minutes: number;
  readonly cards: readonly Card[];
  /** Practice never counts. */
  readonly practice: readonly Question[];
}

/** The check at the end of a unit: questions drawn from a bank. */
export interface Check {
  readonly id: string;
  readonly minutes: number;
  readonly bank: readonly Question[];
  /** How many questions one attempt draws, every safety item first. */
  readonly draw: number;
  /** How many must be right. */
  readonly pass: number;
  /** Failed attempts that may follow each other at once. */
  readonly freeAttempts: number;
  /** The pause before each further attempt, in hours. */
  readonly pauseHours: number;
}

export interface Unit {
  readonly id: string;
  readonly title: Localised<string>;
  readonly lessons: readonly Lesson[];
  readonly check: Check;
}

/** Days of a calendar (`2026-12-20`), the first and the last one included. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** A programme pack, compiled: structure and words in one tree, texts already parsed. */
export interface Programme {
  readonly id: string;
  /** Semantic version; an attempt pins it and a certificate names it. */
  readonly version: string;
  /** sha-256 of structure and words. */
  readonly hash: string;
  /** The languages with complete words, the programme's own first. */
  readonly languages: readonly string[];
  /** Languages whose words a native reader has yet to check. */
  readonly unreviewed: readonly string[];
  readonly title: Localised<string>;
  readonly units: readonly Unit[];
  /** Exam weeks and breaks in which no reminder is sent. No part of what is taught: it changes without a new version. */
  readonly calendar?: readonly Period[];
}

/** Somebody to call beside the numbers of the country, in the words of an organisation. */
export interface HelpNumber {
  readonly label: string;
  readonly number: string;
}

/** Programmes by id and version (without a version the newest), and the holidays of the countries they are taught in. */
export interface Catalogue {
  readonly programmes: readonly Programme[];
  get(id: string, version?: string): Programme | undefined;
  readonly holidays: Holidays;
  /** Whom the organisations of a cohort want called in danger; of nobody's cohort, those of the house. Without it nobody. */
  readonly helpNumbers?: (cohortId: string | undefined) => readonly HelpNumber[];
}

/** The language a text will be shown in: the person's choices in order, then the programme's own. */
export function languageFor(available: readonly string[], wanted: readonly string[]): string {
  const found = wanted.find((language) => available.includes(language)) ?? available[0];
  if (found === undefined) throw new Error("a programme without any language");
  return found;
}

/** The text in one language; the pack check has proved that every text of a declared language is there. */
export function inLanguage<T>(text: Localised<T>, language: string): T {
  const found = text[language];
  if (found === undefined) throw new Error(`no text in ${language}; it has ${Object.keys(text).join(", ")}`);
  return found;
}
