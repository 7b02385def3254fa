import { Temporal } from "temporal-polyfill";
import { quietHours } from "../domain/clock.ts";
import { refused, type Timing } from "./types.ts";

/** How long a broadcast can be taken back after it was sent, milliseconds. */
export const takeBackMs = 10_000;
/** Where a day begins first. */
const firstZone = "Pacific/Kiritimati";

/**
 * When planning may begin, epoch milliseconds: in ten seconds, or at the given time; for the recipients' own time when that
 * comes first anywhere. Throws `BroadcastError` for a time that has passed (the recipients' own: in the sender's zone) and for
 * a zone that does not exist.
 */
export function startOf(timing: Timing, now: number, senderZone: string): number {
  if (timing.kind === "now") return now + takeBackMs;
  const zone = timing.zone ?? senderZone;
  const at = instantOf(timing.at, zone);
  if (at < now) throw refused("past", { time: timing.at.replace("T", " "), zone });
  const first = timing.zone === null ? instantOf(timing.at, firstZone) : at;
  return Math.max(now + takeBackMs, first);
}

/** When a message may leave, epoch milliseconds, and the local day that is. */
export interface Moment {
  readonly at: number;
  readonly day: string;
}

/** So many days a message is put off at most; a calendar that is free for longer keeps nobody's news for ever. */
const mostDays = 30;

/**
 * Tells when a message may leave for somebody in a zone: never before `startsAt`, never in the quiet hours there, and at the same
 * hour of a later day where `mayOn` refuses the day.
 */
export function createMoment(timing: Timing, startsAt: number) {
  const known = new Map<string, Moment>();
  function moment(zone: string, minutes: number, later: number): Moment {
    const key = `${zone} ${minutes} ${later}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const first = momentIn(timing, startsAt, zone, minutes * 60_000);
    const at = later === 0 ? first : outsideQuiet(daysAfter(first, zone, later), zone);
    const made = { at, day: localIn(at, zone).toPlainDate().toString() };
    known.set(key, made);
    return made;
  }
  /** `afterMs`: how long the lane will need for those in front. */
  return (zone: string, afterMs: number, mayOn: (day: string) => boolean): Moment => {
    const minutes = Math.floor(afterMs / 60_000);
    for (let later = 0; later < mostDays; later += 1) {
      const found = moment(zone, minutes, later);
      if (mayOn(found.day)) return found;
    }
    return moment(zone, minutes, 0);
  };
}

function momentIn(timing: Timing, startsAt: number, zone: string, afterMs: number): number {
  const own = timing.kind === "at" && timing.zone === null ? instantOf(timing.at, zone) : startsAt;
  const planned = Math.max(own, startsAt);
  const leaves = outsideQuiet(planned + afterMs, zone);
  // What will be sent before the quiet hours begin may go as soon as it is its turn.
  return leaves === planned + afterMs ? planned : leaves;
}

function localIn(at: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
}

function daysAfter(at: number, zone: string, days: number): number {
  return localIn(at, zone).add({ days }).epochMilliseconds;
}

/** The instant itself, or the end of the quiet hours that it falls into. */
function outsideQuiet(at: number, zone: string): number {
  const local = localIn(at, zone);
  const time = local.toPlainTime();
  const [from, to] = [Temporal.PlainTime.from(quietHours.from), Temporal.PlainTime.from(quietHours.to)];
  if (Temporal.PlainTime.compare(time, to) < 0) return morning(local.toPlainDate(), zone, to);
  if (Temporal.PlainTime.compare(time, from) >= 0) return morning(local.toPlainDate().add({ days: 1 }), zone, to);
  return at;
}

function morning(day: Temporal.PlainDate, timeZone: string, plainTime: Temporal.PlainTime): number {
  return day.toZonedDateTime({ timeZone, plainTime }).epochMilliseconds;
}

function instantOf(at: string, zone: string): number {
  try {
    return Temporal.PlainDateTime.from(at).toZonedDateTime(zone).epochMilliseconds;
  } catch {
    throw refused("zone", { zone, time: at.replace("T", " ") });
  }
}
