import type { Database } from "../store/client.ts";

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

/** The questions of these organisations, those that wait the longest first. */
export async function listQuestions(
  db: Database,
  organisationIds: readonly string[],
  states: readonly string[],
): Promise<readonly Listed[]> {
  const rows = await db.question.findMany({
    where: { organisationId: { in: [...organisationIds] }, state: { in: [...states] } },
    orderBy: { changedAt: "asc" },
    take: most,
  });
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
