import type { Next } from "../domain/assessment.ts";
import { type Case, caseFrom, type Stored, storedOf } from "./case.ts";
import { seatOf } from "./steps.ts";
import type { AssessmentDeps } from "./types.ts";
import { type Around, aroundOf, barrier } from "./who.ts";

/** The most that one look at the queue reads: the oldest. */
const most = 500;
const underWay = ["open", "claimed", "rated", "returned"];

/** An assessment that waits, and what this person can do about it. */
export interface Waiting {
  readonly found: Case;
  /** `mine`: they have it, and it waits for them; `free`: they may take it or decide it. */
  readonly place: "mine" | "free";
}

/** What waits for one assessor: what they have first, then what they may take, the oldest first. */
export async function queueFor(deps: AssessmentDeps, me: string): Promise<readonly Waiting[]> {
  const rows = await deps.db.assessment.findMany({
    where: { state: { in: underWay }, NOT: { personId: me } },
    orderBy: { createdAt: "asc" },
    take: most,
  });
  const stored = rows.map(storedOf);
  const around = await aroundOf(deps, me, stored);
  const waiting: Waiting[] = [];
  for (const row of stored.filter((one) => concerns(around, one, me))) {
    const found = await caseFrom(deps, row);
    const place = found && placeOf(around, found, me);
    if (found !== undefined && place !== undefined) waiting.push({ found, place });
  }
  return [...waiting.filter(({ place }) => place === "mine"), ...waiting.filter(({ place }) => place === "free")];
}

/** Whether this person has anything to do with it at all: by their roles, or because they have it. */
function concerns({ standing }: Around, row: Stored, me: string): boolean {
  if (seatOf(row, me) !== undefined) return true;
  const where = { organisationId: row.organisationId, programme: row.programme };
  const isAssessor = standing.held.some(({ role }) => role === "assessor");
  return isAssessor || standing.may("assessments.decide", where);
}

/** Where an assessment stands for one person; undefined where it waits for others. */
export function placeOf(around: Around, found: Case, me: string): Waiting["place"] | undefined {
  const { row, next } = found;
  if (next === "over" || next === "learner") return undefined;
  if (next === "firstRates") return row.claimedBy === me ? "mine" : undefined;
  if (next === "secondRates") return row.secondBy === me ? "mine" : undefined;
  if (barrier(around, found, next) !== undefined) return undefined;
  return next === "decide" && row.claimedBy === me ? "mine" : "free";
}

/** Whether what was found may be shown: to those who rate or decide, once nobody can be led by it any more. */
export function isOpenToAssessors(next: Next): boolean {
  return next === "decide" || next === "countersign" || next === "over";
}
