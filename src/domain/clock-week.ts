import { Temporal } from "temporal-polyfill";

/** The next Monday after `now` at a local time such as `09:00`, epoch milliseconds. An hour that a change of clocks leaves out moves on. */
export function nextMonday(now: number, timeZone: string, time: string): number {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone).toPlainDate();
  const monday = today.add({ days: (8 - today.dayOfWeek) % 7 });
  const at = (day: Temporal.PlainDate): number => day.toZonedDateTime({ timeZone, plainTime: time }).epochMilliseconds;
  return at(monday) > now ? at(monday) : at(monday.add({ days: 7 }));
}
