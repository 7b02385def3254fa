import { mostMinutes } from "../domain/check-in.ts";
import { dayMs, minuteMs } from "../domain/durations.ts";
import type { Database } from "../store/client.ts";
import { type AttendedNote, write } from "./attendance.ts";
import { openTimes, readCode } from "./codes.ts";
import { inEvent, readEvent, type TrainingEvent } from "./events.ts";
import type { Coding } from "./secrets.ts";

/** How far back and ahead a code that is not good now is looked for among one's own sessions, days. */
const [daysBack, daysAhead] = [14, 2];
/** Sessions that may be open at once. */
const mostOpen = 500;

/** What a typed code led to. */
export type CheckedIn =
  /** Noted; or noted before, with the entry of then, so that it can be told once more. */
  | { readonly result: "ok" | "late" | "already"; readonly event: TrainingEvent; readonly note: AttendedNote }
  /** Not on the list: the trainer decides. */
  | { readonly result: "asking"; readonly event: TrainingEvent }
  /** The code of a session that is not open yet, of an earlier one, an older code of this one, the code of a session the person is not in. */
  | { readonly result: "early"; readonly event: TrainingEvent; readonly opensAt: number }
  | { readonly result: "over" | "stale" | "other" | "cancelled"; readonly event: TrainingEvent }
  | { readonly result: "wrong" };

/** States of a membership in which somebody belongs to a cohort. */
const belongs = ["active", "paused", "finished", "alumni"];

/**
 * Takes a code of a person, once: of two copies of the same message one notes it and the other finds it noted. Whoever belongs to the
 * cohort and is not on the list is let in; anybody else waits for the trainer's yes.
 */
export async function checkIn(
  db: Database,
  coding: Coding,
  personId: string,
  typed: string,
  now: number,
): Promise<CheckedIn> {
  const open = await around(db, now);
  for (const event of open) {
    const coded = await coding.codedOf(event);
    if (readCode(coded, typed, now) !== "good") continue;
    if (event.state === "cancelled") return { result: "cancelled", event };
    const seat = await db.seat.findUnique({ where: { eventId_personId: { eventId: event.id, personId } } });
    // Most copies of a message come after the first was noted: they need no lock.
    const noted = seat && asNoted(event, seat);
    if (noted) return noted;
    const isIn = (seat !== null && seat.state !== "asking") || (await isMember(db, event, personId));
    if (!isIn && (await hasOther(db, open, event, personId))) return { result: "other", event };
    return isIn ? enter(db, event.id, personId, coded.times.late * minuteMs, now) : ask(db, event.id, personId, now);
  }
  return misread(db, coding, personId, typed, now);
}

/** Sessions that may be open now. */
async function around(db: Database, now: number): Promise<readonly TrainingEvent[]> {
  const rows = await db.event.findMany({
    where: {
      state: { in: ["planned", "held", "cancelled"] },
      startsAt: { gte: BigInt(now - 7 * dayMs), lte: BigInt(now + mostMinutes.before * minuteMs) },
      endsAt: { gte: BigInt(now - mostMinutes.after * minuteMs) },
    },
    orderBy: [{ startsAt: "asc" }, { id: "asc" }],
    take: mostOpen,
  });
  return rows.map(readEvent);
}

async function isMember(db: Database, { cohortId }: TrainingEvent, personId: string): Promise<boolean> {
  return (await db.membership.count({ where: { cohortId, personId, state: { in: belongs } } })) > 0;
}

/** What was noted before, as the answer to another copy; undefined where nothing is, or where somebody was noted as not there. */
function asNoted(
  event: TrainingEvent,
  seat: { readonly attendance: string | null; readonly minutes: number | null; readonly notes: number },
): CheckedIn | undefined {
  const attendance = (["present", "late", "partial"] as const).find((one) => one === seat.attendance);
  if (attendance === undefined) return undefined;
  const note = { event: event.id, n: seat.notes, attendance, minutes: seat.minutes ?? 0 };
  return { result: "already", event, note };
}

/** Whether the person is on the list of another session that is open now. */
async function hasOther(
  db: Database,
  open: readonly TrainingEvent[],
  event: TrainingEvent,
  personId: string,
): Promise<boolean> {
  const others = open.filter(({ id, state }) => id !== event.id && state !== "cancelled").map(({ id }) => id);
  const state = { in: ["invited", "coming", "offered", "walk-in"] };
  return (await db.seat.count({ where: { personId, eventId: { in: others }, state } })) > 0;
}

async function enter(db: Database, eventId: string, personId: string, lateMs: number, now: number): Promise<CheckedIn> {
  const done = await inEvent(db, eventId, async (tx, event): Promise<CheckedIn> => {
    const who = { eventId, personId };
    const fresh = { state: "walk-in", queuedAt: BigInt(now), changedAt: BigInt(now) };
    const seat = await tx.seat.upsert({ where: { eventId_personId: who }, create: { ...who, ...fresh }, update: {} });
    const noted = asNoted(event, seat);
    if (noted !== undefined) return noted;
    const isLate = now > event.startsAt + lateMs;
    const state = ["invited", "coming", "offered"].includes(seat.state) ? "coming" : "walk-in";
    const note = await write(
      tx,
      who,
      { event: eventId, n: seat.notes + 1, attendance: isLate ? "late" : "present", minutes: event.minutes },
      now,
      { state, offeredUntil: null, checkedInAt: BigInt(now), notedBy: null },
    );
    return { result: isLate ? "late" : "ok", event, note };
  });
  return done ?? { result: "wrong" };
}

/** Whoever is not on the list stands there for the trainer to see. */
async function ask(db: Database, eventId: string, personId: string, now: number): Promise<CheckedIn> {
  const done = await inEvent(db, eventId, async (tx, event): Promise<CheckedIn> => {
    const who = { eventId, personId };
    const fresh = { state: "asking", queuedAt: BigInt(now), changedAt: BigInt(now) };
    await tx.seat.upsert({ where: { eventId_personId: who }, create: { ...who, ...fresh }, update: {} });
    return { result: "asking", event };
  });
  return done ?? { result: "wrong" };
}

/** A code that is not good now: whether it is one of the person's own sessions, and what is wrong with it. */
async function misread(db: Database, coding: Coding, personId: string, typed: string, now: number): Promise<CheckedIn> {
  const rows = await db.event.findMany({
    where: {
      state: { in: ["planned", "held"] },
      startsAt: { gte: BigInt(now - daysBack * dayMs), lte: BigInt(now + daysAhead * dayMs) },
      seats: { some: { personId } },
    },
    orderBy: [{ startsAt: "desc" }],
    take: 50,
  });
  for (const event of rows.map(readEvent)) {
    const coded = await coding.codedOf(event);
    const read = readCode(coded, typed, now);
    if (read === "early") return { result: "early", event, opensAt: openTimes(coded).from };
    if (read === "over" || read === "stale") return { result: read, event };
  }
  return { result: "wrong" };
}
