import { RateLimiterMemory } from "rate-limiter-flexible";
import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import { quietHours } from "../domain/clock.ts";
import { dayMs } from "../domain/durations.ts";
import { isNear } from "../domain/training-day.ts";
import type { Receive } from "../engine/adapter.ts";
import type { Json, Receipt } from "../engine/types.ts";
import { attendedNote } from "../events/attendance.ts";
import { type FeedDeps, feedAddress, revokeFeed } from "../events/calendar.ts";
import { type CheckedIn, checkIn } from "../events/check-in.ts";
import { looksLikeCode } from "../events/codes.ts";
import { dayFor, dayJson, entryOf } from "../events/day.ts";
import { findEvent, readEvent } from "../events/events.ts";
import { answerSeat, wishNight } from "../events/seats.ts";
import { createCoding } from "../events/secrets.ts";
import { eventJob } from "../events/tell.ts";
import { type LoadedPerson, loadPerson } from "../people/loaded.ts";
import type { Job } from "../store/types.ts";

export interface EventJobDeps extends FeedDeps {
  readonly receive: Receive;
  readonly open: (purpose: string, sealed: Uint8Array, context: string) => string;
}

/** Wrong codes one person may try in ten minutes. */
const mostWrong = 6;
/** Days that are still shown after they were, milliseconds. */
const shownAfterMs = 14 * dayMs;
/** Days in a list. */
const mostDays = 12;

/** The jobs behind training days: what the commands `days` and `here` ask for, and what a person hears of one. */
export function createEventJobs(deps: EventJobDeps): Readonly<Record<string, (job: Job) => Promise<void>>> {
  const { db, now } = deps;
  const coding = createCoding(deps);
  const wrong = new RateLimiterMemory({ points: mostWrong, duration: 600 });

  /** Lets a turn of the person say it, once per `id`. */
  const report = async (id: string, to: LoadedPerson, name: string, data: Json): Promise<Receipt["outcome"]> => {
    const [address] = to.addresses;
    if (address === undefined) return "dropped";
    const input = { type: "timer", name, due: now(), data, row: false } as const;
    return (await deps.receive({ id, address, person: { name: "" }, input, receivedAt: now() })).outcome;
  };

  return {
    /** Lists the days of a person, shows one, or takes an answer to one. */
    async days(job) {
      const given = z.object({ event: z.string().optional(), what: z.string().optional() }).parse(job.data);
      const { personId } = job;
      const person = await loadPerson(db, personId);
      if (!person) return;
      const say = (data: Json) => report(`job:${job.id}`, person, "days", data);
      if (given.event === "calendar") {
        if (given.what === "off") await revokeFeed(db, personId);
        const calendar = given.what === "off" ? "" : await feedAddress(deps, personId);
        return void (await say({ feed: given.what === "off" ? "gone" : "made", calendar }));
      }
      if (given.event === undefined) return void (await say(await list(personId)));
      let said: string | undefined;
      if (given.what === "yes") said = await answerSeat(db, given.event, personId, "coming", now());
      if (given.what === "no") said = await answerSeat(db, given.event, personId, "declined", now());
      if (given.what === "night" || given.what === "home") {
        const isNoted = await wishNight(db, given.event, personId, given.what === "night" ? "yes" : "no", now());
        said = isNoted ? given.what : "late";
      }
      const event = await findEvent(db, given.event);
      const day = event && (await dayFor(db, coding, event, personId, await feedAddress(deps, personId)));
      if (day === undefined) return void (await say({ missing: true }));
      await say({ day: dayJson(day), ...(said === undefined ? {} : { said }) });
    },

    /** Tells somebody what became of a day. */
    async eventNews(job) {
      const { event: id, what } = eventJob.parse(job.data);
      const [person, event] = await Promise.all([loadPerson(db, job.personId), findEvent(db, id)]);
      if (!person || event === undefined) return;
      const day = await dayFor(db, coding, event, job.personId, "");
      if (day === undefined) return;
      const calendar = day.seat.state === "coming" ? await feedAddress(deps, job.personId) : "";
      const data = { what, day: dayJson({ ...day, calendar }) };
      const isNews = what === "planned" || what === "makeup";
      const { stopped, pausedUntil, timeZone } = person.person;
      const isAway = stopped || (pausedUntil ?? 0) > now();
      // Cancelled or answered meanwhile: there is nothing to ask any more.
      if (isNews && (event.state !== "planned" || now() >= event.startsAt)) return;
      if (day.seat.state === "invited" && isAway && !isNews) return;
      if (!isNews) return void (await report(`job:${job.id}`, person, "event", data));
      if (isAway || !isNear(event.startsAt, now())) {
        return void (await report(`job:${job.id}`, person, "eventSoon", data));
      }
      const morning = afterQuiet(now(), timeZone);
      if (morning !== undefined && morning < event.startsAt) {
        const row = { personId: job.personId, name: job.name, data: JSON.stringify(job.data), attempts: 0 };
        const later = { id: `${job.id}:morning`, notBefore: BigInt(morning), createdAt: BigInt(now()) };
        return void (await db.job.upsert({ where: { id: later.id }, create: { ...row, ...later }, update: {} }));
      }
      await report(`job:${job.id}`, person, "event", data);
    },

    /** What somebody else noted comes into the person's record. */
    async attended(job) {
      const note = attendedNote.parse(job.data);
      const [person, event] = await Promise.all([loadPerson(db, job.personId), findEvent(db, note.event)]);
      const day = person && event && (await dayFor(db, coding, event, job.personId, ""));
      if (!person || event === undefined || day === undefined) return;
      const data = { day: dayJson(day), entry: entryOf(event, note) };
      await report(noteId(job.personId, note), person, "attended", data);
    },

    /** Takes a check-in code. */
    async checkIn(job) {
      const { code, at } = z.object({ code: z.string(), at: z.number() }).parse(job.data);
      const person = await loadPerson(db, job.personId);
      if (!person) return;
      const say = (data: Json) => report(`job:${job.id}`, person, "checkedIn", data);
      if (!looksLikeCode(code)) return void (await say({ result: "form" }));
      const tried = await wrong.get(job.personId);
      if (tried !== null && tried.consumedPoints >= mostWrong) return void (await say({ result: "often" }));
      const found = await checkIn(db, coding, job.personId, code, at);
      if (["wrong", "stale", "over", "other", "early"].includes(found.result)) {
        await wrong.consume(job.personId).catch(() => undefined);
      }
      await answer(job, person, found, say);
    },
  };

  async function answer(
    job: Job,
    person: LoadedPerson,
    found: CheckedIn,
    say: (data: Json) => Promise<Receipt["outcome"]>,
  ): Promise<void> {
    const { result } = found;
    if (result === "wrong") return void (await say({ result }));
    const { event } = found;
    const seated = await dayFor(db, coding, event, job.personId, "");
    const day = seated === undefined ? await strange(found) : dayJson(seated);
    if (day === undefined) return void (await say({ result: "wrong" }));
    if (result === "early") return void (await say({ result, day, opensAt: found.opensAt }));
    if (!("note" in found)) return void (await say({ result, day }));
    // What was noted and not told, because the process was killed between, is told now; a copy finds that it was.
    const isLate = found.note.attendance === "late";
    const data = { result: isLate ? "late" : "ok", day, entry: entryOf(event, found.note) };
    const outcome = await report(noteId(job.personId, found.note), person, "checkedIn", data);
    if (result === "already" && outcome === "duplicate") await say({ result, day });
  }

  /** The session of somebody who has no seat there: what it is called, and nothing of its place. */
  async function strange({ event }: { readonly event: Parameters<typeof entryOf>[0] }): Promise<Json | undefined> {
    const cohort = await db.cohort.findUnique({ where: { id: event.cohortId } });
    if (cohort === null) return undefined;
    const { id, template, title, form, startsAt, endsAt, timeZone, state } = event;
    const about = {
      programme: cohort.programme,
      version: cohort.version,
      venue: "",
      link: "",
      reason: "",
      calendar: "",
    };
    const seat = { state: "asking", offeredUntil: null, overnight: null, attendance: null, minutes: null, place: null };
    return {
      id,
      template,
      title,
      form,
      startsAt,
      endsAt,
      timeZone,
      state,
      overnight: false,
      reminders: [],
      seat,
      ...about,
    };
  }

  /** Days ahead and those of the last weeks, the next first. */
  async function list(personId: string): Promise<Json> {
    const seats = await db.seat.findMany({
      where: { personId, event: { endsAt: { gte: BigInt(now() - shownAfterMs) } } },
      include: { event: true },
      orderBy: [{ event: { startsAt: "asc" } }, { eventId: "asc" }],
      take: mostDays,
    });
    const days = await Promise.all(seats.map(({ event }) => dayFor(db, coding, readEvent(event), personId, "")));
    return { list: days.flatMap((day) => (day === undefined ? [] : [dayJson(day)])), calendar: "" };
  }
}

/** One entry of a record is one delivery, whoever tells of it. */
function noteId(personId: string, note: { readonly event: string; readonly n: number }): string {
  return `attended:${note.event}:${personId}:${note.n}`;
}

/** When the quiet hours end in which an instant lies there; undefined where it lies in none. */
function afterQuiet(at: number, timeZone: string): number | undefined {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  const [from, to] = [Temporal.PlainTime.from(quietHours.from), Temporal.PlainTime.from(quietHours.to)];
  const time = local.toPlainTime();
  const isEvening = Temporal.PlainTime.compare(time, from) >= 0;
  if (!isEvening && Temporal.PlainTime.compare(time, to) >= 0) return undefined;
  const day = isEvening ? local.toPlainDate().add({ days: 1 }) : local.toPlainDate();
  return day.toZonedDateTime({ timeZone, plainTime: to }).epochMilliseconds;
}
