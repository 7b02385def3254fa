import { overdueMs } from "../domain/assessment.ts";
import { responsibleFor } from "../inbox/responsible.ts";
import { tell } from "../inbox/tell.ts";
import { createAudit } from "../people/audit.ts";
import { caseOf } from "./case.ts";
import type { AssessmentJobDeps } from "./types.ts";

const action = "assessment.overdue";

/**
 * Tells those who are responsible for a person about assessments that nobody took or touched for two weeks, each wait once. Gives the
 * instant of the next look, epoch milliseconds, or undefined where nothing is under way.
 */
export async function tellOverdue(deps: AssessmentJobDeps, personId: string): Promise<number | undefined> {
  const { db } = deps;
  const now = deps.now();
  const rows = await db.assessment.findMany({ where: { personId, openKey: { not: null } }, select: { id: true } });
  let next: number | undefined;
  for (const { id } of rows) {
    const found = await caseOf(deps, id);
    // What waits for the person themselves is theirs.
    if (found === undefined || found.next === "over") continue;
    const { row } = found;
    const due = row.changedAt + overdueMs;
    next = Math.min(next ?? Number.POSITIVE_INFINITY, due > now ? due : now + overdueMs);
    if (due > now || found.next === "learner") continue;
    const detail = { since: row.changedAt };
    const told = await db.audit.count({ where: { action, subject: id, detail: JSON.stringify(detail) } });
    if (told > 0) continue;
    const membership = await db.membership.findFirst({
      where: { personId, cohort: { programme: row.programme } },
      select: { caredBy: true },
    });
    const place = {
      organisationId: row.organisationId,
      caredBy: membership?.caredBy ?? null,
      programme: row.programme,
    };
    for (const to of await responsibleFor(db, place, now)) {
      if (to === personId) continue;
      const data = { id, person: personId, name: found.name, claimed: row.claimedBy !== null };
      await tell(deps, `overdue:${id}:${row.changedAt}:${to}`, to, "assessmentOverdue", data);
    }
    await createAudit(
      db,
      deps.now,
    )({
      actor: "system",
      action,
      subject: id,
      organisationId: row.organisationId,
      detail,
    });
  }
  return next;
}
