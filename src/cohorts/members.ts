import { randomUUID } from "node:crypto";
import type { Database } from "../store/client.ts";
import { type Cohort, findCohort } from "./cohorts.ts";

export const memberStates = [
  "applied",
  "waiting",
  "active",
  "paused",
  "finished",
  "alumni",
  "left",
  "refused",
] as const;
export type MemberState = (typeof memberStates)[number];

/** Who has a place. */
const seated: readonly MemberState[] = ["active", "paused"];

/** A transaction in which one cohort is locked: of two who want the last place one gets it. */
export type Inside = Omit<Database, "$connect" | "$disconnect" | "$on" | "$transaction" | "$extends">;

/** A person in a cohort, with what became of the wish just now. */
export interface Joined {
  readonly cohort: Cohort;
  readonly state: MemberState;
  /** False: the person was in this state before. */
  readonly fresh: boolean;
}

/** Somebody who wants to join. */
export interface Wish {
  readonly cohortId: string;
  readonly personId: string;
  /** Undefined: the organisation that leads the cohort. */
  readonly organisationId?: string | undefined;
  /** What an applicant ticked; undefined for somebody with an invitation, who needs no decision. */
  readonly ticks?: readonly string[] | undefined;
  readonly invited?: boolean;
}

/**
 * Takes somebody into a cohort, or on the list that fits: an applicant waits for a decision, and where every place is taken one
 * waits for a place. Whoever is in stays as they are; whoever left may come back; whoever was refused stays so.
 * Returns undefined where there is no such cohort.
 */
export function join(db: Database, wish: Wish, now: number): Promise<Joined | undefined> {
  return db.$transaction((tx) => joinInside(tx, wish, now));
}

/** The same inside a transaction of the caller's. */
export async function joinInside(tx: Inside, wish: Wish, now: number): Promise<Joined | undefined> {
  const cohort = await lockCohort(tx, wish.cohortId);
  if (cohort === undefined) return undefined;
  const { personId, cohortId } = wish;
  const key = { cohortId_personId: { cohortId, personId } };
  const before = await tx.membership.findUnique({ where: key });
  const held = before === null ? undefined : stateOf(before.state);
  const again = held === "left" || (wish.invited === true && (held === "refused" || held === "applied"));
  if (held !== undefined && !again) return { cohort, state: held, fresh: false };
  const organisationId = wish.organisationId ?? (await leadOf(tx, cohortId));
  const decided = cohort.joining !== "apply" || wish.invited === true;
  const state = decided ? await seat(tx, cohort) : "applied";
  const at = BigInt(now);
  const facts = { organisationId, state, ticks: JSON.stringify(wish.ticks ?? []), joinedAt: at, changedAt: at };
  await tx.membership.upsert({
    where: key,
    create: { id: randomUUID(), cohortId, personId, ...facts },
    update: facts,
  });
  return { cohort, state, fresh: true };
}

/** What a coordinator may do with one member, from which states, and what it leads to. */
const moves = {
  approve: { from: ["applied", "waiting", "refused"], to: "active" },
  refuse: { from: ["applied", "waiting"], to: "refused" },
  pause: { from: ["active"], to: "paused" },
  resume: { from: ["paused"], to: "active" },
  finish: { from: ["active", "paused"], to: "finished" },
  remove: { from: ["applied", "waiting", "active", "paused", "finished"], to: "left" },
} as const satisfies Readonly<Record<string, { readonly from: readonly MemberState[]; readonly to: MemberState }>>;
export type Move = keyof typeof moves;
export const moveNames = Object.keys(moves) as readonly Move[];

/** What can be done with somebody in this state. */
export function movesFrom(state: MemberState): readonly Move[] {
  return moveNames.filter((name) => (moves[name].from as readonly MemberState[]).includes(state));
}

/**
 * Does it, tells the person by a job, and gives a place that became free to the first who waits. Approved where no place is
 * free means waiting. Returns what the person is afterwards, or undefined where the move does not fit (any more).
 */
export function move(
  db: Database,
  who: { readonly cohortId: string; readonly personId: string },
  name: Move,
  now: number,
): Promise<MemberState | undefined> {
  return inCohort(db, who.cohortId, async (tx, cohort) => {
    const row = await tx.membership.findUnique({ where: { cohortId_personId: who } });
    const held = row === null ? undefined : stateOf(row.state);
    if (row === null || held === undefined || !movesFrom(held).includes(name)) return undefined;
    const state = name === "approve" ? await seat(tx, cohort) : moves[name].to;
    // Approved, and still no place: nothing changed for somebody who waits already.
    if (state === held) return state;
    await setState(tx, row.id, who.personId, cohort.id, state, now);
    await fill(tx, cohort, now);
    return state;
  });
}

/**
 * Moves somebody to another cohort and tells them, all of it or nothing; the place in the first one becomes free. Undefined where one of
 * the two is not there.
 */
export function moveTo(
  db: Database,
  who: { readonly cohortId: string; readonly personId: string },
  toId: string,
  now: number,
): Promise<MemberState | undefined> {
  const { cohortId, personId } = who;
  if (toId === cohortId) return Promise.resolve(undefined);
  return db.$transaction(async (tx) => {
    // Both in one order: of two people who are moved against each other neither waits for the other for ever.
    const locked = new Map<string, Cohort | undefined>();
    for (const id of [cohortId, toId].sort()) locked.set(id, await lockCohort(tx, id));
    const from = locked.get(cohortId);
    const row = await tx.membership.findUnique({ where: { cohortId_personId: who } });
    if (from === undefined || row === null) return undefined;
    if (!["applied", "waiting", "active", "paused"].includes(row.state)) return undefined;
    const { organisationId } = row;
    const there = await joinInside(tx, { cohortId: toId, personId, organisationId, invited: true }, now);
    if (there === undefined) return undefined;
    // Silently: the person hears where they are, and not also where they are no more.
    await tx.membership.update({ where: { id: row.id }, data: { state: "left", changedAt: BigInt(now) } });
    await fill(tx, from, now);
    await tell(tx, personId, toId, there.state, now);
    return there.state;
  });
}

/** Gives free places to those who wait, the first first. */
export async function fillPlaces(db: Database, cohortId: string, now: number): Promise<void> {
  await inCohort(db, cohortId, (tx, cohort) => fill(tx, cohort, now));
}

/** The most places that are given in one go. */
const piece = 100;

/**
 * Plans, starts, pauses or finishes a cohort. Paused, its members get no reminders; finished, whoever had a place or had
 * finished is an alumnus, and whoever waited is told that it is over. Everybody concerned hears it by a turn of their own: the jobs
 * are written with the state, so that what is stored is told, and once.
 */
export async function setCohortState(
  db: Database,
  cohortId: string,
  state: Cohort["state"],
  now: number,
): Promise<void> {
  await inCohort(db, cohortId, async (tx, before) => {
    if (before.state === state) return;
    await tx.cohort.update({ where: { id: cohortId }, data: { state } });
    if (state === "finished") {
      await turnAll(tx, cohortId, ["applied", "waiting"], "refused", now);
      await turnAll(tx, cohortId, ["active", "paused", "finished"], "alumni", now);
    } else if (state === "paused" || before.state === "paused") {
      await tellAll(tx, cohortId, "active", "active", now);
    }
  });
}

/**
 * Lets a cohort go on with another version of its programme; its members hear it and end the unit they are in first. False where
 * it learns this version already, is finished, or is not there.
 */
export async function setCohortVersion(db: Database, cohortId: string, version: string, now: number): Promise<boolean> {
  const done = await inCohort(db, cohortId, async (tx, before) => {
    if (before.version === version || before.state === "finished") return false;
    await tx.cohort.update({ where: { id: cohortId }, data: { version } });
    for (const state of seated) await tellAll(tx, cohortId, state, state, now);
    return true;
  });
  return done ?? false;
}

async function turnAll(
  tx: Inside,
  cohortId: string,
  from: readonly MemberState[],
  to: MemberState,
  now: number,
): Promise<void> {
  for (const state of from) await tellAll(tx, cohortId, state, to, now);
  await tx.membership.updateMany({
    where: { cohortId, state: { in: [...from] } },
    data: { state: to, changedAt: BigInt(now) },
  });
}

/** Everybody in this state hears what they are, in one statement: a cohort may have thousands of members. */
async function tellAll(tx: Inside, cohortId: string, held: MemberState, told: MemberState, now: number): Promise<void> {
  const data = JSON.stringify({ cohort: cohortId, state: told });
  const at = BigInt(now);
  await tx.$executeRaw`
    INSERT INTO "Job"(id, "personId", name, data, attempts, "notBefore", "createdAt")
    SELECT CAST(${`${randomUUID()}:`} AS TEXT) || m.id, m."personId", 'membership', ${data}, 0,
      CAST(${at} AS BIGINT), CAST(${at} AS BIGINT)
    FROM "Membership" m WHERE m."cohortId" = ${cohortId} AND m.state = ${held}`;
}

/** The state a word in the table names. */
export function stateOf(word: string): MemberState {
  const found = memberStates.find((state) => state === word);
  if (found === undefined) throw new Error("a membership is in a state that does not exist");
  return found;
}

function inCohort<T>(
  db: Database,
  cohortId: string,
  work: (tx: Inside, cohort: Cohort) => Promise<T>,
): Promise<T | undefined> {
  return db.$transaction(async (tx) => {
    const cohort = await lockCohort(tx, cohortId);
    return cohort === undefined ? undefined : work(tx, cohort);
  });
}

/** Changes nothing and locks the row until the end of the transaction. */
async function lockCohort(tx: Inside, cohortId: string): Promise<Cohort | undefined> {
  await tx.cohort.updateMany({ where: { id: cohortId }, data: { createdAt: { increment: 0n } } });
  return findCohort(tx, cohortId);
}

async function seat(tx: Inside, cohort: Cohort): Promise<"active" | "waiting"> {
  return (await freePlaces(tx, cohort)) > 0 ? "active" : "waiting";
}

async function freePlaces(tx: Inside, cohort: Cohort): Promise<number> {
  if (cohort.places === null) return Number.POSITIVE_INFINITY;
  const taken = await tx.membership.count({ where: { cohortId: cohort.id, state: { in: [...seated] } } });
  return cohort.places - taken;
}

async function fill(tx: Inside, cohort: Cohort, now: number): Promise<void> {
  if (cohort.state === "finished") return;
  const free = await freePlaces(tx, cohort);
  if (free <= 0) return;
  const next = await tx.membership.findMany({
    where: { cohortId: cohort.id, state: "waiting" },
    orderBy: [{ joinedAt: "asc" }, { id: "asc" }],
    take: Math.min(free, piece),
  });
  for (const row of next) await setState(tx, row.id, row.personId, cohort.id, "active", now);
}

async function setState(
  tx: Inside,
  id: string,
  personId: string,
  cohortId: string,
  state: MemberState,
  now: number,
): Promise<void> {
  await tx.membership.update({ where: { id }, data: { state, changedAt: BigInt(now) } });
  await tell(tx, personId, cohortId, state, now);
}

/** The person hears it by a job, so that a decision that is stored is told, whatever happens to this process. */
async function tell(
  tx: Pick<Inside, "job">,
  personId: string,
  cohortId: string,
  state: MemberState,
  now: number,
): Promise<void> {
  const data = JSON.stringify({ cohort: cohortId, state });
  const at = BigInt(now);
  const row = { id: randomUUID(), personId, name: "membership", data, attempts: 0, notBefore: at, createdAt: at };
  await tx.job.create({ data: row });
}

async function leadOf(tx: Inside, cohortId: string): Promise<string> {
  const part = await tx.cohortPart.findFirst({ where: { cohortId }, orderBy: { lead: "desc" } });
  if (part === null) throw new Error("a cohort without a responsible organisation");
  return part.organisationId;
}
