import { daysAfter, startOf } from "../domain/calendar.ts";
import type { Validity } from "../domain/certification.ts";
import { localDay } from "../domain/clock.ts";

/** What happens to a certificate by the calendar alone. */
export type LifeStep =
  /** Its person, and whoever looks after them, are reminded: so many days are left. */
  | { readonly type: "reminder"; readonly days: number }
  /** The last day is over; it still counts while it is being renewed. */
  | { readonly type: "ended" }
  /** It counts no more. */
  | { readonly type: "lapsed" };

/** A step with the first day on which it is due, `2026-11-22`. */
export interface DatedStep {
  readonly day: string;
  readonly step: LifeStep;
}

/** Every step of a certificate that is valid until a day, the earliest first. */
export function lifeOf(until: string, { reminders, graceDays }: Validity): readonly DatedStep[] {
  const ended: DatedStep = { day: daysAfter(until, 1), step: { type: "ended" } };
  return [
    ...reminders.map((days): DatedStep => ({ day: daysAfter(until, -days), step: { type: "reminder", days } })),
    ...(graceDays > 0 ? [ended] : []),
    { day: daysAfter(until, graceDays + 1), step: { type: "lapsed" } },
  ];
}

/** The first instant after `now` at which something happens; undefined after the lapse. Days begin where the person is. */
export function nextInstant(until: string, validity: Validity, timeZone: string, now: number): number | undefined {
  return lifeOf(until, validity)
    .map(({ day }) => startOf(day, timeZone))
    .find((at) => at > now);
}

/**
 * What is due: the last step whose day has come, at or after `from`, epoch milliseconds. Of several that were missed, because the
 * server was down, only the last is said.
 */
export function dueStep(
  until: string,
  validity: Validity,
  timeZone: string,
  from: number,
  now: number,
): LifeStep | undefined {
  return lifeOf(until, validity).findLast(({ day }) => {
    const at = startOf(day, timeZone);
    return at >= from && at <= now;
  })?.step;
}

/** The last day of a certificate that ends at an instant, where its person is. */
export function lastDayOf(validUntil: number, timeZone: string): string {
  return localDay(validUntil - 1, timeZone);
}

/** The id of a request for more time: one at a time for a certificate. */
export const extensionId = (award: string): string => `extension:${award}`;

/** The last second of a day where somebody is: until then a certificate is valid whose last day this is. Read anywhere in Europe it names the same day. */
export function endOf(day: string, timeZone: string): number {
  return startOf(daysAfter(day, 1), timeZone) - 1_000;
}
