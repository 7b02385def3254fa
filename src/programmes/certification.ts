import type { CertificateKind, Certification } from "../domain/certification.ts";
import type { HoursPlan, Source } from "../domain/hours.ts";
import { finalTestPlace, type Localised } from "../domain/programme.ts";
import type { Rule } from "../domain/requirements.ts";
import type { Markup } from "../engine/markup.ts";
import type { Part } from "./part.ts";
import { type PlacedText, type Placing, plain, rich } from "./placed-text.ts";
import type { Problem } from "./problem.ts";
import { type RequirementsStructure, type RequirementsWords, validityOf, type WrittenRule } from "./requirements.ts";
import type { Structure } from "./schema.ts";
import type { ValuePath } from "./yaml-file.ts";

/** The requirements of a programme as its authors wrote them. */
export type RequirementsPack = Part<RequirementsStructure, RequirementsWords>;

/** The texts of the requirements in one language, parsed, by the way to them. */
export interface PlacedRequirements {
  readonly language: string;
  readonly texts: ReadonlyMap<string, PlacedText>;
}

/** Parses every text of the requirements. */
export function placeRequirements({ words }: RequirementsPack, problems: Problem[]): readonly PlacedRequirements[] {
  return words.map(({ language, words: own, file }) => {
    const placing: Placing = { language, file, problems };
    const texts = Object.entries(own).flatMap(([part, entries]: [string, Readonly<Record<string, unknown>>]) =>
      Object.entries(entries).flatMap(([id, entry]) => textsOf(placing, [part, id], entry)),
    );
    return { language, texts: new Map(texts) };
  });
}

function textsOf(placing: Placing, at: ValuePath, entry: unknown): readonly [string, PlacedText][] {
  if (typeof entry === "string") return [[at.join("/"), plain(placing, "title", entry, at)]];
  // An agreement: what is agreed to may have several lines.
  return Object.entries(entry as Readonly<Record<string, string>>).map(([key, text]) => {
    const here = [...at, key];
    return [here.join("/"), key === "text" ? rich(placing, "card", text, here) : plain(placing, "title", text, here)];
  });
}

/** Makes what a programme says about hours and certificates: one tree of structure and words. */
export function buildCertification(
  { structure }: RequirementsPack,
  placed: readonly PlacedRequirements[],
  programme: Structure,
): { readonly hours: HoursPlan; readonly certification?: Certification } {
  const found = <T>(at: readonly string[], part: (text: PlacedText) => T): Localised<T> =>
    Object.fromEntries(
      placed.flatMap(({ language, texts }): [string, T][] => {
        const text = texts.get(at.join("/"));
        return text === undefined ? [] : [[language, part(text)]];
      }),
    );
  const line = (...at: string[]): Localised<string> => found(at, (text) => text.plain);
  const blocks = (...at: string[]): Localised<Markup> => found(at, (text) => text.markup);
  const rules = (written: readonly WrittenRule[]): Rule =>
    allOf(written.map((one) => ruleOf(one, structure, programme)));
  const hours = hoursOf(structure, line);
  if (structure.certificates.length === 0) return { hours };
  return {
    hours,
    certification: {
      stages: structure.stages.map(({ id, requires }) => ({
        id,
        title: line("stages", id),
        requires: rules(requires),
      })),
      agreements: structure.agreements.map(({ id, version }) => ({
        id,
        version,
        title: line("agreements", id, "title"),
        text: blocks("agreements", id, "text"),
      })),
      checks: structure.checks.map((id) => ({ id, title: line("checks", id) })),
      certificates: structure.certificates.map((certificate): CertificateKind => {
        const { id, level, neutral, requires, decision } = certificate;
        const validity = validityOf(structure, certificate);
        // The check before has said so with its place.
        if (validity === undefined) throw new Error(`the certificate "${id}" has no validity`);
        return {
          id,
          title: line("certificates", id),
          ...(neutral ? { neutralTitle: line("neutral", id) } : {}),
          ...(level === undefined ? {} : { level }),
          requires: rules(requires),
          decision,
          validity: { ...validity, renewal: rules(validity.renewal) },
        };
      }),
    },
  };
}

function hoursOf({ hours }: RequirementsStructure, line: (...at: string[]) => Localised<string>): HoursPlan {
  const { minutesPerHour, yearStarts, yearly, sources } = hours;
  const source = (of: "lesson" | "check" | "selfAssessment" | "evidence"): { readonly [key: string]: Source } => {
    const own = sources[of];
    return own === undefined ? {} : { [of]: own };
  };
  return {
    minutesPerHour,
    yearStarts,
    yearly,
    kinds: hours.kinds.map((id) => ({ id, title: line("hours", id) })),
    targets: hours.targets.map(({ kind, hours: asked }) => ({ kind, minutes: asked * minutesPerHour })),
    sources: {
      ...source("lesson"),
      ...source("check"),
      ...source("selfAssessment"),
      ...source("evidence"),
      ...(sources.plan === undefined ? {} : { plan: sources.plan }),
    },
  };
}

function allOf(rules: readonly Rule[]): Rule {
  const [only, ...more] = rules;
  return only !== undefined && more.length === 0 ? only : { is: "all", of: rules };
}

/** A rule as it is decided. The file says hours, the ledger minutes. */
function ruleOf(written: WrittenRule, structure: RequirementsStructure, programme: Structure): Rule {
  const { hours, attendance, passed, level, any } = written;
  if (hours) {
    const { kind, unit, atLeast, within } = hours;
    const which = { ...(kind === undefined ? {} : { kind }), ...(unit === undefined ? {} : { unit }) };
    return { is: "hours", ...which, minutes: atLeast * structure.hours.minutesPerHour, within };
  }
  if (attendance) {
    const days = attendance.days === "all" ? requiredDays(programme) : attendance.days;
    return { is: "attendance", ...attendance, days };
  }
  if (passed) return { is: "passed", units: passed.units === "all" ? everyCheck(programme) : passed.units };
  if (level) {
    const { atLeast, within } = level;
    return { is: "level", within, ...(atLeast === undefined ? {} : { atLeast }) };
  }
  if (any) return { is: "any", atLeast: any.atLeast, of: any.of.map((one) => ruleOf(one, structure, programme)) };
  if (written.evidence) return { is: "evidence", ...written.evidence };
  if (written.rating) return { is: "rating", ...written.rating };
  if (written.meeting) return { is: "meeting", ...written.meeting };
  if (written.consultation) return { is: "consultation", ...written.consultation };
  if (written.check) return { is: "check", check: written.check.id, within: written.check.within };
  if (written.agreement) return { is: "agreement", agreement: written.agreement.id, within: written.agreement.within };
  if (written.stage) return { is: "stage", stage: written.stage.id };
  throw new Error("a rule that is none of those known");
}

function everyCheck({ units, test }: Structure): readonly string[] {
  return [...units.map(({ id }) => id), ...(test === undefined ? [] : [finalTestPlace])];
}

/** Every training day that the programme calls required. */
export function requiredDays({ events }: Structure): readonly string[] {
  return events.filter((one) => one.required).map(({ id }) => id);
}
