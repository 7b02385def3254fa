import type { Database } from "../store/client.ts";

/** Stands where a person's id stood. */
const ERASED = "erased";

/**
 * What erasing a person means here, as steps of one transaction: their own assessments go with every rating; where they assessed others,
 * what they handed in stays as an assessor's without a person, and what they had not handed in goes back to the queue.
 */
export async function eraseAssessments(db: Database, personIds: readonly string[]) {
  const ids = { in: [...personIds] };
  const own = await db.assessment.findMany({ where: { personId: ids }, select: { id: true } });
  const assessmentId = { in: own.map(({ id }) => id) };
  return [
    ["assessments", db.rating.deleteMany({ where: { assessmentId } })],
    ["assessments", db.conflict.deleteMany({ where: { OR: [{ assessmentId }, { personId: ids }] } })],
    ["assessments", db.assessment.deleteMany({ where: { personId: ids } })],
    [
      "assessing",
      db.assessment.updateMany({
        where: { claimedBy: ids, firstAt: null, decision: null, openKey: { not: null } },
        data: { claimedBy: null, claimedAt: null, firstOutside: false, state: "open" },
      }),
    ],
    [
      "assessing",
      db.assessment.updateMany({
        where: { secondBy: ids, secondAt: null, openKey: { not: null } },
        data: { secondBy: null, state: "rated" },
      }),
    ],
    ["assessing", db.assessment.updateMany({ where: { claimedBy: ids }, data: { claimedBy: ERASED } })],
    ["assessing", db.assessment.updateMany({ where: { secondBy: ids }, data: { secondBy: ERASED } })],
    ["assessing", db.assessment.updateMany({ where: { decidedBy: ids }, data: { decidedBy: ERASED } })],
    ["assessing", db.assessment.updateMany({ where: { countersignedBy: ids }, data: { countersignedBy: ERASED } })],
    ["assessing", db.rating.updateMany({ where: { by: ids }, data: { by: ERASED } })],
  ] as const;
}

/** Those in whose records these assessors stand. Read before anything is erased. */
export async function ratedBy(db: Database, assessors: readonly string[]): Promise<readonly string[]> {
  const given = await db.rating.findMany({
    where: { by: { in: [...assessors] } },
    distinct: ["assessmentId"],
    select: { assessmentId: true },
  });
  const rows = await db.assessment.findMany({
    where: { id: { in: given.map(({ assessmentId }) => assessmentId) } },
    select: { personId: true },
  });
  return [...new Set(rows.map(({ personId }) => personId))];
}

/** Takes assessors out of the records of those they rated; what they found stays. A progress that moves meanwhile is read again. */
export async function forgetAssessors(
  db: Database,
  assessors: readonly string[],
  rated: readonly string[],
): Promise<number> {
  const without = (text: string): string => assessors.reduce((left, id) => left.replaceAll(id, ERASED), text);
  let count = 0;
  for (const personId of rated) {
    const records = await db.record.findMany({ where: { personId, type: "rating" }, select: { id: true, data: true } });
    for (const { id, data } of records) {
      if (without(data) === data) continue;
      count += (await db.record.updateMany({ where: { id }, data: { data: without(data) } })).count;
    }
    for (let tries = 0; tries < 10; tries += 1) {
      const row = await db.progress.findUnique({ where: { personId } });
      if (row === null || without(row.state) === row.state) break;
      await db.progress.updateMany({ where: row, data: { state: without(row.state) } });
    }
  }
  return count;
}
