import type { Database } from "../store/client.ts";

/** What is kept about a person's appointments, on either side, without anybody else's id; instants as dates. */
export async function appointmentsOf(db: Database, personIds: readonly string[]) {
  const ids = { in: [...personIds] };
  const rows = await db.appointment.findMany({
    where: { OR: [{ personId: ids }, { withId: ids }] },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  return rows.map(({ kind, startsAt, minutes, state }) => ({
    ...{ kind, minutes, state },
    startsAt: startsAt === null ? null : new Date(Number(startsAt)).toISOString(),
  }));
}
