import { appointmentFrom, openAppointments } from "../../appointments/read.ts";
import { type Appointment, openStates } from "../../appointments/types.ts";
import { talkKind } from "../../assessments/types.ts";
import type { ConsoleDeps, Visit } from "../types.ts";

/** The most that a list reads of what is not one's own. */
const most = 200;

/** An appointment with what a page says of the two. */
export interface SeenAppointment {
  readonly found: Appointment;
  /** Names of who picks and who proposed; empty where somebody has none. */
  readonly names: { readonly person: string; readonly with: string };
  /** The clock of the one who is not the visitor, or of the one who picks. */
  readonly otherZone: string;
}

/** The clock of whoever looks: every time on a page is by it. */
export async function zoneOf(
  { person }: Pick<Visit, "person">,
  { store }: Pick<ConsoleDeps, "store">,
): Promise<string> {
  const row = await store.db.person.findUnique({ where: { id: person.id }, select: { timeZone: true } });
  return row?.timeZone ?? "UTC";
}

/** What is open with the visitor, and between others where they may see that somebody is assessed. */
export async function openFor(visit: Visit, deps: ConsoleDeps): Promise<readonly SeenAppointment[]> {
  const { db } = deps.store;
  const me = visit.person.id;
  const own = await openAppointments({ db, open: deps.open }, me);
  const rows = await db.appointment.findMany({
    where: { kind: talkKind, state: { in: [...openStates] }, NOT: { OR: [{ personId: me }, { withId: me }] } },
    orderBy: [{ changedAt: "desc" }, { id: "asc" }],
    take: most,
  });
  const assessments = await db.assessment.findMany({
    where: { id: { in: rows.flatMap(({ about }) => about ?? []) } },
    select: { id: true, organisationId: true, programme: true },
  });
  const allowed = new Set(
    assessments
      .filter(({ organisationId, programme }) => visit.standing.may("assessments.see", { organisationId, programme }))
      .map(({ id }) => id),
  );
  const others = rows.filter(({ about }) => about !== null && allowed.has(about));
  return withNames(visit, deps, [...own, ...others.map((row) => appointmentFrom({ open: deps.open }, row))]);
}

/** Adds names and clocks. */
export async function withNames(
  { person }: Pick<Visit, "person">,
  { store }: Pick<ConsoleDeps, "store">,
  found: readonly Appointment[],
): Promise<readonly SeenAppointment[]> {
  const ids = [...new Set(found.flatMap(({ personId, withId }) => [personId, withId]))];
  const rows = await store.db.person.findMany({
    where: { id: { in: ids } },
    select: { id: true, name: true, timeZone: true },
  });
  const people = new Map(rows.map((row) => [row.id, row]));
  return found.map((one) => ({
    found: one,
    names: { person: people.get(one.personId)?.name ?? "", with: people.get(one.withId)?.name ?? "" },
    otherZone: people.get(one.personId === person.id ? one.withId : one.personId)?.timeZone ?? "UTC",
  }));
}
