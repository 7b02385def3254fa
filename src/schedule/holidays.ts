import { createRequire } from "node:module";
import type { HolidaysTypes } from "date-holidays";
import { hourMs } from "../domain/durations.ts";
import type { Holidays } from "../domain/holidays.ts";

/** Nearly two lifetimes of countries and years; past that the oldest goes. */
const most = 256;

type Library = new (
  country: string,
  options: { readonly types: HolidaysTypes.HolidayType[] },
) => {
  getHolidays(year: number): readonly HolidaysTypes.Holiday[] | undefined;
};

/**
 * Public holidays from `date-holidays`. The library takes 25 MB and a tenth of a second to load, so it is loaded when the first
 * person with a rhythm asks; then each country and year is worked out once.
 */
export function createHolidays(): Holidays {
  const known = new Map<string, ReadonlySet<string>>();
  let library: Library | undefined;
  return (country, year) => {
    const key = `${country} ${year}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    library ??= createRequire(import.meta.url)("date-holidays") as Library;
    const days = daysOf(new library(country, { types: ["public"] }).getHolidays(year) ?? []);
    const [oldest] = known.keys();
    if (known.size >= most && oldest !== undefined) known.delete(oldest);
    known.set(key, days);
    return days;
  };
}

/** Every local day of the holidays. A holiday that begins in the evening is the day after; half a day is the day it is on. */
function daysOf(holidays: readonly HolidaysTypes.Holiday[]): ReadonlySet<string> {
  const days = new Set<string>();
  for (const { date, start, end } of holidays) {
    const [day = "", time = "00"] = date.split(" ");
    const from = Date.parse(`${day}T00:00:00Z`);
    const hours = (end.getTime() - start.getTime()) / hourMs;
    const begins = Number(time.slice(0, 2));
    // A day with a change of clocks has 23 or 25 hours; it is still one day.
    const last = Math.max(0, Math.ceil((begins + hours - 1.5) / 24) - 1);
    for (let index = begins >= 16 && last > 0 ? 1 : 0; index <= last; index += 1) {
      days.add(new Date(from + index * 24 * hourMs).toISOString().slice(0, 10));
    }
  }
  return days;
}
