import type { Database } from "../store/client.ts";
import { storedOf } from "./case.ts";
import { ratingsOf } from "./ratings.ts";
import { appealReasonOf, openText, reasonOf } from "./texts.ts";
import type { AssessmentDeps } from "./types.ts";

type Row = Readonly<Record<string, unknown>>;
const isOver = (state: string): boolean => state === "decided" || state === "appealed" || state === "closed";
const asDate = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/**
 * What is kept about a person's own assessments, without anybody else's id. What was found is theirs from the decision on: before it,
 * each assessor is still free to change it. Of others' assessments, what this person found themselves.
 */
export async function assessmentsAbout(
  db: Database,
  personIds: readonly string[],
  open: AssessmentDeps["open"],
): Promise<{
  readonly assessments: readonly Row[];
  readonly ratings: readonly Row[];
}> {
  const ids = { in: [...personIds] };
  const rows = await db.assessment.findMany({ where: { personId: ids }, orderBy: { createdAt: "asc" } });
  const assessments: Row[] = [];
  for (const row of rows.map(storedOf)) {
    const over = isOver(row.state) && row.decision !== null;
    const ratings = over ? await ratingsOf({ db, open }, row) : [];
    assessments.push({
      ...{ programme: row.programme, version: row.version, certificate: row.certificate, state: row.state },
      decision: over ? row.decision : null,
      reason: over || row.state === "returned" ? openText({ open }, row.reason, reasonOf(row.id)) : "",
      appeal: openText({ open }, row.appeal, appealReasonOf(row.id)),
      askedAt: asDate(row.createdAt),
      decidedAt: over ? asDate(row.decidedAt) : null,
      ratings: ratings.flatMap(({ role, found }) =>
        [...found].map(([competence, { level, reason }]) => ({ role, competence, level, reason })),
      ),
    });
  }
  const given = await db.rating.findMany({ where: { by: ids }, orderBy: { id: "asc" } });
  return {
    assessments,
    ratings: given.map(({ role, competence, level, at }) => ({ role, competence, level, at: asDate(Number(at)) })),
  };
}
