import { finalTestPlace } from "../../domain/programme.ts";
import type { Problem } from "../problem.ts";
import { type RequirementsStructure, type ValidityStructure, validityOf, type WrittenRule } from "../requirements.ts";
import type { ValuePath } from "../yaml-file.ts";
import type { Checked, Rule } from "./rule.ts";

/** Rules without which nobody could meet what a programme asks for. A server does not start when one of them is broken. */
export const requirementRules: readonly Rule[] = [kinds, ids, named, circles, validity];

type Find = (at: ValuePath, message: string) => Problem;

function of(checked: Checked, find: (structure: RequirementsStructure, problem: Find) => Problem[]): Problem[] {
  const { requirements } = checked.pack;
  if (requirements === undefined) return [];
  const { structure, structureFile: file } = requirements;
  return find(structure, (at, message) => ({
    rule: "requirements",
    path: file.path,
    line: file.lineOf(at),
    message,
  }));
}

function unknown(what: string, id: string, known: readonly string[]): string {
  return `there is no ${what} "${id}": expected one of ${known.length === 0 ? "none, since there is none" : known.join(", ")}`;
}

function kinds(checked: Checked): Problem[] {
  return of(checked, ({ hours }, problem) => {
    const { kinds: known, targets, sources } = hours;
    const used: { kind: string; at: ValuePath }[] = [
      ...targets.map(({ kind }, index) => ({ kind, at: ["hours", "targets", index, "kind"] })),
      ...Object.entries(sources).flatMap(([name, source]) =>
        source === undefined ? [] : [{ kind: source.kind, at: ["hours", "sources", name, "kind"] }],
      ),
    ];
    return used.flatMap(({ kind, at }) =>
      known.includes(kind) ? [] : [problem(at, unknown("kind of hours", kind, known))],
    );
  });
}

// Records and certificates name these ids for years.
function ids(checked: Checked): Problem[] {
  return of(checked, ({ hours, agreements, checks, stages, certificates }, problem) => {
    const repeated = (all: readonly string[], what: string, at: (index: number) => ValuePath): Problem[] =>
      all.flatMap((id, index) =>
        all.indexOf(id) === index ? [] : [problem(at(index), `another ${what} has the id "${id}" already`)],
      );
    return [
      ...repeated(hours.kinds, "kind of hours", (index) => ["hours", "kinds", index]),
      ...repeated(checks, "check", (index) => ["checks", index]),
      ...repeated(
        agreements.map(({ id }) => id),
        "agreement",
        (index) => ["agreements", index, "id"],
      ),
      ...repeated(
        stages.map(({ id }) => id),
        "stage",
        (index) => ["stages", index, "id"],
      ),
      ...repeated(
        certificates.map(({ id }) => id),
        "certificate",
        (index) => ["certificates", index, "id"],
      ),
    ];
  });
}

interface Placed {
  readonly rule: WrittenRule;
  readonly at: ValuePath;
}

/** Every rule of the file with the way to it; behind "any" those it chooses from. */
function everyRule({ stages, certificates, validity: common }: RequirementsStructure): readonly Placed[] {
  const inside = (rules: readonly WrittenRule[], at: ValuePath): readonly Placed[] =>
    rules.flatMap((rule, index): readonly Placed[] => {
      const here = [...at, index];
      return [{ rule, at: here }, ...inside(rule.any?.of ?? [], [...here, "any", "of"])];
    });
  return [
    ...stages.flatMap(({ requires }, index) => inside(requires, ["stages", index, "requires"])),
    ...inside(common?.renewal ?? [], ["validity", "renewal"]),
    ...certificates.flatMap(({ requires, validity: own }, index) => [
      ...inside(requires, ["certificates", index, "requires"]),
      ...inside(own?.renewal ?? [], ["certificates", index, "validity", "renewal"]),
    ]),
  ];
}

// A rule about something that is not there would never be met, and nobody would know why.
function named(checked: Checked): Problem[] {
  const { structure: programme, framework } = checked.pack;
  const units = programme.units.map(({ id }) => id);
  const checksKnown = programme.test === undefined ? units : [...units, finalTestPlace];
  const levels = framework?.structure.levels ?? [];
  return of(checked, (structure, problem) => {
    const { hours, agreements, checks, stages } = structure;
    const one = (at: ValuePath, what: string, id: string | undefined, known: readonly string[]): Problem[] =>
      id === undefined || known.includes(id) ? [] : [problem(at, unknown(what, id, known))];
    const level = (at: ValuePath, asked: number | undefined): Problem[] =>
      asked === undefined || levels.includes(asked)
        ? []
        : [problem(at, unknown("level", String(asked), levels.map(String)))];
    const found = everyRule(structure).flatMap(({ rule, at }): Problem[] => [
      ...one([...at, "hours", "kind"], "kind of hours", rule.hours?.kind, hours.kinds),
      ...one([...at, "hours", "unit"], "unit", rule.hours?.unit, units),
      ...asList(rule.passed?.units).flatMap((unit) => one([...at, "passed", "units"], "unit", unit, checksKnown)),
      ...level([...at, "level", "atLeast"], rule.level?.atLeast),
      ...level([...at, "rating", "atLeast"], rule.rating?.atLeast),
      ...one([...at, "check", "id"], "check", rule.check?.id, checks),
      ...one(
        [...at, "agreement", "id"],
        "agreement",
        rule.agreement?.id,
        agreements.map(({ id }) => id),
      ),
      ...one(
        [...at, "stage", "id"],
        "stage",
        rule.stage?.id,
        stages.map(({ id }) => id),
      ),
      ...(rule.evidence !== undefined && rule.evidence.per !== "all" && framework === undefined
        ? [problem([...at, "evidence", "per"], `expected all: without framework.yaml there is no ${rule.evidence.per}`)]
        : []),
      ...(rule.any !== undefined && rule.any.atLeast > rule.any.of.length
        ? [problem([...at, "any", "atLeast"], `expected at most ${rule.any.of.length}: so many rules stand below`)]
        : []),
    ]);
    const ofCertificates = structure.certificates.flatMap((certificate, index) =>
      level(["certificates", index, "level"], certificate.level),
    );
    return [...found, ...ofCertificates];
  });
}

function asList(units: readonly string[] | "all" | undefined): readonly string[] {
  return units === undefined || units === "all" ? [] : units;
}

// A stage that asks for itself, straight away or round a corner, would ask for ever.
function circles(checked: Checked): Problem[] {
  return of(checked, ({ stages }, problem) => {
    const asked = new Map(stages.map(({ id, requires }) => [id, stagesIn(requires)]));
    const reaches = (from: string, to: string, passed: readonly string[]): boolean =>
      (asked.get(from) ?? []).some(
        (next) => next === to || (!passed.includes(next) && reaches(next, to, [...passed, next])),
      );
    return stages.flatMap(({ id }, index) =>
      reaches(id, id, [])
        ? [problem(["stages", index, "requires"], `the stage "${id}" asks for itself: take that rule out`)]
        : [],
    );
  });
}

function stagesIn(rules: readonly WrittenRule[]): readonly string[] {
  return rules.flatMap((rule) => [
    ...(rule.stage === undefined ? [] : [rule.stage.id]),
    ...stagesIn(rule.any?.of ?? []),
  ]);
}

function validity(checked: Checked): Problem[] {
  return of(checked, (structure, problem) => {
    const { validity: common, certificates } = structure;
    return [
      ...(common === undefined ? [] : reminders(common, ["validity", "reminders"], problem)),
      ...certificates.flatMap((certificate, index) => {
        const { validity: own } = certificate;
        const at: ValuePath = ["certificates", index];
        if (validityOf(structure, certificate) === undefined)
          return [problem(at, `nobody knows how long "${certificate.id}" is valid: write validity here, or for all`)];
        return own === undefined ? [] : reminders(own, [...at, "validity", "reminders"], problem);
      }),
    ];
  });
}

function reminders({ reminders: all, windowDays }: ValidityStructure, at: ValuePath, problem: Find): Problem[] {
  const slip = all.findIndex((days, place) => place > 0 && days >= (all[place - 1] ?? 0));
  if (slip >= 0) return [problem([...at, slip], "expected the earliest reminder first, such as [180, 90, 30, 7]")];
  const early = all.findIndex((days) => days > windowDays);
  if (early < 0) return [];
  return [problem([...at, early], `nobody can renew so early: expected at most ${windowDays}, the days of the window`)];
}
