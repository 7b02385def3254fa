import { Temporal } from "temporal-polyfill";

/** Lessons that open by the calendar: the first on `from` (a day, `2026-11-21`), each further one `every` days later. */
export interface Drip {
  readonly from: string;
  readonly every: number;
}

/** When the lesson at `index` (0 is the first of the programme) opens: the beginning of that day where the person is, epoch milliseconds. */
export function opensAt(drip: Drip, index: number, timeZone: string): number {
  const day = Temporal.PlainDate.from(drip.from).add({ days: index * drip.every });
  return day.toZonedDateTime({ timeZone }).epochMilliseconds;
}
