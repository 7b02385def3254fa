import { Temporal } from "temporal-polyfill";
import { ahead, fillers, months, numbers, tomorrow, units, weekdays } from "./clock-words.ts";

/**
 * The end of a pause as people write it: `2026-12-01`, `1.12.2026`, `1/12`, `2 weeks`, `en uge`, `до понеделник`, `huomenna`,
 * `1. december`. Gives the first instant of that local day in epoch milliseconds, or null where it is no date, not in the
 * future, or more than a year ahead. A day without a year is the next one of that name.
 */
export function parseDate(text: string, now: number, timeZone: string): number | null {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone).toPlainDate();
  const typed = text.normalize("NFKC").toLocaleLowerCase("en").trim();
  const day = fromDigits(typed, today) ?? fromWords(typed, today);
  if (day === null) return null;
  const tooFar = Temporal.PlainDate.compare(day, today.add({ years: 1 })) > 0;
  if (tooFar || Temporal.PlainDate.compare(day, today) <= 0) return null;
  return day.toZonedDateTime({ timeZone }).epochMilliseconds;
}

function fromDigits(text: string, today: Temporal.PlainDate): Temporal.PlainDate | null {
  const bare = text
    .split(/\s+/)
    .filter((word) => !fillers.has(word))
    .join(" ");
  const iso = /^(\d{4})[-./](\d{1,2})[-./](\d{1,2})$/.exec(bare);
  if (iso) return plain(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const european = /^(\d{1,2})\s?[./-]\s?(\d{1,2})(?:\s?[./-]\s?(\d{4}|\d{2}))?\.?(?:\s?г\.?)?$/.exec(bare);
  if (european === null) return null;
  const [day, month] = [Number(european[1]), Number(european[2])];
  if (european[3] === undefined) return nextOf(day, month, today);
  const year = Number(european[3]);
  return plain(year < 100 ? 2000 + year : year, month, day);
}

function fromWords(text: string, today: Temporal.PlainDate): Temporal.PlainDate | null {
  if (tomorrow.some((phrase) => text.includes(phrase))) return today.add({ days: 1 });
  const words = text.split(/[\s,.]+/).filter((word) => word !== "" && !fillers.has(word));
  const isAhead = words.some((word) => ahead.has(word));
  const rest = words.filter((word) => !ahead.has(word));
  const [first = "", second = "", third] = rest.map((word) => word.replace(ordinal, ""));
  if (rest.length === 1) {
    const weekday = named(weekdays, first);
    if (weekday !== null) return today.add({ days: ((weekday - today.dayOfWeek + 6) % 7) + 1 });
    const unit = named(units, first);
    // "Next week" is until Monday, "a week" (the article is a number word) is seven days.
    if (unit !== null && isAhead) return beginningOfNext(unit, today);
    if (unit !== null) return after(1, unit, today);
    const month = named(months, first);
    return month === null ? null : nextOf(1, month, today);
  }
  const unit = named(units, second);
  const count = numberOf(first);
  if (rest.length === 2 && unit !== null && count !== null) return after(count, unit, today);
  const [day, month] = numberOf(first) === null ? [second, first] : [first, second];
  const monthNumber = named(months, month);
  const dayNumber = numberOf(day);
  if (monthNumber === null || dayNumber === null || rest.length > 3) return null;
  if (third === undefined) return nextOf(dayNumber, monthNumber, today);
  return /^\d{4}$/.test(third) ? plain(Number(third), monthNumber, dayNumber) : null;
}

/** The end of an ordinal number: 3rd, 3:e, 3-ти. */
const ordinal = /(?<=\d)(?:st|nd|rd|th|:?e|:?a|-?ти|-?ви|-?ри|-?ми)$/u;

/** The value whose stem begins the word (or is the word, for stems that end in "!"). Longer stems win. */
function named(table: readonly (readonly [number, string])[], word: string): number | null {
  let best: readonly [number, string] | undefined;
  for (const [value, stems] of table) {
    for (const stem of stems.split(" ")) {
      const fits = stem.endsWith("!") ? word === stem.slice(0, -1) : word.startsWith(stem);
      if (fits && stem.length > (best?.[1].length ?? 0)) best = [value, stem];
    }
  }
  return best?.[0] ?? null;
}

function numberOf(word: string): number | null {
  if (/^\d{1,3}$/.test(word)) return Number(word);
  return numbers.get(word) ?? null;
}

function after(count: number, unit: number, today: Temporal.PlainDate): Temporal.PlainDate | null {
  if (count < 1) return null;
  if (unit === 1) return today.add({ days: count });
  return unit === 7 ? today.add({ weeks: count }) : today.add({ months: count });
}

function beginningOfNext(unit: number, today: Temporal.PlainDate): Temporal.PlainDate {
  if (unit === 1) return today.add({ days: 1 });
  return unit === 7 ? today.add({ days: 8 - today.dayOfWeek }) : today.with({ day: 1 }).add({ months: 1 });
}

function nextOf(day: number, month: number, today: Temporal.PlainDate): Temporal.PlainDate | null {
  const thisYear = plain(today.year, month, day);
  if (thisYear !== null && Temporal.PlainDate.compare(thisYear, today) > 0) return thisYear;
  return plain(today.year + 1, month, day);
}

function plain(year: number, month: number, day: number): Temporal.PlainDate | null {
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: "reject" });
  } catch {
    return null;
  }
}
