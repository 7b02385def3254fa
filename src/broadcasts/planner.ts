import type { Catalogue } from "../domain/programme.ts";
import type { Adapter, Log, Words } from "../engine/adapter.ts";
import { standingOf } from "../people/standing.ts";
import { text } from "../store/sql.ts";
import type { Store } from "../store/types.ts";
import { type ReadPage, type Recipient, readerOf, receiversOf } from "./audience.ts";
import { compose } from "./content.ts";
import { createRows, type PlannedRow, tokenOf } from "./rows.ts";
import { audienceSchema, BroadcastError, contentSchema, timingSchema } from "./types.ts";
import { isUnderWay, takeWaiting, writeAgain, writeStep } from "./write.ts";

/** What broadcasts are made and planned with. */
export interface BroadcastDeps {
  readonly store: Pick<Store, "db" | "sql" | "tell">;
  readonly catalogue: Catalogue;
  readonly words: Words;
  readonly adapters: readonly Adapter[];
  /** Epoch milliseconds of the product's clock. */
  readonly now: () => number;
  /** The product's secret: tokens are made from it. */
  readonly secret: string;
  readonly log: Log;
}

/** People in the first step and in sending again: a step is one transaction, and nothing else of the process runs beside it. */
const stepSize = 250;
/** A step that took longer, milliseconds, is followed by smaller ones; one that took less than half of it by larger ones. */
const longestStepMs = 20;
const [smallestStep, largestStep] = [200, 1_000];

/** A broadcast as it is stored. */
type Stored = NonNullable<Awaited<ReturnType<Store["db"]["broadcast"]["findUnique"]>>>;

/** How one broadcast's rows are made. */
async function makerOf(deps: BroadcastDeps, stored: Stored) {
  const content = contentSchema.parse(JSON.parse(stored.content));
  const audience = audienceSchema.parse(JSON.parse(stored.audience));
  const fallback = await fallbackOf(deps, audience.cohort);
  const broadcast = {
    id: stored.id,
    content,
    timing: timingSchema.parse(JSON.parse(stored.timing)),
    startsAt: Number(stored.startsAt ?? deps.now()),
    topic: audience.topic,
    fallback,
    corrects: stored.corrects,
  };
  const row = createRows(deps, broadcast);
  // Every language has the same buttons, so one meaning serves all tokens.
  const frame = { broadcast: stored.id, token: "" };
  const { meaning } = compose(content, fallback, "", frame, deps.words);
  return {
    meaning,
    audience,
    async rows(people: readonly Recipient[]): Promise<readonly PlannedRow[]> {
      const known = stored.corrects === null ? new Set<string>() : await shown(deps, stored.corrects, people);
      const now = deps.now();
      return people.map((person) => row(person, now, (token) => known.has(token)));
    },
  };
}

/** The language where nobody's own has a text: the first of the cohort's programme, else of the first programme there is. */
export async function fallbackOf(
  { store, catalogue, words }: Pick<BroadcastDeps, "store" | "catalogue" | "words">,
  cohort: string | undefined,
): Promise<string> {
  const found =
    cohort === undefined
      ? null
      : await store.db.cohort.findUnique({ where: { id: cohort }, select: { programme: true } });
  const programme = catalogue.programmes.find((one) => one.id === found?.programme) ?? catalogue.programmes[0];
  return programme?.languages[0] ?? words.languages[0] ?? "en";
}

/** The tokens of these people's messages of a broadcast that a platform has given an id to. */
async function shown(deps: BroadcastDeps, broadcast: string, people: readonly Recipient[]): Promise<Set<string>> {
  const { sql } = deps.store;
  const tokens = JSON.stringify(people.map((person) => tokenOf(deps.secret, broadcast, person.id)));
  const list =
    sql.kind === "sqlite" ? "(SELECT value FROM json_each($1))" : "(SELECT json_array_elements_text(CAST($1 AS json)))";
  const rows = await sql.all(`SELECT token FROM "Token" WHERE token IN ${list} AND "messageId" IS NOT NULL`, [tokens]);
  return new Set(rows.map((row) => text(row, "token")));
}

/**
 * Moves broadcasts on: from scheduled to sending at their time, planned in short steps, done when everybody's message has
 * come to its end; a cancelled one loses what waits. Everything stands in the database and every step is conditional, so any
 * number of instances may do this at once and a killed one leaves nothing half done.
 */
export function createPlanner(deps: BroadcastDeps): { tick(): Promise<void> } {
  const { store, now, log } = deps;
  const { db, sql } = store;

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
    for (const one of due) await move(one);
  }

  async function move(one: Stored): Promise<void> {
    try {
      if (one.state === "cancelled") return await clear(one);
      if (one.state === "scheduled") {
        const started = await db.broadcast.updateMany({
          where: { id: one.id, state: "scheduled" },
          data: { state: "sending", changedAt: BigInt(now()) },
        });
        if (started.count !== 1) return;
      }
      if (!one.planned && !(await plan(one))) return;
      await finish(one);
    } catch (error) {
      // The next tick goes on where this one stopped.
      log.warn(
        { broadcast: one.id, error: error instanceof Error ? error.name : "?" },
        "a broadcast could not be moved on; trying again",
      );
    }
  }

  /** Whether this planner wrote the last step. */
  async function plan(stored: Stored): Promise<boolean> {
    const maker = await makerOf(deps, stored);
    const read = await readerFor(deps, stored, maker.audience);
    let cursor = stored.cursor;
    let after = cursor ?? "";
    let size = stepSize;
    for (;;) {
      const began = performance.now();
      const page = await read(after, size);
      // What follows is one piece of work for the process.
      await new Promise(setImmediate);
      const last = page.end === null;
      after = page.end ?? after;
      if (page.people.length > 0 || last) {
        const rows = await maker.rows(page.people);
        const to = page.end ?? cursor;
        const step = { broadcast: stored.id, from: cursor, to, last, rows, meaning: maker.meaning, now: now() };
        if (!(await writeStep(sql, step))) return false;
        cursor = to;
        tell(rows);
      }
      const tookMs = performance.now() - began;
      if (tookMs > longestStepMs) size = Math.max(smallestStep, size >> 1);
      else if (tookMs < longestStepMs / 2) size = Math.min(largestStep, size * 2);
      if (last) return true;
      // Learners' turns go between two steps.
      await new Promise(setImmediate);
    }
  }

  function tell(rows: readonly PlannedRow[]): void {
    const streams = rows.flatMap((row) => (row.c !== null && row.l === "" && row.a !== null ? [row.a] : []));
    const lanes = new Set(rows.flatMap((row) => (row.c !== null && row.l !== "" ? [row.l] : [])));
    store.tell({ lanes: [...lanes], chats: streams, jobs: false });
  }

  async function finish({ id }: Stored): Promise<void> {
    if (await isUnderWay(sql, id)) return;
    await db.broadcast.updateMany({
      where: { id, state: "sending", planned: true },
      data: { state: "done", changedAt: BigInt(now()) },
    });
  }

  async function clear({ id }: Stored): Promise<void> {
    await takeWaiting(sql, id);
    // A message under way that the platform throttles comes back to the queue: it is taken there by the next tick.
    if (await isUnderWay(sql, id)) return;
    await db.broadcast.updateMany({ where: { id, state: "cancelled" }, data: { planned: true } });
  }

  return { tick };
}

/** The pages of a broadcast's audience; of a correction, whoever got or will get what it corrects. */
async function readerFor(
  deps: BroadcastDeps,
  stored: Stored,
  audience: ReturnType<typeof audienceSchema.parse>,
): Promise<ReadPage> {
  if (stored.corrects !== null) return receiversOf(deps.store.sql, stored.corrects, ["planned", "sent", "unknown"]);
  try {
    const standing = await standingOf(deps.store.db, stored.author, deps.now());
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

/** Sends a broadcast again to exactly those whose delivery is in this state; returns to how many. */
export async function sendAgain(deps: BroadcastDeps, stored: Stored, from: "failed" | "unknown"): Promise<number> {
  const { sql } = deps.store;
  const maker = await makerOf(deps, {
    ...stored,
    startsAt: BigInt(deps.now()),
    timing: JSON.stringify({ kind: "now" }),
  });
  const read = receiversOf(sql, stored.id, [from]);
  let after = "";
  let count = 0;
  for (;;) {
    const page = await read(after, stepSize);
    const rows = await maker.rows(page.people);
    const again = { broadcast: stored.id, from, rows, meaning: maker.meaning, now: deps.now() };
    count += await writeAgain(sql, again);
    if (page.end === null) return count;
    after = page.end;
    await new Promise(setImmediate);
  }
}
