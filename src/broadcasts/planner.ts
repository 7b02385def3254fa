import { standingOf } from "../people/standing.ts";
import { type ReadPage, readerOf, receiversOf } from "./audience.ts";
import { type BroadcastDeps, type Maker, makerOf, type Stored } from "./maker.ts";
import { showDue, writeAnew, writeNext } from "./messages.ts";
import { type Queues, queuesNow } from "./queues.ts";
import type { MessageRow } from "./rows.ts";
import { BroadcastError } from "./types.ts";
import { firstOpen, takeAgain, takeWaiting, writeStep } from "./write.ts";

export type { BroadcastDeps } from "./maker.ts";

/** People in the first step and in sending again: a step is one transaction, and nothing else of the process runs beside it. */
const stepSize = 250;
/** A step that took longer, milliseconds, is followed by smaller ones; one that took less than half of it by larger ones. */
const longestStepMs = 20;
const [smallestStep, largestStep] = [200, 1_000];
/** On PostgreSQL the process goes on while the server works; fewer steps are fewer ways to it. */
const serverStep = 1_000;
/** Messages written in one tick at most; the next tick goes on. */
const mostInTick = 20_000;

/**
 * Moves broadcasts on: from scheduled to sending at their time, planned in short steps, done when everybody's message has
 * come to its end; a cancelled one loses what waits. Planning writes everybody's delivery; the messages follow ahead of their
 * lanes, as each needs them. Everything stands in the database and every step is conditional, so any number of instances may do
 * this at once and a killed one leaves nothing half done.
 */
export function createPlanner(deps: BroadcastDeps): { tick(): Promise<void> } {
  const { store, now, log } = deps;
  const { db, sql } = store;
  /** The lanes that messages of a broadcast were written for, as far as this process knows. */
  const lanesOf = new Map<string, Set<string>>();

  async function tick(): Promise<void> {
    const due = await db.broadcast.findMany({
      where: {
        OR: [
          { state: "scheduled", startsAt: { lte: BigInt(now()) } },
          { state: "sending" },
          { state: "cancelled", planned: false },
        ],
      },
      orderBy: [{ startsAt: "asc" }, { id: "asc" }],
    });
    if (due.length > 0) {
      const queues = await queuesNow(sql, deps.adapters, now());
      for (const one of due) await move(one, due, queues);
    }
    for (const id of lanesOf.keys()) if (!due.some((one) => one.id === id)) lanesOf.delete(id);
    for (;;) {
      const chats = await showDue(sql, now());
      if (chats.length === 0) return;
      store.tell({ lanes: [], chats, jobs: false });
      await new Promise(setImmediate);
    }
  }

  async function move(one: Stored, due: readonly Stored[], queues: Queues): Promise<void> {
    try {
      if (one.state === "cancelled") return await clear(one);
      if (await waitsForOther(one)) return;
      if (one.state === "scheduled") {
        const started = await db.broadcast.updateMany({
          where: { id: one.id, state: "scheduled" },
          data: { state: "sending", changedAt: BigInt(now()) },
        });
        if (started.count !== 1) return;
      }
      const maker = await makerOf(deps, one, queues);
      if (!one.planned && !(await plan(one, maker))) return;
      const cursor = one.planned ? one.cursor : null;
      // Whoever is still to get a text that was put right gets it before the correction, as everybody else did.
      const hurry = due.some((other) => other.corrects === one.id && !other.planned);
      if (cursor === "" || (await write(one.id, maker, cursor, queues, hurry))) await finish(one);
    } catch (error) {
      // The next tick goes on where this one stopped.
      log.warn(
        { broadcast: one.id, error: error instanceof Error ? error.name : "?" },
        "a broadcast could not be moved on; trying again",
      );
    }
  }

  /** A correction waits until everything that it corrects is written or taken back. */
  async function waitsForOther({ corrects, planned }: Stored): Promise<boolean> {
    if (corrects === null || planned) return false;
    const other = await db.broadcast.findUnique({ where: { id: corrects } });
    if (other?.state === "cancelled") return !other.planned;
    return other?.state === "sending" && !(other.planned && other.cursor === "");
  }

  /** Whether this planner wrote the last step. */
  async function plan(stored: Stored, maker: Maker): Promise<boolean> {
    const read = await readerFor(deps, stored, maker);
    let cursor = stored.cursor;
    let after = cursor ?? "";
    let size = sql.kind === "sqlite" ? stepSize : serverStep;
    for (;;) {
      const began = performance.now();
      const page = await read(after, size);
      const last = page.end === null;
      after = page.end ?? after;
      if (page.people.length > 0 || last) {
        const at = now();
        const rows = page.people.map((person) => {
          const choice = maker.choose(person, at);
          return choice.skip === undefined
            ? { p: person.id, a: choice.place.id, r: null }
            : { p: person.id, a: null, r: choice.skip };
        });
        const step = { broadcast: stored.id, from: cursor, to: after, last, rows, now: at };
        if (!(await writeStep(sql, step))) return false;
        cursor = after;
      }
      const tookMs = performance.now() - began;
      if (sql.kind !== "sqlite") size = serverStep;
      else if (tookMs > longestStepMs) size = Math.max(smallestStep, size >> 1);
      else if (tookMs < longestStepMs / 2) size = Math.min(largestStep, size * 2);
      if (last) return true;
      // Learners' turns go between two steps.
      await new Promise(setImmediate);
    }
  }

  /** Writes messages as long as a lane of this broadcast is short of them. Whether everybody's is written. */
  async function write(
    id: string,
    maker: Maker,
    from: string | null,
    queues: Queues,
    hurry: boolean,
  ): Promise<boolean> {
    const lanes = lanesOf.get(id) ?? new Set<string>();
    lanesOf.set(id, lanes);
    let cursor = from;
    for (let written = 0; written < mostInTick; ) {
      if (!hurry && lanes.size > 0 && ![...lanes].some(queues.isLow)) return false;
      const step = await writeNext(sql, maker, id, cursor, now());
      if (step === undefined) return false;
      for (const row of step.rows) lanes.add(row.l);
      tell(deps, step.rows);
      written += step.rows.length;
      cursor = step.to;
      if (cursor === "") return true;
      await new Promise(setImmediate);
    }
    return false;
  }

  async function finish({ id }: Stored): Promise<void> {
    const open = await firstOpen(sql, id);
    if (open?.written === false) await writeAnew(sql, id);
    if (open !== undefined) return;
    await db.broadcast.updateMany({
      where: { id, state: "sending", planned: true },
      data: { state: "done", changedAt: BigInt(now()) },
    });
  }

  async function clear({ id }: Stored): Promise<void> {
    // A message under way that the platform throttles comes back to the queue: it is taken there by the next tick.
    if (await takeWaiting(sql, id)) return;
    await db.broadcast.updateMany({ where: { id, state: "cancelled" }, data: { planned: true } });
  }

  return { tick };
}

/** Wakes whoever sends or shows these. */
function tell({ store }: BroadcastDeps, rows: readonly MessageRow[]): void {
  const chats = rows.flatMap((row) => (row.s === "sent" ? [row.a] : []));
  const lanes = new Set(rows.flatMap((row) => (row.l === "" ? [] : [row.l])));
  if (rows.length > 0) store.tell({ lanes: [...lanes], chats, jobs: false });
}

/** The pages of a broadcast's audience; of a correction, whoever of its sender's people got or will get what it corrects. */
async function readerFor(deps: BroadcastDeps, stored: Stored, { audience }: Maker): Promise<ReadPage> {
  const standing = await standingOf(deps.store.db, stored.author, deps.now());
  if (stored.corrects !== null) {
    const reach = standing.within("broadcasts.send");
    return receiversOf(deps.store.sql, stored.corrects, ["planned", "sent", "unknown"], reach);
  }
  try {
    return await readerOf(
      { db: deps.store.db, sql: deps.store.sql, catalogue: deps.catalogue },
      standing,
      audience,
      deps.now(),
    );
  } catch (error) {
    // A saved filter or a programme that has gone since: it reaches nobody, and its page says so.
    if (error instanceof BroadcastError) return async () => ({ people: [], end: null });
    throw error;
  }
}

/**
 * Sends a broadcast again to exactly those of the given organisations whose delivery is in this state, unless it was cancelled.
 * Returns to how many.
 */
export async function sendAgain(
  deps: BroadcastDeps,
  stored: Stored,
  from: "failed" | "unknown",
  organisations: readonly string[],
): Promise<number> {
  const { sql } = deps.store;
  const maker = await makerOf(deps, stored, await queuesNow(sql, deps.adapters, deps.now()), true);
  const read = receiversOf(sql, stored.id, [from], organisations);
  let after = "";
  let count = 0;
  for (;;) {
    const page = await read(after, stepSize);
    const at = deps.now();
    const able = page.people.filter((person) => maker.choose(person, at).skip === undefined);
    if (able.length > 0) {
      const rows = await sql.transaction(async (inside) => {
        const ids = able.map((person) => person.id);
        const taken = await takeAgain(inside, stored.id, from, ids, at);
        return maker.write(
          inside,
          able.filter((person) => taken.has(person.id)),
        );
      });
      tell(deps, rows);
      count += rows.length;
    }
    if (page.end === null) return count;
    after = page.end;
    await new Promise(setImmediate);
  }
}
