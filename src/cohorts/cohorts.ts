import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Database } from "../store/client.ts";
import { newCohortCode } from "./codes.ts";

export const cohortStates = ["planned", "running", "paused", "finished"] as const;
export type CohortState = (typeof cohortStates)[number];

const day = z.iso.date();

const pace = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("own") }),
  z.object({ kind: z.literal("drip"), from: day, every: z.number().int().min(1).max(60) }),
]);

/** What an applicant ticks, by language: the same number of sentences in each. */
const ticks = z.record(z.string(), z.array(z.string().min(1).max(300)).max(10));

/** What a coordinator says about a cohort. */
export const cohortFacts = z
  .object({
    name: z.string().trim().min(1).max(80),
    programme: z.string().min(1),
    version: z.string().min(1),
    languages: z.array(z.string().min(2)).min(1),
    pace,
    startsOn: day.nullable(),
    endsOn: day.nullable(),
    places: z.number().int().min(1).max(100_000).nullable(),
    joining: z.enum(["code", "apply", "open"]),
    ticks,
  })
  .refine((facts) => facts.startsOn === null || facts.endsOn === null || facts.startsOn <= facts.endsOn, {
    path: ["endsOn"],
    message: "ends before it starts",
  })
  .refine((facts) => new Set(Object.values(facts.ticks).map((each) => each.length)).size <= 1, {
    path: ["ticks"],
    message: "every language needs the same ticks",
  });
export type CohortFacts = z.infer<typeof cohortFacts>;

/** A cohort as the rest of the product sees it. */
export interface Cohort extends CohortFacts {
  readonly id: string;
  readonly state: CohortState;
  /** What is typed and printed to join; null while nobody may. */
  readonly code: string | null;
}

/** A row of the table. */
interface CohortRow {
  readonly id: string;
  readonly name: string;
  readonly programme: string;
  readonly version: string;
  readonly languages: string;
  readonly pace: string;
  readonly startsOn: string | null;
  readonly endsOn: string | null;
  readonly places: number | null;
  readonly state: string;
  readonly code: string | null;
  readonly joining: string;
  readonly ticks: string;
}

/** Reads a row. Throws where the row is not one of ours: that is a bug. */
export function readCohort(row: CohortRow): Cohort {
  const facts = cohortFacts.parse({
    ...row,
    languages: JSON.parse(row.languages),
    pace: JSON.parse(row.pace),
    ticks: JSON.parse(row.ticks),
  });
  return { ...facts, id: row.id, state: z.enum(cohortStates).parse(row.state), code: row.code };
}

/** A cohort by its id. */
export async function findCohort(db: Pick<Database, "cohort">, id: string): Promise<Cohort | undefined> {
  const row = await db.cohort.findUnique({ where: { id } });
  return row === null ? undefined : readCohort(row);
}

/** Makes a cohort with a code of its own; the organisation leads it. Returns its id. */
export async function createCohort(
  db: Pick<Database, "cohort">,
  facts: CohortFacts,
  organisationId: string,
  now: number,
): Promise<string> {
  const id = randomUUID();
  await db.cohort.create({
    data: {
      id,
      ...columns(facts),
      state: "planned",
      code: newCohortCode(),
      createdAt: BigInt(now),
      parts: { create: { organisationId, lead: true } },
    },
  });
  return id;
}

/** Changes what is known about a cohort. Free places are filled by `fillPlaces`. */
export async function changeCohort(db: Pick<Database, "cohort">, id: string, facts: CohortFacts): Promise<void> {
  await db.cohort.update({ where: { id }, data: columns(facts) });
}

/** A new code instead of the old one, which stops working at once; null closes the door. */
export async function setCode(db: Pick<Database, "cohort">, id: string, open: boolean): Promise<string | null> {
  const code = open ? newCohortCode() : null;
  await db.cohort.update({ where: { id }, data: { code } });
  return code;
}

/** Says which organisations are responsible beside the one that leads. Parts with members stay. */
export async function setParts(
  db: Pick<Database, "cohortPart" | "membership">,
  cohortId: string,
  organisationIds: readonly string[],
): Promise<void> {
  const present = await db.cohortPart.findMany({ where: { cohortId } });
  const busy = await db.membership.findMany({
    where: { cohortId },
    distinct: ["organisationId"],
    select: { organisationId: true },
  });
  const keep = new Set([...organisationIds, ...busy.map((one) => one.organisationId)]);
  const gone = present.filter((part) => !part.lead && !keep.has(part.organisationId));
  for (const { organisationId } of gone) {
    await db.cohortPart.delete({ where: { cohortId_organisationId: { cohortId, organisationId } } });
  }
  const known = new Set(present.map((part) => part.organisationId));
  for (const organisationId of organisationIds.filter((one) => !known.has(one))) {
    await db.cohortPart.create({ data: { cohortId, organisationId, lead: false } });
  }
}

function columns(facts: CohortFacts) {
  const { languages, pace: rhythm, ticks: asked, ...rest } = facts;
  return {
    ...rest,
    languages: JSON.stringify(languages),
    pace: JSON.stringify(rhythm),
    ticks: JSON.stringify(asked),
  };
}
