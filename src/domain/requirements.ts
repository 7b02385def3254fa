import { yearAround } from "./calendar.ts";
import { localDay } from "./clock.ts";
import type { Framework } from "./framework.ts";
import { statusOf } from "./framework.ts";
import { type HoursFilter, ledger, minutesIn } from "./hours.ts";
import { finalTestPlace, type Programme } from "./programme.ts";
import type { ProgrammeProgress } from "./progress.ts";

/** What counts: everything ever, the programme's current year, or what came since the certificate's term began. */
export type Within = "ever" | "year" | "term";

/** One rule over the record. Written in the pack, decided by `evaluate`. */
export type Rule =
  /** `minutes` of hours, of a kind or a unit. */
  | {
      readonly is: "hours";
      readonly kind?: string;
      readonly unit?: string;
      readonly minutes: number;
      readonly within: Within;
    }
  /** So many of these training days; one counts where at least `share` percent of it were attended. */
  | {
      readonly is: "attendance";
      readonly days: readonly string[];
      readonly atLeast: number;
      readonly share: number;
      readonly within: Within;
    }
  /** The checks of these units; `test` is the final test. */
  | { readonly is: "passed"; readonly units: readonly string[] }
  /** A finished self-assessment; with a level, one that shows it. Never enough for a certificate by itself. */
  | { readonly is: "level"; readonly atLeast?: number; readonly within: Within }
  /** So many accepted items: in each category, for each competence, or in all. */
  | {
      readonly is: "evidence";
      readonly per: "all" | "category" | "competence";
      readonly atLeast: number;
      readonly within: Within;
    }
  /** So many assessors, of one decision, each of whom found the level. */
  | { readonly is: "rating"; readonly atLeast: number; readonly assessors: number; readonly within: Within }
  | { readonly is: "meeting"; readonly atLeast: number; readonly within: Within }
  /** Something that a coordinator ticked. */
  | { readonly is: "check"; readonly check: string; readonly within: Within }
  /** Agreed to in its current version. */
  | { readonly is: "agreement"; readonly agreement: string; readonly within: Within }
  | { readonly is: "consultation"; readonly atLeast: number; readonly within: Within }
  | { readonly is: "stage"; readonly stage: string }
  | { readonly is: "all"; readonly of: readonly Rule[] }
  | { readonly is: "any"; readonly atLeast: number; readonly of: readonly Rule[] };

/** What became of one rule. */
export interface Finding {
  readonly rule: Rule;
  readonly met: boolean;
  /** How much is there and how much is asked for: minutes, days, checks, items, assessors. */
  readonly have: number;
  readonly need: number;
  /** Ids of what is missing: units, days, categories, competences. */
  readonly missing: readonly string[];
  /** Of `all`, `any` and `stage`. */
  readonly parts: readonly Finding[];
}

/** Everything that a rule is decided from, beside the rule. */
export interface Circumstances {
  readonly programme: Programme;
  readonly progress: ProgrammeProgress;
  /** `2026-11-22`, where the person is. */
  readonly today: string;
  readonly timeZone: string;
  /** The first day of the certificate's term, for rules within the term; without it everything counts. */
  readonly termFrom?: string;
}

/** Decides one rule. Pure, and says what is missing; a person decides what follows. */
export function evaluate(rule: Rule, at: Circumstances): Finding {
  const { programme, progress } = at;
  const facts = progress.facts ?? {};
  switch (rule.is) {
    case "hours": {
      const filter: HoursFilter = { ...kindAndUnit(rule), ...span(rule.within, at) };
      return counted(rule, minutesIn(linesOf(at), filter), rule.minutes);
    }
    case "attendance": {
      const there = new Set(
        Object.values(facts.attended ?? {}).flatMap((one) =>
          one.template !== null && isIn(one.day, rule.within, at) && one.minutes * 100 >= one.of * rule.share
            ? [one.template]
            : [],
        ),
      );
      const missing = rule.days.filter((day) => !there.has(day));
      return counted(rule, rule.days.length - missing.length, rule.atLeast, missing);
    }
    case "passed": {
      const missing = rule.units.filter((unit) => !isPassed(unit, programme, progress));
      return counted(rule, rule.units.length - missing.length, rule.units.length, missing);
    }
    case "level": {
      const done = (progress.self ?? []).filter((one) => isIn(localDay(one.at, at.timeZone), rule.within, at));
      const levels = done.at(-1)?.levels;
      if (rule.atLeast === undefined) return counted(rule, levels === undefined ? 0 : 1, 1);
      return counted(rule, levels === undefined ? 0 : levelIn(programme.framework, levels), rule.atLeast);
    }
    case "evidence":
      return evidence(rule, at);
    case "rating":
      return rating(rule, at);
    case "meeting":
      return counted(rule, daysIn(facts.meetings, rule.within, at), rule.atLeast);
    case "consultation":
      return counted(rule, daysIn(facts.consultations, rule.within, at), rule.atLeast);
    case "check": {
      const day = facts.checks?.[rule.check];
      return counted(rule, day !== undefined && isIn(day, rule.within, at) ? 1 : 0, 1);
    }
    case "agreement": {
      const found = facts.agreements?.[rule.agreement];
      const current = programme.certification?.agreements.find((one) => one.id === rule.agreement)?.version;
      const holds = found !== undefined && found.version === current && isIn(found.day, rule.within, at);
      return counted(rule, holds ? 1 : 0, 1);
    }
    case "stage": {
      const stage = programme.certification?.stages.find((one) => one.id === rule.stage);
      if (stage === undefined) throw new Error(`programme "${programme.id}" has no stage "${rule.stage}"`);
      const part = evaluate(stage.requires, at);
      return { ...counted(rule, part.met ? 1 : 0, 1), parts: [part] };
    }
    case "all":
    case "any": {
      const parts = rule.of.map((one) => evaluate(one, at));
      const met = parts.filter((one) => one.met).length;
      return { ...counted(rule, met, rule.is === "all" ? parts.length : rule.atLeast), parts };
    }
  }
}

/** The single rules that are not met, in the order written; of `any` every one that would help. */
export function openFindings(finding: Finding): readonly Finding[] {
  if (finding.met) return [];
  return finding.parts.length === 0 ? [finding] : finding.parts.flatMap(openFindings);
}

function counted(rule: Rule, have: number, need: number, missing: readonly string[] = []): Finding {
  return { rule, met: have >= need, have, need, missing, parts: [] };
}

function evidence(rule: Extract<Rule, { is: "evidence" }>, at: Circumstances): Finding {
  const accepted = Object.values(at.progress.facts?.evidence ?? {}).filter(
    (one) => one.state === "accepted" && isIn(one.day, rule.within, at),
  );
  if (rule.per === "all") return counted(rule, accepted.length, rule.atLeast);
  const categories = at.programme.framework?.categories ?? [];
  const places =
    rule.per === "category"
      ? categories.map((one) => ({ id: one.id, competences: one.competences.map(({ id }) => id) }))
      : categories.flatMap((one) => one.competences.map(({ id }) => ({ id, competences: [id] })));
  const missing = places.filter(
    (place) =>
      accepted.filter((one) => one.competences.some((id) => place.competences.includes(id))).length < rule.atLeast,
  );
  const ids = missing.map(({ id }) => id);
  return counted(rule, places.length - ids.length, places.length, ids);
}

/** Ratings stand side by side: each assessor of one decision must have found the level. An appeal's takes their place. */
function rating(rule: Extract<Rule, { is: "rating" }>, at: Circumstances): Finding {
  const { framework } = at.programme;
  const most = Object.values(at.progress.facts?.ratings ?? {}).map(({ first, second, appeal }) => {
    const counting = appeal === undefined ? [first, second] : [appeal];
    const found = counting.filter(
      (one) => one !== undefined && isIn(one.day, rule.within, at) && levelIn(framework, one.levels) >= rule.atLeast,
    ).length;
    return appeal !== undefined && found > 0 ? rule.assessors : found;
  });
  return counted(rule, Math.max(0, ...most), rule.assessors);
}

function levelIn(framework: Framework | undefined, levels: { readonly [competence: string]: number }): number {
  return framework === undefined ? 0 : statusOf(framework, levels);
}

function isPassed(unit: string, programme: Programme, progress: ProgrammeProgress): boolean {
  const check = unit === finalTestPlace ? programme.test?.check : programme.units.find((one) => one.id === unit)?.check;
  return check !== undefined && Boolean(progress.checks[check.id]?.passedAt);
}

function kindAndUnit({ kind, unit }: Extract<Rule, { is: "hours" }>): HoursFilter {
  return { ...(kind === undefined ? {} : { kind }), ...(unit === undefined ? {} : { unit }) };
}

function span(within: Within, { programme, today, termFrom }: Circumstances): HoursFilter {
  if (within === "year") return yearAround(today, programme.hours?.yearStarts ?? 1);
  return within === "term" && termFrom !== undefined ? { from: termFrom } : {};
}

function isIn(day: string, within: Within, at: Circumstances): boolean {
  const { from, to } = span(within, at);
  return (from === undefined || day >= from) && (to === undefined || day <= to);
}

function daysIn(days: readonly string[] | undefined, within: Within, at: Circumstances): number {
  return (days ?? []).filter((day) => isIn(day, within, at)).length;
}

/** The ledger is read by several rules of one evaluation, and made once. */
const ledgers = new WeakMap<Circumstances, ReturnType<typeof ledger>>();

function linesOf(at: Circumstances): ReturnType<typeof ledger> {
  const known = ledgers.get(at);
  if (known) return known;
  const lines = ledger(at.programme, at.progress, at.timeZone);
  ledgers.set(at, lines);
  return lines;
}
