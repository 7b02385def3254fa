import type { RecordEntry } from "../engine/session.ts";
import type { Json } from "../engine/types.ts";
import type { Levels } from "./framework.ts";

/** That somebody was there on a training day; 0 minutes: was not. */
export interface Attended {
  /** The day's id in the programme, where it stands in it. */
  readonly template: string | null;
  readonly unit: string | null;
  /** The kind of hours it counts as. */
  readonly kind: string;
  readonly minutes: number;
  /** How long the day was. */
  readonly of: number;
  readonly late: boolean;
  /** `2026-11-22` */
  readonly day: string;
  /** Which note of this day it is: of several the highest counts, in whatever order they come. */
  readonly n: number;
}

/** What one assessor found, by competence. */
export interface Ratings {
  /** The assessor's person id. */
  readonly by: string;
  readonly day: string;
  readonly levels: { readonly [competence: string]: number };
}

/** `first` and `second` are the assessors of a decision; `appeal` is whoever looked again. */
export type RatingRole = "first" | "second" | "appeal";

export type EvidenceState = "submitted" | "accepted" | "returned" | "destroyed" | "withdrawn";

export interface EvidenceFact {
  readonly kind: string;
  /** Learnt before this programme. */
  readonly prior: boolean;
  readonly competences: readonly string[];
  readonly state: EvidenceState;
  readonly day: string;
}

/** A certificate as its person's record tells it. */
export interface AwardFact {
  readonly certificate: string;
  readonly state: "awarded" | "extended" | "withdrawn" | "superseded" | "lapsed";
  /** Days of the calendar. */
  readonly from: string;
  readonly until: string;
}

/**
 * What requirements ask for, folded from the record: everything that lessons and checks do not say already. Days are `2026-11-22`.
 * Each part is absent before its first entry, since the whole is read with every turn.
 */
export interface Facts {
  readonly attended?: { readonly [event: string]: Attended };
  /** Minutes that somebody booked, by day and `<kind>/<unit>`; the unit may be empty. */
  readonly booked?: { readonly [day: string]: { readonly [kindAndUnit: string]: number } };
  /** Plans that were carried out. */
  readonly tried?: readonly { readonly lesson: string; readonly minutes: number; readonly day: string }[];
  readonly evidence?: { readonly [id: string]: EvidenceFact };
  readonly ratings?: { readonly [assessment: string]: { readonly [role in RatingRole]?: Ratings } };
  /** The version that was agreed to last. */
  readonly agreements?: { readonly [agreement: string]: { readonly version: string; readonly day: string } };
  readonly checks?: { readonly [check: string]: string };
  /** Days on which there was one. */
  readonly consultations?: readonly string[];
  readonly meetings?: readonly string[];
  readonly awards?: { readonly [award: string]: AwardFact };
}

/**
 * What assessors found in the assessment that was rated last: of two who rated, the lower level of each competence, since both have to
 * stand behind it; an appeal takes the place of what it was raised against. Undefined before the first.
 */
export function assessorLevels({ ratings }: Facts): Levels | undefined {
  const latest = Object.values(ratings ?? {})
    .sort((one, other) => dayOf(one).localeCompare(dayOf(other)))
    .at(-1);
  if (latest === undefined) return undefined;
  const counting = latest.appeal === undefined ? [latest.first, latest.second] : [latest.appeal];
  const found = counting.filter((one) => one !== undefined);
  const competences = new Set(found.flatMap(({ levels }) => Object.keys(levels)));
  return Object.fromEntries(
    [...competences].map((id) => [id, Math.min(...found.flatMap(({ levels }) => levels[id] ?? []))]),
  );
}

function dayOf(of: { readonly [role in RatingRole]?: Ratings }): string {
  return (
    [of.first, of.second, of.appeal]
      .map((one) => one?.day ?? "")
      .sort()
      .at(-1) ?? ""
  );
}

type Data = { readonly [key: string]: Json };

/** Adds one entry of the record; the same object where it says nothing that requirements ask for. */
export function learnFact(before: Facts, entry: RecordEntry): Facts {
  const data = (entry.data ?? {}) as Data;
  const day = typeof data.day === "string" ? data.day : dayInUtc(entry.at);
  switch (entry.type) {
    case "attended":
      return { ...before, attended: noted(before.attended, String(data.event), attended(data, day)) };
    case "hours":
      return { ...before, booked: book(before.booked, day, data, Number(data.minutes)) };
    case "hours.undone":
      return { ...before, booked: book(before.booked, day, data, -Number(data.minutes)) };
    case "plan.told":
      return data.minutes === undefined ? before : { ...before, tried: [...(before.tried ?? []), tried(data, day)] };
    case "evidence":
      return { ...before, evidence: { ...before.evidence, [String(data.evidence)]: evidence(data, day) } };
    case "rating":
      return { ...before, ratings: rated(before.ratings, data, day) };
    case "agreement":
      return {
        ...before,
        agreements: { ...before.agreements, [String(data.agreement)]: { version: String(data.version), day } },
      };
    case "checked":
      return { ...before, checks: { ...before.checks, [String(data.check)]: day } };
    case "consultation":
      return { ...before, consultations: [...(before.consultations ?? []), day] };
    case "meeting":
      return { ...before, meetings: [...(before.meetings ?? []), day] };
    case "certificate":
      return { ...before, awards: { ...before.awards, [String(data.award)]: award(data) } };
    default:
      return before;
  }
}

function attended(data: Data, day: string): Attended {
  return {
    template: textOrNull(data.template),
    unit: textOrNull(data.unit),
    kind: String(data.kind),
    minutes: Number(data.minutes),
    of: Number(data.of),
    late: data.late === true,
    day,
    n: typeof data.n === "number" ? data.n : 0,
  };
}

function noted(before: Facts["attended"], event: string, now: Attended): NonNullable<Facts["attended"]> {
  const known = before?.[event];
  return { ...before, [event]: known !== undefined && known.n > now.n ? known : now };
}

function book(before: Facts["booked"], day: string, data: Data, minutes: number): NonNullable<Facts["booked"]> {
  const key = `${String(data.kind)}/${textOrNull(data.unit) ?? ""}`;
  const own = before?.[day];
  return { ...before, [day]: { ...own, [key]: (own?.[key] ?? 0) + minutes } };
}

function tried(data: Data, day: string) {
  return { lesson: String(data.lesson), minutes: Number(data.minutes), day };
}

function evidence(data: Data, day: string): EvidenceFact {
  const competences = Array.isArray(data.competences) ? data.competences.map(String) : [];
  const state = data.state as EvidenceState;
  return { kind: String(data.kind), prior: data.prior === true, competences, state, day };
}

function rated(before: Facts["ratings"], data: Data, day: string): NonNullable<Facts["ratings"]> {
  const assessment = String(data.assessment);
  const role = data.role as RatingRole;
  const own = before?.[assessment];
  const levels = { ...own?.[role]?.levels, [String(data.competence)]: Number(data.level) };
  return { ...before, [assessment]: { ...own, [role]: { by: String(data.by), day, levels } } };
}

function award(data: Data): AwardFact {
  return {
    certificate: String(data.certificate),
    state: data.state as AwardFact["state"],
    from: String(data.from),
    until: String(data.until),
  };
}

function textOrNull(value: Json | undefined): string | null {
  return typeof value === "string" ? value : null;
}

/** For entries that carry no day of their own. */
function dayInUtc(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
