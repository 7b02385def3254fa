import { createHash, createHmac, randomBytes } from "node:crypto";
import ical, { type ICalCalendar, ICalCalendarMethod, ICalEventStatus } from "ical-generator";
import { addAppointment, isOff } from "../appointments/calendar.ts";
import { agreedBetween } from "../appointments/read.ts";
import { dayMs } from "../domain/durations.ts";
import type { Catalogue } from "../domain/programme.ts";
import { titleOf } from "../domain/training-day.ts";
import type { Words } from "../engine/adapter.ts";
import { keyedHash } from "../people/sign-in.ts";
import type { Database } from "../store/client.ts";
import { readEvent, type TrainingEvent } from "./events.ts";

/** What a calendar shows, days back and ahead. */
const [daysBack, daysAhead] = [60, 400];
const purpose = "calendar";

/** What an address of a calendar is made with. */
export type FeedDeps = Omit<CalendarDeps, "words" | "catalogue" | "open">;

export interface CalendarDeps {
  readonly db: Database;
  readonly words: Words;
  readonly catalogue: Catalogue;
  /** Only a keyed hash of a calendar's secret is stored. */
  readonly secret: string;
  /** Where people reach the pages, without a trailing slash. */
  readonly origin: string;
  readonly now: () => number;
  /** Opens where an appointment is. */
  readonly open: (purpose: string, sealed: Uint8Array, context: string) => string;
}

/** A file for calendars and what it is known by. */
export interface CalendarFile {
  readonly body: string;
  readonly etag: string;
}

/**
 * The address of a person's calendar without its ending: made at the first call, the same from then on until it is taken back. `.ics`
 * behind it is everything, `/<id>.ics` one session or appointment. It holds nobody else's name.
 */
export async function feedAddress(deps: FeedDeps, personId: string): Promise<string> {
  const { db, secret, origin, now } = deps;
  const row = await db.calendarFeed.findFirst({ where: { personId }, orderBy: { createdAt: "desc" } });
  const token = tokenOf(secret, row?.nonce ?? "");
  if (row !== null && keyedHash(secret, purpose, token) === row.tokenHash) return `${origin}/calendar/${token}`;
  const nonce = randomBytes(16).toString("base64url");
  const fresh = tokenOf(secret, nonce);
  const data = { tokenHash: keyedHash(secret, purpose, fresh), nonce, personId, createdAt: BigInt(now()) };
  await db.calendarFeed.create({ data });
  return `${origin}/calendar/${fresh}`;
}

/** Takes every address of a person's calendar back; returns how many there were. */
export async function revokeFeed(db: Pick<Database, "calendarFeed">, personId: string): Promise<number> {
  return (await db.calendarFeed.deleteMany({ where: { personId } })).count;
}

/** What stands behind an address: the whole calendar, or one session or appointment. Undefined where the address is nobody's (any more). */
export async function calendarFile(deps: CalendarDeps, token: string, id?: string): Promise<CalendarFile | undefined> {
  const { db, words, now, secret } = deps;
  const feed = await db.calendarFeed.findUnique({ where: { tokenHash: keyedHash(secret, purpose, token) } });
  const person = feed && (await db.person.findUnique({ where: { id: feed.personId }, select: { language: true } }));
  if (feed === null || !person) return undefined;
  const at = now();
  const given = { personId: feed.personId, from: at - daysBack * dayMs, to: at + daysAhead * dayMs, id };
  const [seats, appointments] = [await seatsBetween(db, given), await agreedBetween(deps, given)];
  if (id !== undefined && seats.length + appointments.length === 0) return undefined;
  const language = person.language ?? words.languages[0] ?? "en";
  // One that is off says so to programs that took it along alone; a subscribed calendar holds some that are and some that are not.
  const isCancelled = id !== undefined && appointments.some(isOff);
  const calendar = ical({
    name: words.text(language, "events.calendar"),
    prodId: { company: "Fadder", product: "Fadder", language: language.toUpperCase() },
    method: isCancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.PUBLISH,
    ttl: 3600,
  });
  await addSessions(calendar, deps, seats, language);
  for (const one of appointments) addAppointment(calendar, one, words, language);
  const body = `${calendar.toString().replace(/(?:\r\n)*$/u, "")}\r\n`;
  return { body, etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 27)}"` };
}

/** The seats of a person in sessions between two instants, or in one of these. */
function seatsBetween(db: Database, given: Parameters<typeof agreedBetween>[1]) {
  const { personId, from, to, id } = given;
  return db.seat.findMany({
    where: {
      personId,
      state: { in: ["invited", "coming", "offered", "walk-in"] },
      ...(id === undefined ? {} : { eventId: id }),
      event: { startsAt: { gte: BigInt(from), lte: BigInt(to) } },
    },
    include: { event: true },
    orderBy: [{ event: { startsAt: "asc" } }, { eventId: "asc" }],
  });
}

async function addSessions(
  calendar: ICalCalendar,
  { db, catalogue }: Pick<CalendarDeps, "db" | "catalogue">,
  seats: Awaited<ReturnType<typeof seatsBetween>>,
  language: string,
): Promise<void> {
  const cohorts = await db.cohort.findMany({
    where: { id: { in: seats.map(({ event }) => event.cohortId) } },
    select: { id: true, programme: true },
  });
  const programmes = new Map(cohorts.map(({ id, programme }) => [id, programme]));
  for (const { event: row, state } of seats) {
    const event = readEvent(row);
    const programme = catalogue.get(programmes.get(event.cohortId) ?? "");
    calendar.createEvent({
      id: `${event.id}@fadder`,
      sequence: event.sequence,
      // The same answer as long as nothing changed.
      stamp: new Date(event.changedAt),
      lastModified: new Date(event.changedAt),
      start: new Date(event.startsAt),
      end: new Date(event.endsAt),
      summary: titleOf(programme, event, language),
      status: statusOf(event, state),
      ...(event.venue === "" ? {} : { location: event.venue }),
      ...(event.link === "" ? {} : { url: event.link }),
      ...(event.state === "cancelled" && event.reason !== "" ? { description: event.reason } : {}),
    });
  }
}

function statusOf(event: TrainingEvent, seat: string): ICalEventStatus {
  if (event.state === "cancelled") return ICalEventStatus.CANCELLED;
  return seat === "invited" || seat === "offered" ? ICalEventStatus.TENTATIVE : ICalEventStatus.CONFIRMED;
}

/** Made from the row and the product's secret: whoever reads the database alone does not know it. */
function tokenOf(secret: string, nonce: string): string {
  return createHmac("sha256", secret).update(`calendar-token:${nonce}`).digest("base64url").slice(0, 32);
}
