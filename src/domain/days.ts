import { foldPlain } from "../engine/fold.ts";
import { dayMs } from "./durations.ts";

const languages = ["en", "da", "sv", "bg", "fi"];
/** 1 January 2024 was a Monday. */
const monday = Date.UTC(2024, 0, 1, 12);

const names = new Map<string, readonly string[]>();

/** The seven names in a language, Monday first. Made once: a formatter costs more than a whole turn. */
function dayNames(language: string, style: "long" | "short"): readonly string[] {
  const key = `${language} ${style}`;
  let found = names.get(key);
  if (!found) {
    const format = new Intl.DateTimeFormat(language, { weekday: style, timeZone: "UTC" });
    found = Array.from({ length: 7 }, (_, day) => format.format(monday + day * dayMs));
    names.set(key, found);
  }
  return found;
}

function dayName(language: string, day: number, style: "long" | "short"): string {
  return dayNames(language, style)[day - 1] ?? "";
}

/** Days as a short list in a language: "Mon, Wed, Fri". 1 is Monday. */
export function weekdays(language: string, days: readonly number[]): string {
  return days.map((day) => dayName(language, day, "short").replace(/\.$/u, "")).join(", ");
}

/** Words for several days at once, folded, in the five languages. */
const groups: Readonly<Record<string, readonly number[]>> = {
  ...each("every day,daily,hver dag,varje dag,всеки ден,vseki den,joka paiva,paivittain", [1, 2, 3, 4, 5, 6, 7]),
  ...each("weekdays,workdays,hverdage,vardagar,делници,delnici,работни дни,arkisin,arkipaivat", [1, 2, 3, 4, 5]),
  ...each("weekend,weekends,helg,helger,уикенд,почивни дни,viikonloppu,viikonloppuisin", [6, 7]),
};

function each(names: string, days: readonly number[]): Record<string, readonly number[]> {
  return Object.fromEntries(names.split(",").map((name) => [foldPlain(name), days]));
}

/**
 * Weekdays from a typed text in any interface language, long or short: "mon and wed", "man, ons", "пн ср".
 * Sorted, each once; empty where a word is no day, so that nothing is half understood.
 */
export function parseDays(text: string): readonly number[] {
  const whole = groups[foldPlain(text)];
  if (whole) return whole;
  const words = foldPlain(text)
    .split(/[\s,;/&+.]+/u)
    .filter((word) => word !== "" && !["and", "og", "och", "и", "ja", "i"].includes(word));
  const days = words.map(dayOf);
  return words.length === 0 || days.includes(0) ? [] : [...new Set(days)].sort((one, other) => one - other);
}

/** The day a word names: a whole name or its beginning, at least two letters, where only one day fits. 0: none. */
function dayOf(word: string): number {
  if (word.length < 2) return 0;
  const found = new Set<number>();
  for (const language of languages) {
    for (let day = 1; day <= 7; day += 1) {
      const long = foldPlain(dayName(language, day, "long"));
      const short = foldPlain(dayName(language, day, "short"));
      if (short === word || long === word || (word.length >= 3 && long.startsWith(word))) found.add(day);
    }
  }
  return found.size === 1 ? ([...found][0] ?? 0) : 0;
}
