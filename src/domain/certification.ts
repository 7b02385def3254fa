import type { Markup } from "../engine/markup.ts";
import { daysAfter } from "./calendar.ts";
import type { Facts } from "./facts.ts";
import type { Localised } from "./programme.ts";
import type { Rule } from "./requirements.ts";

/** How a programme goes from learning to a certificate and its renewal. */
export interface Certification {
  /** A certificate comes only where all of its stages are met. */
  readonly stages: readonly Stage[];
  readonly agreements: readonly Agreement[];
  /** What a coordinator ticks for a person, and never keeps the paper of. */
  readonly checks: readonly { readonly id: string; readonly title: Localised<string> }[];
  readonly certificates: readonly CertificateKind[];
}

export interface Stage {
  readonly id: string;
  readonly title: Localised<string>;
  readonly requires: Rule;
}

/** What a person agrees to, sentence by sentence; a new version is agreed to again. */
export interface Agreement {
  readonly id: string;
  readonly version: string;
  readonly title: Localised<string>;
  readonly text: Localised<Markup>;
}

/** One kind of certificate that a programme gives. */
export interface CertificateKind {
  readonly id: string;
  readonly title: Localised<string>;
  /** What stands on it where nobody is to see what it is about. */
  readonly neutralTitle?: Localised<string>;
  /** The level of the framework that it attests. */
  readonly level?: number;
  readonly requires: Rule;
  readonly decision: {
    /** How many people rate, each by themselves. */
    readonly assessors: number;
    /** One of them from another organisation. */
    readonly external: boolean;
    /** Somebody who did not rate signs the decision too. */
    readonly countersign: boolean;
  };
  readonly validity: Validity;
}

/** From the first day to the last, and what may come after. */
export interface Validity {
  readonly months: number;
  /** How many days before the end renewal opens. */
  readonly windowDays: number;
  /** How many days after the end it still counts while it is being renewed. */
  readonly graceDays: number;
  /** How far it may be extended on request, once; 0: not at all. */
  readonly extensionMonths: number;
  /** Days before the end on which the person and their lead are reminded, the earliest first. */
  readonly reminders: readonly number[];
  /** The shorter path to the next one. */
  readonly renewal: Rule;
}

/** Where a certificate stands on a day. `grace` and `lapsed` come from the calendar, the rest was decided. */
export type Standing = "valid" | "window" | "grace" | "lapsed" | "withdrawn" | "superseded";

/** Days of a term, and what was decided about it. */
export interface Term {
  readonly from: string;
  readonly until: string;
  readonly state: "valid" | "withdrawn" | "superseded";
}

/** Where a certificate stands. Its last day is a day on which it is valid. */
export function standingOf(term: Term, validity: Validity, today: string): Standing {
  if (term.state !== "valid") return term.state;
  if (today <= term.until) return today >= daysAfter(term.until, -validity.windowDays) ? "window" : "valid";
  return today <= daysAfter(term.until, validity.graceDays) ? "grace" : "lapsed";
}

/** What somebody is working towards: the first certificate that they do not hold, or the renewal of one whose window is open. */
export interface Aim {
  readonly certificate: CertificateKind;
  readonly requires: Rule;
  /** For a renewal: the term that ends, and the award it belongs to. */
  readonly renews?: { readonly award: string; readonly term: Term; readonly standing: Standing };
}

/** The certificates that somebody has been given, by their record; the last of each kind. */
export function termsOf(facts: Facts): ReadonlyMap<string, { readonly award: string; readonly term: Term }> {
  const found = new Map<string, { readonly award: string; readonly term: Term }>();
  for (const [award, { certificate, state, from, until }] of Object.entries(facts.awards ?? {})) {
    const known = found.get(certificate);
    if (known !== undefined && known.term.from > from) continue;
    const stored = state === "withdrawn" || state === "superseded" ? state : "valid";
    found.set(certificate, { award, term: { from, until, state: stored } });
  }
  return found;
}

/** What comes next on somebody's way; undefined where everything is held and no window is open. */
export function aimOf({ certificates }: Certification, facts: Facts, today: string): Aim | undefined {
  const terms = termsOf(facts);
  for (const certificate of certificates) {
    const held = terms.get(certificate.id);
    if (held === undefined) return { certificate, requires: certificate.requires };
    const standing = standingOf(held.term, certificate.validity, today);
    if (standing === "valid") continue;
    const renews = { ...held, standing };
    // Whoever lapsed walks the whole way again; so does whoever lost it.
    if (standing === "window" || standing === "grace")
      return { certificate, requires: certificate.validity.renewal, renews };
    return { certificate, requires: certificate.requires };
  }
  return undefined;
}
