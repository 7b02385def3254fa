import { countries } from "./clock-places.ts";
import type { Period } from "./programme.ts";

/** The public holidays of a country (ISO 3166-1 alpha-2) in a year, as days (`2026-12-25`); none where it is not known. */
export type Holidays = (country: string, year: number) => ReadonlySet<string>;

/** What makes a day free for one person. */
export interface FreeDays {
  /** ISO 3166-1 alpha-2; null: no country is known. */
  readonly country: string | null;
  readonly holidays: Holidays;
  /** The programme's own exam weeks and breaks. */
  readonly calendar: readonly Period[];
}

/** Whether nothing is pushed on a local day (`2026-11-21`): a public holiday, or inside a period of the programme's calendar. */
export function isFreeDay({ country, holidays, calendar }: FreeDays, day: string): boolean {
  if (calendar.some(({ from, to }) => from <= day && day <= to)) return true;
  return country !== null && holidays(country, Number(day.slice(0, 4))).has(day);
}

/** The country a time zone lies in; null for zones of no country (`UTC`) and unknown ones. */
export function countryOf(timeZone: string): string | null {
  byZone ??= collect();
  return byZone.get(timeZone) ?? byZone.get(asHere(timeZone) ?? "") ?? null;
}

/** Built once, when somebody's holidays are first asked for. */
let byZone: ReadonlyMap<string, string> | undefined;

function collect(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  // The table first: of two countries with one clock it names the one that a person in that zone most likely means.
  for (const [country, zone] of Object.entries(countries)) put(found, zone, country);
  const regions = new Intl.DisplayNames(["en"], { type: "region", fallback: "none" });
  for (const first of letters) {
    for (const second of letters) {
      const country = first + second;
      if (regions.of(country) === undefined) continue;
      for (const zone of zonesOf(country)) put(found, zone, country);
    }
  }
  return found;
}

const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];

function put(found: Map<string, string>, zone: string, country: string): void {
  for (const name of [zone, asHere(zone)]) if (name !== null && !found.has(name)) found.set(name, country);
}

/** The zones of a country as the runtime lists them. */
function zonesOf(country: string): readonly string[] {
  const locale: Intl.Locale & {
    readonly timeZones?: readonly string[];
    getTimeZones?(): readonly string[] | undefined;
  } = new Intl.Locale(`und-${country}`);
  return locale.getTimeZones?.() ?? locale.timeZones ?? [];
}

/** The name under which the runtime knows a zone: Kiev and Kyiv are one. */
function asHere(zone: string): string | null {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}
