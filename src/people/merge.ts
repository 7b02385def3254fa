import type { PersonState, Session } from "../engine/session.ts";
import type { Store } from "../store/types.ts";
import { type LoadedPerson, progressFromRecord } from "./loaded.ts";

/**
 * Makes one person of two, as both are at this moment: `from` becomes part of `into`. A StoreError of the kind `conflict` where one of
 * them moved meanwhile; nothing was changed then.
 */
export async function mergeTwo(
  store: Pick<Store, "db" | "mergePersons">,
  from: LoadedPerson,
  into: LoadedPerson,
  now: number,
  also: Parameters<Store["mergePersons"]>[5],
): Promise<void> {
  const [one, other] = [from.person.id, into.person.id];
  const merged = {
    session: mergeSessions(from.session, into.session),
    person: mergePeople(from.person, into.person),
    progress: await progressFromRecord(store.db, [other, one]),
  };
  await store.mergePersons(one, other, merged, { from: from.rev, into: into.rev }, now, also);
}

/**
 * Two persons become one. Settings of `into` win where it chose something; places of both are kept, and where both are in
 * the same activity the one that moved last.
 */
export function mergeSessions(from: Session, into: Session): Session {
  const activities = { ...into.activities };
  for (const [id, activity] of Object.entries(from.activities)) {
    const other = activities[id];
    // The welcome of a second platform is no place anybody wants back.
    if (id === "welcome" || id === "rhythm") continue;
    if (!other || other.at < activity.at) activities[id] = activity;
  }
  const focus = [into.focus, from.focus].find((id) => id !== null && activities[id] !== undefined) ?? null;
  return {
    ...into,
    activities,
    focus,
    seenAt: Math.max(from.seenAt, into.seenAt),
    unanswered: 0,
    ...lastPush(from, into),
    waiting: [...(into.waiting ?? []), ...(from.waiting ?? [])],
  };
}

/** The day of the later push; two pushes on one day stay two. */
function lastPush(from: Session, into: Session): Pick<Session, "pushedOn" | "pushes"> {
  const [one, other] = [from.pushedOn ?? "", into.pushedOn ?? ""];
  const later = one > other ? from : into;
  const count = ({ pushedOn, pushes }: Session): number => (pushedOn === null ? 0 : (pushes ?? 1));
  return { pushedOn: later.pushedOn, pushes: one === other ? count(from) + count(into) : count(later) };
}

/** A stop is believed on both sides. */
function mergePeople(from: PersonState, into: PersonState): PersonState {
  return {
    ...into,
    language: into.language ?? from.language,
    secondLanguage: into.secondLanguage ?? from.secondLanguage,
    ...(into.timeZoneKnown || !from.timeZoneKnown ? {} : { timeZone: from.timeZone, timeZoneKnown: true }),
    rhythm: into.rhythm ?? from.rhythm,
    pausedUntil: Math.max(into.pausedUntil ?? 0, from.pausedUntil ?? 0) || null,
    stopped: into.stopped || from.stopped,
    roles: [...new Set([...into.roles, ...from.roles])],
  };
}
