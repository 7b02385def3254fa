import type { Standing } from "../people/standing.ts";
import type { Database } from "../store/client.ts";

/** Rows of the questions that somebody may see: of their organisations, and of their programme where a role is for one. */
export async function questionsSeen(db: Database, standing: Standing, states: readonly string[], take?: number) {
  const every = standing.within("inbox.see");
  const some = standing.withinSome("inbox.see").filter((id) => !every.includes(id));
  // A role for one programme names the cohorts of that programme; with roles for every programme there is nothing to ask.
  const cohorts =
    some.length === 0
      ? []
      : await db.cohort.findMany({
          where: { parts: { some: { organisationId: { in: some } } } },
          select: { id: true, programme: true },
        });
  const own = some.map((organisationId) => ({
    organisationId,
    cohortId: {
      in: cohorts
        .filter(({ programme }) => standing.may("inbox.see", { organisationId, programme }))
        .map(({ id }) => id),
    },
  }));
  return db.question.findMany({
    where: { state: { in: [...states] }, OR: [{ organisationId: { in: [...every] } }, ...own] },
    orderBy: { changedAt: "asc" },
    ...(take === undefined ? {} : { take }),
  });
}

/** A question as lists show it, without its text. */
export interface Listed {
  readonly id: string;
  readonly personId: string;
  readonly name: string;
  readonly organisation: string;
  readonly state: string;
  /** Who has it, by name; empty where nobody. */
  readonly caredBy: string;
  /** Epoch milliseconds. */
  readonly changedAt: number;
}

/** The most questions one list shows. */
const most = 500;

/** The questions that somebody may see, those that wait the longest first. */
export async function listQuestions(
  db: Database,
  standing: Standing,
  states: readonly string[],
): Promise<readonly Listed[]> {
  const organisationIds = standing.withinSome("inbox.see");
  const rows = await questionsSeen(db, standing, states, most);
  const ids = [...new Set(rows.flatMap((row) => [row.personId, ...(row.caredBy === null ? [] : [row.caredBy])]))];
  const [people, organisations] = await Promise.all([
    db.person.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } }),
    db.organisation.findMany({ where: { id: { in: [...organisationIds] } }, select: { id: true, name: true } }),
  ]);
  const names = new Map(people.map((one) => [one.id, one.name]));
  const places = new Map(organisations.map((one) => [one.id, one.name]));
  return rows.map((row) => ({
    id: row.id,
    personId: row.personId,
    name: names.get(row.personId) ?? "",
    organisation: places.get(row.organisationId ?? "") ?? "",
    state: row.state,
    caredBy: names.get(row.caredBy ?? "") ?? "",
    changedAt: Number(row.changedAt),
  }));
}
