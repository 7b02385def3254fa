import { z } from "zod";
import type { Inside } from "../cohorts/members.ts";
import { dayMs } from "../domain/durations.ts";
import type { Database } from "../store/client.ts";
import { inEvent, type TrainingEvent } from "./events.ts";
import { offerPlaces } from "./seats.ts";
import { tellSeat, writeJob } from "./tell.ts";

export const attendances = ["present", "late", "partial", "absent", "excused"] as const;
export type Attendance = (typeof attendances)[number];

/** One note of somebody's attendance, as it comes into their record. */
export const attendedNote = z.object({
  event: z.string(),
  /** The first note of a person at a session is 1; a later one replaces it. */
  n: z.number().int(),
  attendance: z.enum(attendances),
  /** Minutes that count. */
  minutes: z.number().int(),
});
export type AttendedNote = z.infer<typeof attendedNote>;

/** Who sits where. */
type Place = { readonly eventId: string; readonly personId: string };
type Seat = NonNullable<Awaited<ReturnType<Inside["seat"]["findUnique"]>>>;

/** Minutes that count for this attendance; `given` for somebody who was there for a part. */
export function minutesOf(event: Pick<TrainingEvent, "minutes">, attendance: Attendance, given: number): number {
  if (attendance === "absent" || attendance === "excused") return 0;
  return attendance === "partial" ? Math.max(1, Math.min(given, event.minutes)) : event.minutes;
}

/** Where a session may be noted by hand: from the day before it on, so that excuses can be noted, and for ever after. */
const noteFromMs = dayMs;

/**
 * Notes by hand who was there, or corrects it. The same note again changes nothing; another one is a new entry of the person's record,
 * which their own turn writes by a job. Undefined where the session is cancelled or not near yet, or where there is no such person on its list.
 */
export function noteAttendance(
  db: Database,
  who: Place,
  note: { readonly attendance: Attendance; readonly minutes: number },
  by: string,
  now: number,
): Promise<AttendedNote | undefined> {
  return atSeat(db, who, async (tx, event, seat) => {
    if (event.state === "cancelled" || now < event.startsAt - noteFromMs) return undefined;
    const minutes = minutesOf(event, note.attendance, note.minutes);
    const known = { event: event.id, n: seat.notes, attendance: note.attendance, minutes };
    if (seat.attendance === note.attendance && seat.minutes === minutes) return known;
    const wasThere = minutes > 0;
    const onList = ["invited", "coming", "offered"].includes(seat.state);
    return record(tx, who, { ...known, n: seat.notes + 1 }, now, {
      notedBy: by,
      offeredUntil: null,
      ...(wasThere ? { state: onList ? "coming" : "walk-in" } : {}),
    });
  });
}

/** Does something about a seat inside its session's transaction; undefined where there is no such session or seat. */
function atSeat<T>(
  db: Database,
  who: Place,
  work: (tx: Inside, event: TrainingEvent, seat: Seat) => Promise<T>,
): Promise<T | undefined> {
  return inEvent(db, who.eventId, async (tx, event) => {
    const seat = await tx.seat.findUnique({ where: { eventId_personId: who } });
    return seat === null ? undefined : work(tx, event, seat);
  });
}

/** Notes attendance that the person's own turn is to write into their record. */
async function record(...given: Parameters<typeof write>): Promise<AttendedNote> {
  const [tx, { personId }, , now] = given;
  const noted = await write(...given);
  await writeJob(tx, personId, "attended", noted, now);
  return noted;
}

/** Notes attendance into the row, with the number its entry gets. */
export async function write(
  tx: Inside,
  who: Place,
  note: AttendedNote,
  now: number,
  also: Readonly<Record<string, string | bigint | null>>,
): Promise<AttendedNote> {
  const { attendance, minutes, n } = note;
  const data = { ...also, attendance, minutes, notes: n, changedAt: BigInt(now) };
  await tx.seat.update({ where: { eventId_personId: who }, data });
  return note;
}

/**
 * Somebody who is not on the list typed the code: a yes notes them as of the moment they typed it, a no takes them off again. Both are
 * told. False where nobody asks (any more).
 */
export async function decideGuest(
  db: Database,
  who: Place,
  isYes: boolean,
  by: string,
  lateMs: number,
  now: number,
): Promise<boolean> {
  const done = await atSeat(db, who, async (tx, event, seat) => {
    if (seat.state !== "asking") return false;
    if (isYes) {
      const attendance = Number(seat.queuedAt) > event.startsAt + lateMs ? "late" : "present";
      const note = { event: event.id, n: seat.notes + 1, attendance, minutes: event.minutes } as const;
      await record(tx, who, note, now, { state: "walk-in", notedBy: by, checkedInAt: seat.queuedAt });
    } else {
      const data = { state: "declined", changedAt: BigInt(now) };
      await tx.seat.update({ where: { eventId_personId: who }, data });
    }
    await tellSeat(tx, who.personId, { event: event.id, what: isYes ? "in" : "out" }, now);
    if (!isYes) await offerPlaces(tx, event, now);
    return true;
  });
  return done ?? false;
}

/** Notes everybody on the list of a session that has begun, of whom nothing is noted, as absent; returns how many. */
export async function noteRest(
  db: Database,
  eventId: string,
  personIds: readonly string[],
  by: string,
  now: number,
): Promise<number> {
  let count = 0;
  for (const personId of personIds) {
    const note = { attendance: "absent", minutes: 0 } as const;
    if ((await noteAttendance(db, { eventId, personId }, note, by, now)) !== undefined) count += 1;
  }
  return count;
}
