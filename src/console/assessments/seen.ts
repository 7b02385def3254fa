import { type Case, caseOf } from "../../assessments/case.ts";
import type { AssessmentDeps } from "../../assessments/types.ts";
import type { ConsoleDeps, Visit } from "../types.ts";

/** What assessments work with, from what pages work with. */
export function assessmentDeps({ store, now, seal, open, catalogue, evidenceFor }: ConsoleDeps): AssessmentDeps {
  return { db: store.db, now, seal, open, catalogue, evidenceFor };
}

/** An assessment as a visitor may see it: whole, or only how far it is. */
export interface Visible {
  readonly found: Case;
  readonly whole: boolean;
}

/** Reads it for whoever may see it; undefined where it is not there, not theirs, or about themselves. */
export async function assessmentSeen(visit: Visit, deps: ConsoleDeps): Promise<Visible | undefined> {
  const found = await caseOf(assessmentDeps(deps), visit.params.id ?? "");
  if (found === undefined) return undefined;
  const { row, need } = found;
  const { standing } = visit;
  const me = visit.person.id;
  if (row.personId === me) return undefined;
  const where = { organisationId: row.organisationId, programme: row.programme };
  const isSeated = row.claimedBy === me || row.secondBy === me;
  const isOutside = need.external && standing.may("assessments.rate", { programme: row.programme });
  const whole =
    isSeated || isOutside || standing.may("assessments.rate", where) || standing.may("assessments.decide", where);
  return whole || standing.may("assessments.see", where) ? { found, whole } : undefined;
}
