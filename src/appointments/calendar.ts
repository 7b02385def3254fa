import { type ICalCalendar, ICalEventStatus } from "ical-generator";
import { minuteMs } from "../domain/durations.ts";
import type { Words } from "../engine/adapter.ts";
import type { Appointment } from "./types.ts";

/** Whether an agreed time does not count (any more). */
export function isOff({ state }: Pick<Appointment, "state">): boolean {
  return state !== "fixed" && state !== "held";
}

/**
 * Puts an appointment that was agreed into a calendar. It says that there is one, when and how, and neither with whom nor why: a
 * calendar is seen by others. Nothing where no time was agreed.
 */
export function addAppointment(calendar: ICalCalendar, found: Appointment, words: Words, language: string): void {
  const { id, startsAt, minutes, place, sequence, changedAt } = found;
  if (startsAt === null) return;
  calendar.createEvent({
    id: `${id}@fadder`,
    sequence,
    // The same answer as long as nothing changed.
    stamp: new Date(changedAt),
    lastModified: new Date(changedAt),
    start: new Date(startsAt),
    end: new Date(startsAt + minutes * minuteMs),
    summary: words.text(language, "appointment.title"),
    status: isOff(found) ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    ...(place === "" ? {} : { location: words.text(language, `assess.talk.place.${place}`) }),
  });
}
