import type { Need, Next } from "../domain/assessment.ts";
import { type Standing, standingOf } from "../people/standing.ts";
import { type Case, type Stored, storedOf } from "./case.ts";
import type { AssessmentDeps, Refusal } from "./types.ts";

/** What somebody who may have a task here is, beside their roles. */
export interface Around {
  readonly standing: Standing;
  /** Assessments in which they said that they are biased. */
  readonly conflicts: ReadonlySet<string>;
  /** Those they look after. */
  readonly cared: ReadonlySet<string>;
  /** Assessments that are appealed against, by id. */
  readonly originals: ReadonlyMap<string, Stored>;
}

/** Reads it for one person and these assessments. */
export async function aroundOf(
  { db, now }: Pick<AssessmentDeps, "db" | "now">,
  personId: string,
  rows: readonly Stored[],
): Promise<Around> {
  const ids = rows.flatMap(({ id, appealOf }) => (appealOf === null ? [id] : [id, appealOf]));
  const [standing, conflicts, cared, originals] = await Promise.all([
    standingOf(db, personId, now()),
    db.conflict.findMany({ where: { personId, assessmentId: { in: ids } }, select: { assessmentId: true } }),
    db.membership.findMany({
      where: { caredBy: personId, personId: { in: rows.map((row) => row.personId) } },
      select: { personId: true },
    }),
    db.assessment.findMany({ where: { id: { in: rows.flatMap(({ appealOf }) => appealOf ?? []) } } }),
  ]);
  return {
    standing,
    conflicts: new Set(conflicts.map(({ assessmentId }) => assessmentId)),
    cared: new Set(cared.map((one) => one.personId)),
    originals: new Map(originals.map((row) => [row.id, storedOf(row)])),
  };
}

/** Why this person may not do what comes next; undefined where they may. */
export function barrier(
  around: Around,
  { row, need }: Pick<Case, "row" | "need">,
  step: Exclude<Next, "learner" | "over">,
): Refusal | undefined {
  const me = around.standing.personId;
  if (row.personId === me) return "own";
  const where = { organisationId: row.organisationId, programme: row.programme };
  const isDeciding = step === "decide" || step === "countersign";
  const action = isDeciding ? "assessments.decide" : "assessments.rate";
  const isOutside = !isDeciding && need.external && isAssessorOf(around.standing, row.programme);
  if (!around.standing.may(action, where) && !isOutside) return "notyours";
  if (around.conflicts.has(row.id) || (row.appealOf !== null && around.conflicts.has(row.appealOf))) return "conflict";
  if (around.cared.has(row.personId)) return "cares";
  const original = row.appealOf === null ? undefined : around.originals.get(row.appealOf);
  if (original !== undefined && tookPart(original, me)) return "rated";
  if (step === "second" && row.claimedBy === me) return "rated";
  if (step === "countersign" && tookPart(row, me)) return "rated";
  if (asksOutside(around.standing, row, need, step)) return "external";
  return undefined;
}

/** Whether this seat must be somebody's from another organisation, and this person is not. */
function asksOutside(standing: Standing, row: Stored, need: Need, step: Next): boolean {
  if (!need.external || isExternal(standing, row.organisationId)) return false;
  if (step === "first") return need.raters === 1;
  return step === "second" && !row.firstOutside;
}

/** Whether somebody has no task in this organisation itself; what they may do from above does not make them part of it. */
export function isExternal({ held }: Pick<Standing, "held">, organisationId: string): boolean {
  return held.every((one) => one.role === "learner" || one.organisationId !== organisationId);
}

function isAssessorOf({ held }: Standing, programme: string): boolean {
  return held.some((one) => one.role === "assessor" && (one.programme === null || one.programme === programme));
}

function tookPart({ claimedBy, secondBy, decidedBy, countersignedBy }: Stored, me: string): boolean {
  return [claimedBy, secondBy, decidedBy, countersignedBy].includes(me);
}
