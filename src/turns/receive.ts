import { setTimeout as wait } from "node:timers/promises";
import { chatOf, type Log, type Receive } from "../engine/adapter.ts";
import type { Inbound, Receipt } from "../engine/types.ts";
import { type Store, StoreError, type TurnRead, type TurnRows, type TurnWrite } from "../store/types.ts";
import { createDecide, type DecideDeps, type Decided } from "./decide.ts";

/** What the metrics want to know about turns. */
export interface TurnObserver {
  turn(outcome: Receipt["outcome"] | "failed" | "refused", milliseconds: number): void;
  renewed(count: number): void;
}

export interface ReceiveDeps extends DecideDeps {
  readonly store: Pick<Store, "read" | "write">;
  readonly log: Log;
  readonly observe: TurnObserver;
}

export interface Receiver {
  readonly receive: Receive;
  /** Resolves when nothing waits any more. */
  drain(): Promise<void>;
  /** When the oldest waiting turn came in, epoch milliseconds. */
  oldestWaitingAt(): number | undefined;
}

interface Waiting {
  readonly inbound: Inbound;
  readonly chat: string;
  readonly since: number;
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (error: unknown) => void;
  tries: number;
}

/** PostgreSQL and SQLite both did no better with more (`store.md` §3.2). */
const mostInBatch = 256;
/** A turn that lost a race is decided again, at most so often. */
const mostTries = 5;
/** Tries in company; after them a turn is decided and written alone. */
const triesTogether = 2;

/**
 * Group commit: turns that wait at the same moment are read together, decided one by one and written in one
 * transaction. A promise resolves after the commit; it rejects when nothing was stored.
 */
export function createReceive(deps: ReceiveDeps): Receiver {
  const { store, log, observe } = deps;
  const decide = createDecide(deps);
  let queue: Waiting[] = [];
  let running = false;
  let inFlight: readonly Waiting[] = [];
  let idle: (() => void)[] = [];

  const receive: Receive = (inbound) =>
    new Promise((resolve, reject) => {
      queue.push({ inbound, chat: chatOf(inbound.address), since: deps.now(), resolve, reject, tries: 0 });
      if (!running) {
        running = true;
        setImmediate(run);
      }
    });

  async function run(): Promise<void> {
    while (queue.length > 0) {
      inFlight = takeBatch();
      await commit(inFlight);
      inFlight = [];
      // Deliveries that arrived meanwhile join the next batch.
      await new Promise(setImmediate);
    }
    running = false;
    for (const done of idle) done();
    idle = [];
  }

  /** One turn of a chat in a batch; the others keep their order. Who lost twice goes alone, so that nobody loses with them. */
  function takeBatch(): Waiting[] {
    const [first] = queue;
    if (first && first.tries >= triesTogether) return queue.splice(0, 1);
    const chats = new Set<string>();
    const batch: Waiting[] = [];
    const rest: Waiting[] = [];
    for (const one of queue) {
      if (batch.length < mostInBatch && one.tries < triesTogether && !chats.has(one.chat)) batch.push(one);
      else rest.push(one);
      chats.add(one.chat);
    }
    queue = rest;
    return batch;
  }

  async function commit(batch: readonly Waiting[]): Promise<void> {
    let rows: readonly TurnRows[];
    try {
      rows = await store.read(batch.map((one) => readOf(one.inbound)));
    } catch (error) {
      return refuse(batch, error);
    }
    const persons = new Set<string>();
    const later: Waiting[] = [];
    const decided: { readonly waiting: Waiting; readonly decided: Decided }[] = [];
    for (const [index, waiting] of batch.entries()) {
      const row = rows[index];
      if (!row) throw new Error("the store answered fewer rows than it was asked for");
      // Two addresses of one person are known only now: the second waits for the next batch.
      if (row.person && persons.has(row.person.id)) {
        later.push(waiting);
        continue;
      }
      if (row.person) persons.add(row.person.id);
      try {
        decided.push({ waiting, decided: decide.turn(waiting.inbound, row) });
      } catch (error) {
        log.error({ err: error, chat: waiting.chat, delivery: waiting.inbound.id }, "a turn could not be decided");
        decided.push({ waiting, decided: decide.failure(waiting.inbound, row, "decision") });
      }
    }
    queue = [...later, ...queue];
    await write(decided);
  }

  async function write(decided: readonly { readonly waiting: Waiting; readonly decided: Decided }[]): Promise<void> {
    const writes = decided.flatMap((one): TurnWrite[] => (one.decided.write ? [one.decided.write] : []));
    try {
      if (writes.length > 0) await store.write(writes);
    } catch (error) {
      if (!(error instanceof StoreError) || error.kind === "unavailable")
        return refuse(
          decided.map((one) => one.waiting),
          error,
        );
      const [only] = decided;
      // Read again and alone, and the entry is still there: that is no race but a dialog that records a thing twice.
      const repeats = error.aboutRecord && decided.length === 1 && (only?.waiting.tries ?? 0) >= triesTogether;
      if (error.kind === "conflict" && !repeats)
        return again(
          decided.map((one) => one.waiting),
          error,
        );
      return halve(decided, error);
    }
    for (const { waiting, decided: one } of decided) settle(waiting, one);
  }

  /** The database refuses somebody's data: halves find out whose. Only a turn that fails alone is given up. */
  async function halve(
    decided: readonly { readonly waiting: Waiting; readonly decided: Decided }[],
    error: StoreError,
  ): Promise<void> {
    if (decided.length > 1) {
      const middle = decided.length >> 1;
      await write(decided.slice(0, middle));
      return write(decided.slice(middle));
    }
    const [one] = decided;
    if (!one) return;
    if (one.decided.outcome === "failed") return refuse([one.waiting], error);
    log.error(
      { err: error, chat: one.waiting.chat, delivery: one.waiting.inbound.id },
      "a turn was refused by the database",
    );
    try {
      const [row] = await store.read([readOf(one.waiting.inbound)]);
      if (!row) throw error;
      await write([{ waiting: one.waiting, decided: decide.failure(one.waiting.inbound, row, "data") }]);
    } catch (again) {
      refuse([one.waiting], again);
    }
  }

  async function again(batch: readonly Waiting[], error: unknown): Promise<void> {
    const tired = batch.filter((one) => ++one.tries >= mostTries);
    refuse(tired, error);
    queue = [...batch.filter((one) => one.tries < mostTries), ...queue];
    // Jitter parts two instances that meet again and again.
    await wait(Math.random() * 5 * Math.max(...batch.map((one) => one.tries)));
  }

  function refuse(batch: readonly Waiting[], error: unknown): void {
    if (batch.length === 0) return;
    log.error({ err: error, turns: batch.length }, "nothing was stored; the platform is asked to deliver again");
    for (const one of batch) {
      observe.turn("refused", deps.now() - one.since);
      one.reject(error);
    }
  }

  function settle(waiting: Waiting, decided: Decided): void {
    observe.turn(decided.outcome, deps.now() - waiting.since);
    if (decided.renewed > 0) observe.renewed(decided.renewed);
    waiting.resolve({
      outcome: decided.outcome === "failed" ? "taken" : decided.outcome,
      ...(decided.notice === undefined ? {} : { notice: decided.notice }),
      ...(decided.withheld ? { withheld: true } : {}),
    });
  }

  return {
    receive,
    drain: () => (running ? new Promise((resolve) => idle.push(() => resolve())) : Promise.resolve()),
    oldestWaitingAt: () => inFlight[0]?.since ?? queue[0]?.since,
  };
}

function readOf(inbound: Inbound): TurnRead {
  const { address, input } = inbound;
  return {
    channel: address.channel,
    tenant: address.tenant,
    user: address.user,
    // A timer is one delivery whatever address it speaks to, so that two instances that tick at once count once.
    delivery: {
      channel: input.type === "timer" ? "timer" : address.channel,
      tenant: input.type === "timer" ? "" : address.tenant,
      id: inbound.id,
    },
    ...(input.type === "press" ? { token: input.token } : {}),
  };
}
