import { dayMs } from "../domain/durations.ts";
import type { Session } from "../engine/session.ts";
import { loadSettings, type Settings } from "../people/settings.ts";
import type { Standing } from "../people/standing.ts";
import type { Database } from "../store/client.ts";

/** Persons read at once. */
const piece = 500;

/** Where somebody is in their course, for how often a coordinator looks in. */
export const phases = ["before", "beginning", "running", "after"] as const;
export type Phase = (typeof phases)[number];

/** Days between two looks, by phase; null: none is due. A phase that settings leave out has its usual rhythm. */
export type CheckIns = Readonly<Record<Phase, number | null>>;

/** The usual rhythm: often at the beginning, then every other week, a last look after the end. */
const usualCheckIns: CheckIns = { before: null, beginning: 7, running: 14, after: 90 };

/** The rhythm that an organisation chose, with the usual one where it chose nothing. */
export function checkInsFor(chosen: Settings["checkIns"]): CheckIns {
  const { before, beginning, running, after } = chosen ?? {};
  return {
    before: before === undefined ? usualCheckIns.before : before,
    beginning: beginning === undefined ? usualCheckIns.beginning : beginning,
    running: running === undefined ? usualCheckIns.running : running,
    after: after === undefined ? usualCheckIns.after : after,
  };
}

/** A member as supervision sees them. */
export interface Member {
  readonly personId: string;
  readonly name: string;
  readonly cohortId: string;
  readonly cohort: string;
  readonly programme: string;
  readonly organisationId: string;
  readonly caredBy: string | null;
  readonly phase: Phase;
  /** When the person last did something, epoch milliseconds; the day of joining where that was never. */
  readonly seenAt: number;
  /** Whole days since then. */
  readonly silentDays: number;
  /** Silent for longer than the rhythm of the phase allows. */
  readonly due: boolean;
  /** Days of silence after which somebody looks in; null: never. */
  readonly every: number | null;
  /** Some address works. */
  readonly reachable: boolean;
  /** There is an address, whether it works or not. */
  readonly hasChat: boolean;
  /** Why nothing arrives, as it is kept with an address that does not work; null: not known, or all is well. */
  readonly goneReason: string | null;
  /** Asked for quiet themselves: stopped, or paused at this moment. */
  readonly quiet: boolean;
}

/** The active members whom somebody with this standing sees; a role may be for one programme. */
export async function membersSeen(db: Database, standing: Standing, now: number): Promise<readonly Member[]> {
  const all = await membersOf(db, standing.withinSome("people.see"), now);
  return all.filter(({ organisationId, programme }) => standing.may("people.see", { organisationId, programme }));
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
  const settings = await loadSettings(db);
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
        addresses: { select: { state: true, reason: true } },
      },
    });
    const byId = new Map(people.map((person) => [person.id, person]));
    for (const { personId, cohort, organisationId, caredBy, joinedAt } of part) {
      const person = byId.get(personId);
      if (person === undefined) continue;
      const lastSeen = person.session === null ? 0 : (JSON.parse(person.session.state) as Session).seenAt;
      const seenAt = Math.max(lastSeen, Number(joinedAt));
      const phase = phaseOf(cohort, now);
      const every = checkInsOf(cohort.pace, checkInsFor(settings.of(organisationId).checkIns))[phase];
      found.push({
        personId,
        name: person.name,
        cohortId: cohort.id,
        cohort: cohort.name,
        programme: cohort.programme,
        organisationId,
        caredBy,
        phase,
        seenAt,
        silentDays: Math.max(0, Math.floor((now - seenAt) / dayMs)),
        due: every !== null && now - seenAt >= every * dayMs,
        every,
        reachable: person.addresses.some((address) => address.state === "reachable"),
        hasChat: person.addresses.length > 0,
        goneReason: person.addresses.find(({ state, reason }) => state === "gone" && reason !== null)?.reason ?? null,
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

/** The rhythm in a cohort's settings (`checkIns` beside its pace), else the one of the organisation. */
function checkInsOf(pace: string, usual: CheckIns): CheckIns {
  const given: unknown = (JSON.parse(pace) as { checkIns?: unknown }).checkIns;
  if (typeof given !== "object" || given === null) return usual;
  const days = (phase: Phase): number | null => {
    const value = (given as Partial<Record<Phase, unknown>>)[phase];
    if (value === null) return null;
    return typeof value === "number" && value >= 1 && value <= 366 ? value : usual[phase];
  };
  return { before: days("before"), beginning: days("beginning"), running: days("running"), after: days("after") };
}
