import type { Inside } from "../cohorts/members.ts";
import { hourMs } from "../domain/durations.ts";
import type { Database } from "../store/client.ts";
import { inEvent, type TrainingEvent } from "./events.ts";
import { tellSeat } from "./tell.ts";

/** How long an offered place is kept, hours; where the session is near, the second. */
const [offerHours, shortOfferHours] = [24, 3];
/** Nearer than this the short time counts, hours. */
const nearHours = 48;
/** Offers made in one go. */
const piece = 100;

export const seatStates = ["invited", "coming", "declined", "waiting", "offered", "walk-in", "asking"] as const;
export type SeatState = (typeof seatStates)[number];

/** What became of an answer. `late`: it is cancelled, over, or the person is not on the list. */
export type Answered = "coming" | "declined" | "waiting" | "late";

/** The state a word in the table names. */
export function seatState(word: string): SeatState {
  const found = seatStates.find((state) => state === word);
  if (found === undefined) throw new Error("a seat is in a state that does not exist");
  return found;
}

/**
 * Takes a yes or a no. A yes gets a place as long as there is one and nobody waits for it, else a place on the waiting list; a no gives
 * the place to whoever waits. The same answer again changes nothing.
 */
export async function answerSeat(
  db: Database,
  eventId: string,
  personId: string,
  answer: "coming" | "declined",
  now: number,
): Promise<Answered> {
  const done = await inEvent(db, eventId, async (tx, event): Promise<Answered> => {
    const key = { eventId_personId: { eventId, personId } };
    const seat = await tx.seat.findUnique({ where: key });
    if (seat === null || event.state !== "planned" || now >= event.endsAt) return "late";
    const held = seatState(seat.state);
    if (held === "asking") return "late";
    const set = (state: SeatState) =>
      tx.seat.update({
        where: key,
        data: {
          state,
          offeredUntil: null,
          ...(state === "waiting" ? { queuedAt: BigInt(now) } : {}),
          changedAt: BigInt(now),
        },
      });
    if (answer === "declined") {
      // Whoever was noted as present was there, whatever they say.
      if (held !== "declined" && seat.checkedInAt === null) {
        await set("declined");
        await offerPlaces(tx, event, now);
      }
      return "declined";
    }
    if (held === "coming" || held === "walk-in") return "coming";
    if (held === "waiting") return "waiting";
    const isFree = held === "offered" || (await freePlaces(tx, event)) > (await waitingCount(tx, event.id));
    await set(isFree ? "coming" : "waiting");
    return isFree ? "coming" : "waiting";
  });
  return done ?? "late";
}

/** Says whether somebody who comes stays overnight. False where the session has no overnight stay or the person is not on its list. */
export async function wishNight(
  db: Database,
  eventId: string,
  personId: string,
  overnight: "yes" | "no",
  now: number,
): Promise<boolean> {
  const { count } = await db.seat.updateMany({
    where: {
      eventId,
      personId,
      state: { in: ["coming", "waiting", "offered", "walk-in"] },
      event: { overnight: true, state: "planned", endsAt: { gt: BigInt(now) } },
    },
    data: { overnight, changedAt: BigInt(now) },
  });
  return count === 1;
}

/** Places that nobody has; infinite where there is no limit. A kept offer and somebody who came without a place have one. */
export async function freePlaces(tx: Pick<Inside, "seat">, event: TrainingEvent): Promise<number> {
  if (event.places === null) return Number.POSITIVE_INFINITY;
  const taken = await tx.seat.count({
    where: { eventId: event.id, state: { in: ["coming", "offered", "walk-in"] } },
  });
  return event.places - taken;
}

/** Offers free places to those who wait, the first first. Nothing is offered any more once a session has begun. */
export async function offerPlaces(tx: Inside, event: TrainingEvent, now: number): Promise<number> {
  if (event.state !== "planned" || now >= event.startsAt) return 0;
  const free = await freePlaces(tx, event);
  if (free <= 0) return 0;
  const rows = await tx.seat.findMany({
    where: { eventId: event.id, state: "waiting" },
    orderBy: [{ queuedAt: "asc" }, { personId: "asc" }],
    take: Math.min(free, piece),
  });
  for (const { personId } of rows) {
    const data = { state: "offered", offeredUntil: BigInt(offerEnds(event, now)), changedAt: BigInt(now) };
    await tx.seat.update({ where: { eventId_personId: { eventId: event.id, personId } }, data });
    await tellSeat(tx, personId, { event: event.id, what: "offered" }, now);
  }
  return rows.length;
}

/** Until when an offer made now is kept, epoch milliseconds: a day, three hours where the session is near, never past its start. */
export function offerEnds(event: Pick<TrainingEvent, "startsAt">, now: number): number {
  const hours = event.startsAt - now > nearHours * hourMs ? offerHours : shortOfferHours;
  return Math.min(now + hours * hourMs, event.startsAt);
}

/** Offers that nobody took in time go to the next; whoever had one hears it. */
export async function passOffers(tx: Inside, event: TrainingEvent, now: number): Promise<void> {
  const rows = await tx.seat.findMany({
    where: { eventId: event.id, state: "offered", offeredUntil: { lte: BigInt(now) } },
    take: piece,
  });
  for (const { personId } of rows) {
    const data = { state: "declined", offeredUntil: null, changedAt: BigInt(now) };
    await tx.seat.update({ where: { eventId_personId: { eventId: event.id, personId } }, data });
    await tellSeat(tx, personId, { event: event.id, what: "passed" }, now);
  }
  await offerPlaces(tx, event, now);
}

/** A person's place in the queue of a session, from 1. */
export async function queuePlace(db: Pick<Database, "seat">, eventId: string, queuedAt: bigint): Promise<number> {
  return 1 + (await db.seat.count({ where: { eventId, state: "waiting", queuedAt: { lt: queuedAt } } }));
}

function waitingCount(tx: Pick<Inside, "seat">, eventId: string): Promise<number> {
  return tx.seat.count({ where: { eventId, state: "waiting" } });
}
