import { yearAround } from "./calendar.ts";
import { localDay } from "./clock.ts";
import type { Localised, Programme } from "./programme.ts";
import type { ProgrammeProgress } from "./progress.ts";

/** What counts how long, in nominal minutes: time is never measured. */
export interface HoursPlan {
  /** How many minutes the programme calls an hour: 45 or 60. */
  readonly minutesPerHour: number;
  /** The first month of the programme's year, 1 to 12. */
  readonly yearStarts: number;
  /** In the order shown. */
  readonly kinds: readonly { readonly id: string; readonly title: Localised<string> }[];
  /** What is asked for: in all, or in each year where `yearly` is true. */
  readonly targets: readonly { readonly kind: string; readonly minutes: number }[];
  readonly yearly: boolean;
  /** Which kind, and how many minutes, each of these counts. A training day and a plan bring their own minutes. */
  readonly sources: {
    readonly lesson?: Source;
    readonly check?: Source;
    readonly selfAssessment?: Source;
    readonly evidence?: Source;
    readonly plan?: { readonly kind: string };
  };
}

export interface Source {
  readonly kind: string;
  readonly minutes: number;
}

/** One line of the ledger. */
export interface HoursLine {
  readonly kind: string;
  readonly unit: string | null;
  readonly minutes: number;
  /** `2026-11-22` */
  readonly day: string;
}

/** Which lines are meant; days included. */
export interface HoursFilter {
  readonly kind?: string;
  readonly unit?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Every line of somebody's hours in a programme; nothing where the programme counts none. */
export function ledger(programme: Programme, progress: ProgrammeProgress, timeZone: string): readonly HoursLine[] {
  const sources = programme.hours?.sources;
  if (sources === undefined) return [];
  const lines: HoursLine[] = [];
  const add = (source: Source | undefined, unit: string | null, day: string): void => {
    if (source) lines.push({ ...source, unit, day });
  };
  for (const unit of programme.units) {
    for (const { id } of unit.lessons) {
      const at = progress.lessons[id];
      if (at !== undefined) add(sources.lesson, unit.id, localDay(at, timeZone));
    }
    const passedAt = progress.checks[unit.check.id]?.passedAt;
    if (passedAt) add(sources.check, unit.id, localDay(passedAt, timeZone));
  }
  const facts = progress.facts ?? {};
  for (const { kind, unit, minutes, day } of Object.values(facts.attended ?? {}))
    lines.push({ kind, unit, minutes, day });
  for (const [day, booked] of Object.entries(facts.booked ?? {})) {
    for (const [key, minutes] of Object.entries(booked)) {
      const [kind = "", unit = ""] = key.split("/");
      lines.push({ kind, unit: unit === "" ? null : unit, minutes, day });
    }
  }
  const { plan } = sources;
  if (plan) {
    for (const { lesson, minutes, day } of facts.tried ?? []) {
      lines.push({ kind: plan.kind, unit: unitOf(programme, lesson), minutes, day });
    }
  }
  for (const { state, day } of Object.values(facts.evidence ?? {})) {
    if (state === "accepted") add(sources.evidence, null, day);
  }
  for (const { at } of progress.self ?? []) add(sources.selfAssessment, null, localDay(at, timeZone));
  return lines.filter((one) => one.minutes !== 0);
}

function unitOf(programme: Programme, lesson: string): string | null {
  return programme.units.find((unit) => unit.lessons.some((one) => one.id === lesson))?.id ?? null;
}

/** Minutes in the lines that are meant. */
export function minutesIn(lines: readonly HoursLine[], { kind, unit, from, to }: HoursFilter): number {
  let sum = 0;
  for (const line of lines) {
    if (kind !== undefined && line.kind !== kind) continue;
    if (unit !== undefined && line.unit !== unit) continue;
    if (from !== undefined && line.day < from) continue;
    if (to !== undefined && line.day > to) continue;
    sum += line.minutes;
  }
  return sum;
}

/** Minutes as hours of the programme, rounded down to a tenth: nobody is told of an hour that they do not have. */
export function inHours(minutes: number, minutesPerHour: number): number {
  return Math.floor((minutes * 10) / minutesPerHour) / 10;
}

/** What is asked for and what is there, kind by kind: "12.5 of 20 h". Kinds that nobody has and nobody asks for are left out. */
export function hoursByKind(
  programme: Programme,
  lines: readonly HoursLine[],
  today: string,
): readonly { readonly kind: string; readonly minutes: number; readonly target?: number }[] {
  const { hours } = programme;
  if (hours === undefined) return [];
  const year = hours.yearly ? yearAround(today, hours.yearStarts) : {};
  return hours.kinds.flatMap(({ id }) => {
    const target = hours.targets.find((one) => one.kind === id)?.minutes;
    const minutes = minutesIn(lines, { kind: id, ...year });
    if (minutes === 0 && target === undefined) return [];
    return [{ kind: id, minutes, ...(target === undefined ? {} : { target }) }];
  });
}
