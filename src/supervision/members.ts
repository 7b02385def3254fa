import type { Session } from "../engine/session.ts";
import type { Database } from "../store/client.ts";

const dayMs = 86_400_000;
/** Persons read at once. */
const piece = 500;

/** Where somebody is in their course, for how often a coordinator looks in. */
export type Phase = "before" | "beginning" | "running" | "after";

/** Days between two looks, by phase; null: none is due. A phase that settings leave out has its usual rhythm. */
export type CheckIns = Readonly<Record<Phase, number | null>>;

/** The usual rhythm: often at the beginning, then every other week, a last look after the end. */
export const usualCheckIns: CheckIns = { before: null, beginning: 7, running: 14, after: 90 };

/** A member as supervision sees them. */
export interface Member {
  readonly personId: string;
  readonly name: string;
  readonly cohortId: string;
  readonly cohort: string;
  readonly organisationId: string;
  readonly caredBy: string | null;
  readonly phase: Phase;
  /** When the person last did something, epoch milliseconds; the day of joining where that was never. */
  readonly seenAt: number;
  /** Whole days since then. */
  readonly silentDays: number;
  /** Silent for longer than the rhythm of the phase allows. */
  readonly due: boolean;
  /** Some address works. */
  readonly reachable: boolean;
  /** Asked for quiet themselves: stopped, or paused at this moment. */
  readonly quiet: boolean;
}

/** The active members of these organisations, with how long each has been silent. */
export async function membersOf(
  db: Database,
  organisationIds: readonly string[],
  now: number,
): Promise<readonly Member[]> {
  const rows = await db.membership.findMany({
    where: { organisationId: { in: [...organisationIds] }, state: "active" },
    include: { cohort: true },
    orderBy: { joinedAt: "asc" },
  });
  const found: Member[] = [];
  for (let at = 0; at < rows.length; at += piece) {
    const part = rows.slice(at, at + piece);
    const people = await db.person.findMany({
      where: { id: { in: part.map((row) => row.personId) } },
      select: {
        id: true,
        name: true,
        stopped: true,
        pausedUntil: true,
        session: { select: { state: true } },
        addresses: { select: { state: true } },
      },
    });
    const byId = new Map(people.map((person) => [person.id, person]));
    for (const { personId, cohort, organisationId, caredBy, joinedAt } of part) {
      const person = byId.get(personId);
      if (person === undefined) continue;
      const lastSeen = person.session === null ? 0 : (JSON.parse(person.session.state) as Session).seenAt;
      const seenAt = Math.max(lastSeen, Number(joinedAt));
      const phase = phaseOf(cohort, now);
      const every = checkInsOf(cohort.pace)[phase];
      found.push({
        personId,
        name: person.name,
        cohortId: cohort.id,
        cohort: cohort.name,
        organisationId,
        caredBy,
        phase,
        seenAt,
        silentDays: Math.max(0, Math.floor((now - seenAt) / dayMs)),
        due: every !== null && now - seenAt >= every * dayMs,
        reachable: person.addresses.some((address) => address.state === "reachable"),
        quiet: person.stopped || Number(person.pausedUntil ?? 0) > now,
      });
    }
  }
  return found;
}

/** The first four weeks are the beginning; a cohort without days is running. Days are compared in UTC: a day more or less is none. */
export function phaseOf(
  cohort: { readonly startsOn: string | null; readonly endsOn: string | null },
  now: number,
): Phase {
  const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);
  const { startsOn, endsOn } = cohort;
  if (endsOn !== null && now >= day(endsOn) + dayMs) return "after";
  if (startsOn === null) return "running";
  if (now < day(startsOn)) return "before";
  return now < day(startsOn) + 28 * dayMs ? "beginning" : "running";
}

/** The rhythm in a cohort's settings (`checkIns` beside its pace). */
function checkInsOf(pace: string): CheckIns {
  const given: unknown = (JSON.parse(pace) as { checkIns?: unknown }).checkIns;
  if (typeof given !== "object" || given === null) return usualCheckIns;
  const days = (phase: Phase): number | null => {
    const value = (given as Partial<Record<Phase, unknown>>)[phase];
    if (value === null) return null;
    return typeof value === "number" && value >= 1 && value <= 366 ? value : usualCheckIns[phase];
  };
  return { before: days("before"), beginning: days("beginning"), running: days("running"), after: days("after") };
}
