import type { Markup } from "../engine/markup.ts";
import type { Certification } from "./certification.ts";
import type { Framework } from "./framework.ts";
import type { Holidays } from "./holidays.ts";
import type { HoursPlan } from "./hours.ts";
import type { Quality } from "./quality.ts";

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

/** What every question has. */
interface Asked {
  readonly id: string;
  readonly stem: Localised<Markup>;
  /** Must be answered right to pass, whatever the total. */
  readonly safety: boolean;
  /** The lesson that explains it, offered after a failed check. */
  readonly lesson?: string;
}

/** Exactly one option is right. A true-or-false question is one of these with two options. */
export interface SingleQuestion extends Asked {
  readonly kind: "single";
  readonly options: readonly Option[];
  /** The id of the right option. */
  readonly right: string;
  /** Numbers keep their order, everything else is shuffled by the attempt's seed. */
  readonly order: "shuffled" | "fixed";
}

/** Several options may be right; all of them and no other must be chosen. */
export interface MultipleQuestion extends Asked {
  readonly kind: "multiple";
  readonly options: readonly Option[];
  readonly right: readonly string[];
  readonly order: "shuffled" | "fixed";
}

/** The options are brought into an order; they are written in the right one. An option's feedback says why it stands there. */
export interface OrderingQuestion extends Asked {
  readonly kind: "ordering";
  readonly options: readonly Option[];
}

/** Each option belongs to one target; an option's feedback says why. Several options may share a target. */
export interface MatchingQuestion extends Asked {
  readonly kind: "matching";
  readonly options: readonly Option[];
  readonly targets: readonly { readonly id: string; readonly text: Localised<string> }[];
  /** The target of each option. */
  readonly right: { readonly [option: string]: string };
}

/** A few words, typed. */
export interface TextQuestion extends Asked {
  readonly kind: "text";
  /** Every answer that is right; the first is shown as the answer. Case, accents and small slips do not count. */
  readonly accepted: Localised<readonly string[]>;
  readonly feedback: Localised<Markup>;
}

/** A number, typed; decimals with a comma or a point. */
export interface NumberQuestion extends Asked {
  readonly kind: "number";
  readonly right: number;
  /** How far off an answer may be and still be right. */
  readonly within: number;
  readonly feedback: Localised<Markup>;
}

/** A place on a scale from 0 to 10. */
export interface ScaleQuestion extends Asked {
  readonly kind: "scale";
  /** What 0 and 10 mean. */
  readonly ends: { readonly low: Localised<string>; readonly high: Localised<string> };
  /** The places that are right, both included; absent where every answer is good. */
  readonly right?: { readonly from: number; readonly to: number };
  readonly feedback: Localised<Markup>;
}

/** A case that goes on step by step; right where every step was. */
export interface CaseQuestion extends Asked {
  readonly kind: "case";
  /** Each has the stem of its own step; the case's stem stands above the first. */
  readonly steps: readonly SimpleQuestion[];
}

export type SimpleQuestion =
  | SingleQuestion
  | MultipleQuestion
  | OrderingQuestion
  | MatchingQuestion
  | TextQuestion
  | NumberQuestion
  | ScaleQuestion;

export type Question = SimpleQuestion | CaseQuestion;

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
  /** How many of them come from which lessons; without it any. The numbers add up to `draw`. */
  readonly blueprint?: readonly { readonly lessons: readonly string[]; readonly draw: number }[];
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

/** A check over the whole programme. */
export interface FinalTest {
  readonly title: Localised<string>;
  readonly check: Check;
}

/** A training day as the programme plans it; a cohort gives it time and place. */
export interface EventTemplate {
  readonly id: string;
  readonly title: Localised<string>;
  /** The unit it belongs to. */
  readonly unit?: string;
  /** The kind of hours it counts as. */
  readonly kind: string;
  /** What somebody who is there all the time gets. */
  readonly minutes: number;
  readonly form: "in-person" | "online" | "either";
  /** Whether people may stay overnight. */
  readonly overnight: boolean;
  /** Whether the programme cannot be finished without it. */
  readonly required: boolean;
  /** What makes up for it when it was missed: the same day another time, or any session of its kind. */
  readonly makeUp: "any" | "same";
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
  /** Its training days, in order; absent where everything happens in the chat. */
  readonly events?: readonly EventTemplate[];
  /** The test over all units, after the last one. */
  readonly test?: FinalTest;
  /** Whether practice asks how sure the learner is before it says what was right. */
  readonly confidence?: boolean;
  /** The plans of lessons are followed up; one that was carried out counts this many minutes of practice. */
  readonly plans?: { readonly minutes: number };
  /** How many questions of earlier lessons one day asks again; without it `reviewsPerDay`. */
  readonly reviewsPerDay?: number;
  /** What people with this task can do, level by level. */
  readonly framework?: Framework;
  /** What counts how many hours, and how many are asked for. */
  readonly hours?: HoursPlan;
  /** The way to its certificates and to their renewal. */
  readonly certification?: Certification;
  /** What it promises about its own quality. Its review changes without a new version. */
  readonly quality?: Quality;
  /** Whether everybody may try the framework on a public page, without an account. No part of what is taught either. */
  readonly selfCheck?: boolean;
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
  /** Every version that is kept, those that are taught among them; of one programme the newest first. */
  readonly versions: readonly Programme[];
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

/** The final test's place among the checks; no unit has this id. */
export const finalTestPlace = "test";

/** A check with what it is called and the units it is about. */
export interface PlacedCheck {
  readonly check: Check;
  readonly title: Localised<string>;
  readonly units: readonly Unit[];
  readonly isTest: boolean;
}

/** The check of a unit by the unit's id, or the test over all units at `finalTestPlace`. */
export function checkAt(programme: Programme, place: string): PlacedCheck | undefined {
  const { units, test } = programme;
  if (place === finalTestPlace) return test && { ...test, units, isTest: true };
  const unit = units.find((one) => one.id === place);
  return unit && { check: unit.check, title: unit.title, units: [unit], isTest: false };
}
