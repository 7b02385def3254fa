import { Temporal } from "temporal-polyfill";
import type { TrainingDay } from "../domain/training-day.ts";
import type { Json } from "../engine/types.ts";
import type { Database } from "../store/client.ts";
import { type AttendedNote, attendances } from "./attendance.ts";
import type { TrainingEvent } from "./events.ts";
import { queuePlace, seatState } from "./seats.ts";
import type { Coding } from "./secrets.ts";

/** What a person's own turn is told about a session; `calendar` is the address of their calendar, or empty. Undefined where they have no seat. */
export async function dayFor(
  db: Database,
  coding: Coding,
  event: TrainingEvent,
  personId: string,
  calendar: string,
): Promise<TrainingDay | undefined> {
  const [seat, cohort, rules] = await Promise.all([
    db.seat.findUnique({ where: { eventId_personId: { eventId: event.id, personId } } }),
    db.cohort.findUnique({ where: { id: event.cohortId }, select: { programme: true, version: true } }),
    coding.rulesOf(event.cohortId),
  ]);
  if (seat === null || cohort === null) return undefined;
  const { id, template, title, form, venue, link, startsAt, endsAt, timeZone, overnight, state, reason } = event;
  const { offeredUntil, minutes } = seat;
  return {
    ...{ id, template, title, form, venue, link, startsAt, endsAt, timeZone, overnight, state, reason, calendar },
    ...cohort,
    reminders: rules.reminders,
    seat: {
      state: seatState(seat.state),
      offeredUntil: offeredUntil === null ? null : Number(offeredUntil),
      overnight: seat.overnight === "yes" || seat.overnight === "no" ? seat.overnight : null,
      attendance: attendances.find((one) => one === seat.attendance) ?? null,
      minutes,
      place: seat.state === "waiting" ? await queuePlace(db, id, seat.queuedAt) : null,
    },
  };
}

/** A training day as data of a turn. */
export function dayJson(day: TrainingDay): Json {
  return { ...day, seat: { ...day.seat }, reminders: [...day.reminders] };
}

/** What the record keeps of a note. The day is the one at the place of the session. */
export function entryOf(event: TrainingEvent, note: AttendedNote): Json {
  const { unit, kind, minutes: of, startsAt, timeZone } = event;
  const { n, minutes, attendance } = note;
  const day = Temporal.Instant.fromEpochMilliseconds(startsAt).toZonedDateTimeISO(timeZone).toPlainDate().toString();
  return { n, unit, kind, minutes, of, late: attendance === "late", day };
}
