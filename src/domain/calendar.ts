import { Temporal } from "temporal-polyfill";

/** The day so many days later, or earlier; days are `2026-11-22`. */
export function daysAfter(day: string, days: number): string {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

/** The last day of a term of months: 22 November and twelve months end on 21 November, 31 January and one on 27 February. */
export function lastDay(from: string, months: number): string {
  return Temporal.PlainDate.from(from).add({ months }).subtract({ days: 1 }).toString();
}

/** The same day so many months later; 31 August and six months are the last of February. */
export function laterDay(day: string, months: number): string {
  return Temporal.PlainDate.from(day).add({ months }).toString();
}

/** The first and the last day of the year that a day falls into, where years begin with a month, 1 to 12. */
export function yearAround(day: string, starts: number): { readonly from: string; readonly to: string } {
  const { year, month } = Temporal.PlainDate.from(day);
  const first = new Temporal.PlainDate(month >= starts ? year : year - 1, starts, 1);
  return { from: first.toString(), to: first.add({ years: 1 }).subtract({ days: 1 }).toString() };
}

/** The first instant of a day of the calendar where somebody is, epoch milliseconds. */
export function startOf(day: string, timeZone: string): number {
  return Temporal.PlainDate.from(day).toZonedDateTime(timeZone).epochMilliseconds;
}
