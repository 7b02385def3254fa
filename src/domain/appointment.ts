import { Temporal } from "temporal-polyfill";
import { parseDate } from "./clock-date.ts";
import { parseTime } from "./clock-time.ts";

/** How many times one proposal may hold. */
export const mostTimes = 3;
/** How long a talk of an assessment is planned for, minutes. Domain: a talk of a quarter of an hour, with room before and after. */
export const talkMinutes = 30;
/** Where a talk may be: words to choose from, since an address or a link would be free text. */
export const appointmentPlaces = ["phone", "online", "site"] as const;

/**
 * A day and a time as people write them, `24.3. 14:30`, `tomorrow 9.15`: epoch milliseconds in their zone. Null where one of the two
 * is not there or the day is not in the future. A time that a clock change leaves out is the one after it.
 */
export function parseMoment(text: string, now: number, timeZone: string): number | null {
  const found = /^(.+?)[\s,]+(?:(?:at|kl\.?|klo|в|om)\s+)?(\d{1,2}(?:[:.]\d{2})?)(?:\s*ч\.?)?$/iu.exec(text.trim());
  const [, dayText = "", timeText = ""] = found ?? [];
  const day = parseDate(dayText, now, timeZone);
  const time = parseTime(timeText);
  if (found === null || day === null || time === null) return null;
  const date = Temporal.Instant.fromEpochMilliseconds(day).toZonedDateTimeISO(timeZone).toPlainDate();
  return date.toZonedDateTime({ timeZone, plainTime: time }).epochMilliseconds;
}
