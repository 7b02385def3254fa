import type { Standing } from "../people/standing.ts";
import type { Database } from "../store/client.ts";
import { mayAbout, type ReachedEvent } from "./reach.ts";
import { type SeatState, seatState } from "./seats.ts";

/** A person on the list of a session, as pages show them. */
export interface Listed {
  readonly personId: string;
  readonly name: string;
  /** The organisation they belong to in the cohort; undefined for a guest. */
  readonly organisationId: string | undefined;
  readonly organisation: string;
  readonly state: SeatState;
  readonly overnight: string | null;
  readonly attendance: string | null;
  readonly minutes: number | null;
  /** Epoch milliseconds. */
  readonly queuedAt: number;
  readonly checkedInAt: number | null;
}

/** The people of a session whom this person may see, by name. */
export async function listOf(
  db: Pick<Database, "seat" | "membership" | "person">,
  standing: Standing,
  found: ReachedEvent,
): Promise<readonly Listed[]> {
  const { event, cohort } = found;
  const seats = await db.seat.findMany({ where: { eventId: event.id } });
  const ids = seats.map(({ personId }) => personId);
  const [members, persons] = await Promise.all([
    db.membership.findMany({
      where: { cohortId: cohort.id },
      select: { personId: true, organisationId: true, organisation: { select: { name: true } } },
    }),
    inPieces(ids, (some) => db.person.findMany({ where: { id: { in: [...some] } }, select: { id: true, name: true } })),
  ]);
  const places = new Map(members.map((member) => [member.personId, member]));
  const names = new Map(persons.map(({ id, name }) => [id, name]));
  return seats
    .flatMap((seat): Listed[] => {
      const place = places.get(seat.personId);
      if (!mayAbout(standing, found, "events.see", place?.organisationId)) return [];
      const { personId, overnight, attendance, minutes, checkedInAt } = seat;
      return [
        {
          ...{ personId, overnight, attendance, minutes },
          name: names.get(personId) ?? "",
          organisationId: place?.organisationId,
          organisation: place?.organisation.name ?? "",
          state: seatState(seat.state),
          queuedAt: Number(seat.queuedAt),
          checkedInAt: checkedInAt === null ? null : Number(checkedInAt),
        },
      ];
    })
    .sort((one, other) => one.name.localeCompare(other.name) || (one.personId < other.personId ? -1 : 1));
}

/** Fewer ids in a statement than any database's limit. */
async function inPieces<T>(ids: readonly string[], read: (some: readonly string[]) => Promise<readonly T[]>) {
  const found: T[] = [];
  for (let at = 0; at < ids.length; at += 500) found.push(...(await read(ids.slice(at, at + 500))));
  return found;
}
