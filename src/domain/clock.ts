import { Temporal } from "temporal-polyfill";
import { isCapReached, type Pushed } from "./cap.ts";

export { parseDate } from "./clock-date.ts";
export { parseTime } from "./clock-time.ts";
export { parseZone } from "./clock-zone.ts";

/** Local wall-clock times between which nothing is pushed. `from` is in the evening, `to` on the next morning. */
interface Quiet {
  readonly from: string;
  readonly to: string;
}

/** The product's quiet hours: nothing is pushed between 20:00 and 08:00 where the person is. */
export const quietHours: Quiet = { from: "20:00", to: "08:00" };

export interface PushFacts {
  /** Epoch milliseconds. */
  readonly now: number;
  /** IANA name; an unknown one throws `RangeError`. */
  readonly timeZone: string;
  /** Weekdays (1 = Monday … 7) and the local hour; null: only when I ask. */
  readonly rhythm: { readonly days: readonly number[]; readonly time: string } | null;
  readonly pausedUntil: number | null;
  readonly stopped: boolean;
  readonly quiet: Quiet;
  /** What was pushed on the last local day with a push, whatever it was about. */
  readonly pushed: Pushed | null;
  /** Pushes that one day may have (`dailyCap`). */
  readonly cap: number;
  /** Whether nothing is pushed on a local day (`isFreeDay`). */
  readonly isFree: (day: string) => boolean;
}

/** The longest time that free days may put a push off. */
const mostDays = 366;

/**
 * When the next push may leave: epoch milliseconds after `now`, or null where nothing may be pushed.
 * The chosen day and hour in the person's own zone, never in the quiet hours whatever hour was chosen, after a pause, not on a
 * free day, and on a day that has room under the cap. Where clocks change, an hour that does not exist moves on and a doubled one counts once.
 */
export function nextPush(facts: PushFacts): number | null {
  const { now, timeZone, rhythm, pausedUntil, stopped, quiet, pushed, cap, isFree } = facts;
  if (stopped || rhythm === null || rhythm.days.length === 0) return null;
  const start = Math.max(now + 1, pausedUntil ?? 0);
  const time = outsideQuiet(Temporal.PlainTime.from(rhythm.time), quiet);
  let day = zoned(start, timeZone).toPlainDate();
  for (let tries = 0; tries <= mostDays; tries++, day = day.add({ days: 1 })) {
    if (!rhythm.days.includes(day.dayOfWeek)) continue;
    const date = day.toString();
    if (isCapReached(pushed, date, cap) || isFree(date)) continue;
    const at = day.toZonedDateTime({ timeZone, plainTime: time });
    const sameDay = at.toPlainDate().equals(day);
    if (sameDay && at.epochMilliseconds >= start && !isQuiet(at.toPlainTime(), quiet)) return at.epochMilliseconds;
  }
  return null;
}

/**
 * Whether a push may leave at this very instant: not stopped or paused, no quiet hours, no free day, room under the cap. A timer
 * that fires late (the server was off) asks this first, and sets itself to `nextPush` where the answer is no. It does not ask
 * for weekdays.
 */
export function mayPush(facts: Omit<PushFacts, "rhythm">): boolean {
  const { now, timeZone, pausedUntil, stopped, quiet, pushed, cap, isFree } = facts;
  if (stopped || now < (pausedUntil ?? 0)) return false;
  const local = zoned(now, timeZone);
  const today = local.toPlainDate().toString();
  if (isQuiet(local.toPlainTime(), quiet)) return false;
  return !isCapReached(pushed, today, cap) && !isFree(today);
}

/** The calendar day it is there now, for example `2026-11-21`. */
export function localDay(now: number, timeZone: string): string {
  return new Date(now + spanAt(now, timeZone).offset).toISOString().slice(0, 10);
}

/** A stretch of time, in epoch milliseconds, in which a zone's clock was not changed. */
interface Span {
  readonly from: number;
  readonly until: number;
  readonly offset: number;
}

const spansOf = new Map<string, Span[]>();

/** A record has thousands of instants and a zone two spans a year: asking for each instant anew was most of the work of a ledger. */
function spanAt(at: number, timeZone: string): Span {
  const known = spansOf.get(timeZone) ?? [];
  const found = known.find(({ from, until }) => from <= at && at < until);
  if (found !== undefined) return found;
  const there = zoned(at, timeZone);
  // A change at this very instant is the beginning of the span.
  const from = there.add({ nanoseconds: 1 }).getTimeZoneTransition("previous")?.epochMilliseconds ?? -Infinity;
  const until = there.getTimeZoneTransition("next")?.epochMilliseconds ?? Infinity;
  const made = { from, until, offset: there.offsetNanoseconds / 1e6 };
  // The newest first: most of what is asked is of now.
  spansOf.set(
    timeZone,
    [...known, made].sort((one, other) => other.from - one.from),
  );
  return made;
}

/** The first instant of the calendar day that holds an instant there, and that of the next day; epoch milliseconds. */
export function dayAround(at: number, timeZone: string): { readonly start: number; readonly end: number } {
  const start = zoned(at, timeZone).startOfDay();
  return { start: start.epochMilliseconds, end: start.add({ days: 1 }).startOfDay().epochMilliseconds };
}

function zoned(at: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
}

function isQuiet(time: Temporal.PlainTime, quiet: Quiet): boolean {
  const { from, to } = bounds(quiet);
  return Temporal.PlainTime.compare(time, to) < 0 || Temporal.PlainTime.compare(time, from) >= 0;
}

/** Too early becomes the first allowed minute; too late becomes half an hour before the quiet begins, so that what waits in a queue still arrives in time. */
function outsideQuiet(time: Temporal.PlainTime, quiet: Quiet): Temporal.PlainTime {
  const { from, to } = bounds(quiet);
  if (Temporal.PlainTime.compare(time, to) < 0) return to;
  return Temporal.PlainTime.compare(time, from) >= 0 ? from.subtract({ minutes: 30 }) : time;
}

function bounds(quiet: Quiet): { from: Temporal.PlainTime; to: Temporal.PlainTime } {
  const [from, to] = [Temporal.PlainTime.from(quiet.from), Temporal.PlainTime.from(quiet.to)];
  if (Temporal.PlainTime.compare(to, from) >= 0) throw new Error("quiet hours run from an evening to a morning");
  return { from, to };
}
