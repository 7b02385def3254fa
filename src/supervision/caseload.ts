import type { Database } from "../store/client.ts";
import type { Member } from "./members.ts";

/** How many people one coordinator looks after. Zero is a number like any other. */
export interface Caseload {
  readonly personId: string;
  readonly name: string;
  readonly members: number;
  /** Of these, silent for longer than their phase allows. */
  readonly silent: number;
  readonly openQuestions: number;
}

/** The caseloads of all coordinators of these organisations, and how many members nobody has in particular. */
export async function caseloads(
  db: Database,
  organisationIds: readonly string[],
  members: readonly Member[],
  now: number,
): Promise<{ readonly coordinators: readonly Caseload[]; readonly nobody: number }> {
  const within = [...organisationIds];
  const [grants, questions] = await Promise.all([
    db.grant.findMany({
      where: {
        role: "coordinator",
        organisationId: { in: within },
        OR: [{ until: null }, { until: { gt: BigInt(now) } }],
      },
      select: { personId: true, person: { select: { name: true } } },
      distinct: ["personId"],
    }),
    db.question.groupBy({
      by: ["caredBy"],
      where: { organisationId: { in: within }, state: "open" },
      _count: { _all: true },
    }),
  ]);
  const coordinators = grants.map(({ personId, person }) => {
    const own = members.filter((member) => member.caredBy === personId);
    return {
      personId,
      name: person.name,
      members: own.length,
      silent: own.filter((member) => member.due && !member.quiet).length,
      openQuestions: questions.find((row) => row.caredBy === personId)?._count._all ?? 0,
    };
  });
  const known = new Set(coordinators.map((one) => one.personId));
  const nobody = members.filter(({ caredBy }) => caredBy === null || !known.has(caredBy)).length;
  return { coordinators, nobody };
}

/** Whom a coordinator stands in for at this moment. */
export async function standsInFor(db: Database, personId: string, now: number): Promise<readonly string[]> {
  const rows = await db.grant.findMany({
    where: {
      personId,
      role: "deputy",
      deputyFor: { not: null },
      OR: [{ until: null }, { until: { gt: BigInt(now) } }],
    },
    select: { deputyFor: true },
  });
  return rows.flatMap(({ deputyFor }) => (deputyFor === null ? [] : [deputyFor]));
}
