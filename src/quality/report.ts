import { createHash } from "node:crypto";
import { yearAround } from "../domain/calendar.ts";
import { dayMs } from "../domain/durations.ts";
import type { Programme } from "../domain/programme.ts";
import { type ProgrammeProgress, progressIn } from "../domain/progress.ts";
import type { Json } from "../engine/types.ts";
import type { Database } from "../store/client.ts";
import {
  hideParts,
  hideShares,
  hideSteps,
  type Shown,
  type Sum,
  smallestGroup,
  sumOf,
} from "../supervision/overview-hide.ts";
import { linePurpose } from "./line.ts";

/** What a report is made from. */
export interface ReportDeps {
  readonly db: Database;
  readonly open: (purpose: string, sealed: Uint8Array, context: string) => string;
}

/** Answers about one unit; averages from 1 to 5. Only where five people or more answered. */
export interface UnitFeedback {
  readonly unit: string;
  readonly answers: number;
  readonly clear: number;
  readonly useful: number;
  /** What they wrote, in no order. */
  readonly lines: readonly string[];
}

/** A programme's year in an organisation and below it, as plain data: whoever reads it finds no figure below five people. */
export interface QualityReport {
  readonly programme: string;
  readonly version: string;
  readonly organisationId: string;
  readonly year: number;
  readonly from: string;
  readonly until: string;
  readonly started: Sum;
  readonly completed: Sum;
  readonly certified: Sum;
  readonly used: { readonly often: Sum; readonly sometimes: Sum; readonly notyet: Sum };
  readonly trainers: Sum;
  readonly trained: Sum;
  readonly access: { readonly languages: number; readonly platforms: number };
  readonly units: readonly UnitFeedback[];
}

/** People read at once. */
const piece = 200;
/** States of a membership of somebody who has begun. */
const placed = ["active", "paused", "finished", "alumni", "left"];
const sides = ["often", "sometimes", "notyet"] as const;

interface Counting {
  readonly people: Set<string>;
  started: number;
  completed: number;
  readonly certified: Set<string>;
  readonly used: { often: number; sometimes: number; notyet: number };
  trainers: number;
  trained: number;
}

/**
 * The report of a programme's year (named by the year in which it begins) for organisations. The atom is what one organisation has:
 * sums are made of what may be shown of each, so that a report of a part never tells more than this one.
 */
export async function reportOf(
  { db, open }: ReportDeps,
  programme: Programme,
  organisationId: string,
  within: readonly string[],
  year: number,
): Promise<QualityReport> {
  const month = programme.hours?.yearStarts ?? 1;
  const { from, to: until } = yearAround(`${year}-${String(month).padStart(2, "0")}-01`, month);
  const between = { gte: BigInt(Date.parse(from)), lt: BigInt(Date.parse(until) + dayMs) };
  const organisationsIn = { in: [...within] };
  const groups = new Map<string, Counting>();
  const groupOf = (id: string): Counting => {
    const used = { often: 0, sometimes: 0, notyet: 0 };
    const empty = { started: 0, completed: 0, trainers: 0, trained: 0 };
    const found = groups.get(id) ?? { ...empty, people: new Set<string>(), certified: new Set<string>(), used };
    groups.set(id, found);
    return found;
  };
  const members = await db.membership.findMany({
    where: { organisationId: organisationsIn, cohort: { programme: programme.id }, state: { in: placed } },
    select: { personId: true, organisationId: true, joinedAt: true },
    orderBy: { joinedAt: "asc" },
  });
  const began = new Set<string>();
  for (const { personId, organisationId: id, joinedAt } of members) {
    const group = groupOf(id);
    const isFirst = !group.people.has(personId);
    group.people.add(personId);
    if (isFirst && joinedAt >= between.gte && joinedAt < between.lt) began.add(`${id} ${personId}`);
  }
  const grants = await db.grant.findMany({
    where: {
      organisationId: organisationsIn,
      role: { in: ["trainer", "assessor"] },
      OR: [{ programme: null }, { programme: programme.id }],
    },
    select: { personId: true, organisationId: true },
  });
  const teach = new Set(grants.map((grant) => `${grant.organisationId} ${grant.personId}`));
  for (const key of teach) groupOf(key.split(" ")[0] ?? "");
  const marks = new Map<string, { people: number; clear: number; useful: number }>();
  for (const [id, group] of groups) {
    const teachers = [...teach].filter((key) => key.startsWith(`${id} `)).map((key) => key.slice(id.length + 1));
    group.trainers = teachers.length;
    const own = new Map<string, { people: number; clear: number; useful: number }>();
    const everybody = [...new Set([...group.people, ...teachers])];
    for (let at = 0; at < everybody.length; at += piece) {
      const ids = { in: everybody.slice(at, at + piece) };
      const [progress, entries] = await Promise.all([
        db.progress.findMany({ where: { personId: ids } }),
        db.record.findMany({
          where: {
            personId: ids,
            programme: programme.id,
            type: { in: ["unit.feedback", "skills.used"] },
            at: between,
          },
          select: { personId: true, type: true, data: true },
        }),
      ]);
      for (const { personId, state } of progress) {
        if (!isComplete(programme, progressIn(JSON.parse(state) as Json, programme.id))) continue;
        if (began.has(`${id} ${personId}`)) group.completed += 1;
        if (teach.has(`${id} ${personId}`)) group.trained += 1;
      }
      for (const { personId, type, data } of entries) {
        if (!group.people.has(personId)) continue;
        const said = JSON.parse(data) as { readonly [name: string]: unknown };
        const side = sides.find((one) => one === said.used);
        if (type === "skills.used" && side !== undefined) group.used[side] += 1;
        if (type !== "unit.feedback") continue;
        const unit = String(said.unit);
        const known = own.get(unit) ?? { people: 0, clear: 0, useful: 0 };
        own.set(unit, {
          people: known.people + 1,
          clear: known.clear + Number(said.clear),
          useful: known.useful + Number(said.useful),
        });
      }
    }
    // An organisation in which fewer than five answered is in no average either.
    for (const [unit, sums] of own) {
      if (sums.people < smallestGroup) continue;
      const known = marks.get(`${unit}`) ?? { people: 0, clear: 0, useful: 0 };
      marks.set(unit, {
        people: known.people + sums.people,
        clear: known.clear + sums.clear,
        useful: known.useful + sums.useful,
      });
      marks.set(`${id} ${unit}`, sums);
    }
    group.started = [...began].filter((key) => key.startsWith(`${id} `)).length;
  }
  const awards = await db.award.findMany({
    where: {
      programme: programme.id,
      organisationId: organisationsIn,
      issuedAt: between,
      state: { not: "withdrawn" },
      personId: { not: null },
    },
    select: { personId: true, organisationId: true },
  });
  for (const { personId, organisationId: id } of awards) groupOf(id ?? "").certified.add(personId ?? "");
  const lines = await db.feedbackLine.findMany({
    where: { programme: programme.id, organisationId: organisationsIn, day: { gte: from, lte: until } },
    orderBy: { id: "asc" },
  });
  const all = [...groups.values()];
  const sum = (pick: (group: Counting) => { readonly shown: Shown; readonly size: number }): Sum =>
    sumOf(all.map(pick));
  const alone = (count: number) => ({ shown: hideSteps(count, [count])[0] ?? ("few" as const), size: count });
  const shares = (group: Counting) => hideShares(sides.map((side) => group.used[side]));
  const answered = ({ used }: Counting): number => used.often + used.sometimes + used.notyet;
  const usedBy = (index: number): Sum =>
    sum((group) => ({ shown: shares(group)[index] ?? "few", size: answered(group) }));
  return {
    programme: programme.id,
    version: programme.version,
    organisationId,
    year,
    from,
    until,
    started: sum(({ started }) => alone(started)),
    completed: sum(({ started, completed }) => ({ shown: hideSteps(started, [completed])[0] ?? "few", size: started })),
    certified: sum(({ people, certified }) => ({
      shown: hideParts(Math.max(people.size, certified.size), [certified.size])[0] ?? "few",
      size: Math.max(people.size, certified.size),
    })),
    used: { often: usedBy(0), sometimes: usedBy(1), notyet: usedBy(2) },
    trainers: sum(({ trainers }) => alone(trainers)),
    trained: sum(({ trainers, trained }) => ({ shown: hideSteps(trainers, [trained])[0] ?? "few", size: trainers })),
    access: { languages: programme.languages.length, platforms: await platformsOf(db) },
    units: programme.units.flatMap(({ id }): UnitFeedback[] => {
      const found = marks.get(id);
      if (found === undefined) return [];
      const written = lines.filter((line) => line.unit === id && marks.has(`${line.organisationId} ${id}`));
      const { people, clear, useful } = found;
      return [
        {
          unit: id,
          answers: people,
          clear: rounded(clear / people),
          useful: rounded(useful / people),
          lines: written.map((line) => open(linePurpose, line.text, line.id)),
        },
      ];
    }),
  };
}

/** What a sign-off is about, as one number: another report gives another one. */
export function reportHash(report: QualityReport): string {
  return createHash("sha256").update(JSON.stringify(report)).digest("hex");
}

const rounded = (value: number): number => Math.round(value * 10) / 10;

function isComplete({ units, test }: Programme, { checks }: ProgrammeProgress): boolean {
  const all = [...units.map(({ check }) => check.id), ...(test === undefined ? [] : [test.check.id])];
  return all.every((id) => checks[id]?.passedAt != null);
}

async function platformsOf(db: Database): Promise<number> {
  return (await db.address.findMany({ distinct: ["channel"], select: { channel: true } })).length;
}
