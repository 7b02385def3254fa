import { z } from "zod";
import { type Appointment, type AppointmentDeps, appointmentStates, openStates } from "./types.ts";

/** What the place is sealed for. It was a text of assessments when the first ones were made. */
const purpose = "assessment";
/** The most that one reader is shown. */
const most = 200;

type Row = Awaited<ReturnType<AppointmentDeps["db"]["appointment"]["findFirstOrThrow"]>>;
type Reading = Pick<AppointmentDeps, "db" | "open">;

/** The place as it is stored; `id` binds it to its appointment. */
export function sealPlace({ seal }: Pick<AppointmentDeps, "seal">, place: string, id: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(seal(purpose, place, `${id}:place`));
}

/** A row with instants as numbers and its place opened. */
export function appointmentFrom({ open }: Pick<Reading, "open">, row: Row): Appointment {
  const { id, kind, about, personId, withId, minutes, sequence } = row;
  return {
    ...{ id, kind, about, personId, withId, minutes, sequence },
    proposed: z.array(z.number()).parse(JSON.parse(row.proposed)),
    startsAt: row.startsAt === null ? null : Number(row.startsAt),
    place: openPlace(open, row),
    state: z.enum(appointmentStates).parse(row.state),
    changedAt: Number(row.changedAt),
  };
}

function openPlace(open: Reading["open"], { id, place }: Row): string {
  if (place === null) return "";
  try {
    return open(purpose, place, `${id}:place`);
  } catch {
    // Sealed with a secret that nobody has any more: where it is can be asked, when it is must not be lost.
    return "";
  }
}

/** Reads one; undefined where it is not there. */
export async function appointmentOf(deps: Reading, id: string): Promise<Appointment | undefined> {
  const row = await deps.db.appointment.findUnique({ where: { id } });
  return row === null ? undefined : appointmentFrom(deps, row);
}

/** What is proposed or agreed with a person, on either side. */
export async function openAppointments(deps: Reading, personId: string): Promise<readonly Appointment[]> {
  const rows = await deps.db.appointment.findMany({
    where: { OR: [{ personId }, { withId: personId }], state: { in: [...openStates] } },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    take: most,
  });
  return rows.map((row) => appointmentFrom(deps, row));
}

/** The appointments about one thing that have an end still to come, or had one; the newest first. */
export async function appointmentsAbout(deps: Reading, kind: string, about: string): Promise<readonly Appointment[]> {
  const rows = await deps.db.appointment.findMany({
    where: { kind, about },
    orderBy: [{ createdAt: "desc" }, { id: "asc" }],
    take: most,
  });
  return rows.map((row) => appointmentFrom(deps, row));
}

/** What was agreed with a person between two instants, whatever became of it: what a calendar shows. */
export async function agreedBetween(
  deps: Reading,
  given: { readonly personId: string; readonly from: number; readonly to: number; readonly id?: string | undefined },
): Promise<readonly Appointment[]> {
  const { personId, from, to, id } = given;
  const rows = await deps.db.appointment.findMany({
    where: {
      OR: [{ personId }, { withId: personId }],
      startsAt: { gte: BigInt(from), lte: BigInt(to) },
      ...(id === undefined ? {} : { id }),
    },
    orderBy: [{ startsAt: "asc" }, { id: "asc" }],
  });
  return rows.map((row) => appointmentFrom(deps, row));
}
