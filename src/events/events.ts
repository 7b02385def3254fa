import { randomBytes, randomUUID } from "node:crypto";
import { z } from "zod";
import type { Inside } from "../cohorts/members.ts";
import { dayMs } from "../domain/durations.ts";
import type { Database } from "../store/client.ts";
import { type EventJob, tellSeats } from "./tell.ts";

export const eventForms = ["in-person", "online"] as const;
export const eventStates = ["planned", "cancelled", "held"] as const;

const line = (most: number) => z.string().trim().max(most);

/** What somebody plans: a session of a cohort. Instants are epoch milliseconds. */
export const eventFacts = z
  .object({
    template: z.string().min(1).nullable(),
    /** Null: what the programme calls the day. */
    title: line(120).min(1).nullable(),
    form: z.enum(eventForms),
    venue: line(200),
    link: z.union([z.literal(""), z.url({ protocol: /^https?$/u }).max(500)]),
    startsAt: z.number().int().positive(),
    endsAt: z.number().int().positive(),
    timeZone: z.string().refine(isZone, { message: "unknown time zone" }),
    minutes: z.number().int().min(1).max(1440),
    kind: z.string().min(1).max(40),
    unit: z.string().min(1).nullable(),
    places: z.number().int().min(1).max(100_000).nullable(),
    overnight: z.boolean(),
  })
  .refine((facts) => facts.startsAt < facts.endsAt && facts.endsAt - facts.startsAt <= 7 * dayMs, {
    path: ["endsAt"],
    message: "ends before it starts, or after more than a week",
  })
  .refine((facts) => facts.template !== null || facts.title !== null, { path: ["title"], message: "needs a title" });
export type EventFacts = z.infer<typeof eventFacts>;

/** A session as the rest of the product sees it. */
export interface TrainingEvent extends EventFacts {
  readonly id: string;
  readonly cohortId: string;
  readonly state: (typeof eventStates)[number];
  /** Why it was cancelled. */
  readonly reason: string;
  /** Sealed; `src/events/codes.ts` opens it. */
  readonly secret: Uint8Array;
  readonly makesUpFor: string | null;
  readonly sequence: number;
  readonly changedAt: number;
}

type Row = NonNullable<Awaited<ReturnType<Database["event"]["findUnique"]>>>;

/** Reads a row. Throws where the row is not one of ours: that is a bug. */
export function readEvent(row: Row): TrainingEvent {
  const { id, cohortId, reason, secret, makesUpFor, sequence } = row;
  const [startsAt, endsAt] = [Number(row.startsAt), Number(row.endsAt)];
  const facts = eventFacts.parse({ ...row, startsAt, endsAt });
  const state = z.enum(eventStates).parse(row.state);
  return { ...facts, id, cohortId, state, reason, secret, makesUpFor, sequence, changedAt: Number(row.changedAt) };
}

/** A session by its id. */
export async function findEvent(db: Pick<Database, "event">, id: string): Promise<TrainingEvent | undefined> {
  const row = await db.event.findUnique({ where: { id } });
  return row === null ? undefined : readEvent(row);
}

/** Does something while nobody else changes this session or its seats; undefined where there is no such session. */
export function inEvent<T>(
  db: Database,
  id: string,
  work: (tx: Inside, event: TrainingEvent) => Promise<T>,
): Promise<T | undefined> {
  return db.$transaction(async (tx) => {
    // Changes nothing and locks the row until the end of the transaction: of two who want the last place one gets it.
    await tx.event.updateMany({ where: { id }, data: { sequence: { increment: 0 } } });
    const event = await findEvent(tx, id);
    return event === undefined ? undefined : work(tx, event);
  });
}

/** What planning needs beside the facts. */
export interface Planning {
  readonly cohortId: string;
  /** A person's id. */
  readonly by: string;
  /** The session that this one makes up for: only those who missed that one are invited. */
  readonly makesUpFor?: string;
  readonly seal: (purpose: string, text: string, context: string) => Uint8Array;
}

/** The purpose under which what codes are made from is sealed; the context is the session's id. */
export const secretPurpose = "event";

/** Plans a session and invites the members of its cohort, all or nothing. Returns its id. */
export async function planEvent(db: Database, facts: EventFacts, planning: Planning, now: number): Promise<string> {
  const id = randomUUID();
  const secret = new Uint8Array(planning.seal(secretPurpose, randomBytes(32).toString("base64url"), id));
  const { cohortId, by: createdBy, makesUpFor = null } = planning;
  const at = BigInt(now);
  await db.$transaction(async (tx) => {
    const about = { id, cohortId, secret, createdBy, makesUpFor, state: "planned", reason: "", sequence: 0 };
    await tx.event.create({ data: { ...columns(facts), ...about, createdAt: at, changedAt: at } });
    if (makesUpFor === null) await inviteMembers(tx, id, now);
  });
  return id;
}

/**
 * Changes a session that has not been held. People on the list hear at once of another time, place or form; a calendar sees the raised
 * sequence. Places that are more than before are offered to those who wait. False where it is cancelled or over.
 */
export async function changeEvent(db: Database, id: string, facts: EventFacts, now: number): Promise<boolean> {
  const changed = await inEvent(db, id, async (tx, before) => {
    if (before.state !== "planned") return false;
    const data = { ...columns(facts), sequence: before.sequence + 1, changedAt: BigInt(now) };
    await tx.event.update({ where: { id }, data });
    const moved = (["startsAt", "endsAt", "form", "venue", "link"] as const).some((key) => before[key] !== facts[key]);
    if (moved) await tellSeats(tx, id, { event: id, what: "moved" }, now);
    return true;
  });
  return changed ?? false;
}

/** Cancels a session; everybody on the list or waiting hears it at once, with the reason. False where it is cancelled or over. */
export async function cancelEvent(db: Database, id: string, reason: string, now: number): Promise<boolean> {
  const done = await inEvent(db, id, async (tx, before) => {
    if (before.state !== "planned") return false;
    const data = { state: "cancelled", reason, sequence: before.sequence + 1, changedAt: BigInt(now) };
    await tx.event.update({ where: { id }, data });
    await tellSeats(tx, id, { event: id, what: "cancelled" }, now);
    return true;
  });
  return done ?? false;
}

/**
 * Gives every member of the session's cohort who has none a seat, and tells them by a job: two statements, because a cohort may have
 * thousands of members. Run again it does nothing.
 */
export async function inviteMembers(tx: Inside, id: string, now: number): Promise<number> {
  const at = BigInt(now);
  const data = JSON.stringify({ event: id, what: "planned" } satisfies EventJob);
  // The jobs first: whoever has no seat yet is told.
  await tx.$executeRaw`
    INSERT INTO "Job"(id, "personId", name, data, attempts, "notBefore", "createdAt")
    SELECT CAST(${`${randomUUID()}:`} AS TEXT) || m."personId", m."personId", 'eventNews', ${data}, 0,
      CAST(${at} AS BIGINT), CAST(${at} AS BIGINT)
    FROM "Event" e JOIN "Membership" m ON m."cohortId" = e."cohortId" AND m.state IN ('active', 'paused')
    WHERE e.id = ${id} AND NOT EXISTS (SELECT 1 FROM "Seat" s WHERE s."eventId" = e.id AND s."personId" = m."personId")`;
  return tx.$executeRaw`
    INSERT INTO "Seat"("eventId", "personId", state, "queuedAt", notes, "changedAt")
    SELECT e.id, m."personId", 'invited', CAST(${at} AS BIGINT), 0, CAST(${at} AS BIGINT)
    FROM "Event" e JOIN "Membership" m ON m."cohortId" = e."cohortId" AND m.state IN ('active', 'paused')
    WHERE e.id = ${id} AND NOT EXISTS (SELECT 1 FROM "Seat" s WHERE s."eventId" = e.id AND s."personId" = m."personId")`;
}

function columns(facts: EventFacts) {
  return { ...facts, startsAt: BigInt(facts.startsAt), endsAt: BigInt(facts.endsAt) };
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
