import type { Adapter, Log, Receive } from "../engine/adapter.ts";
import type { Address } from "../engine/types.ts";
import type { Store } from "../store/types.ts";
import { createLane } from "./lane.ts";
import { createLeasedListener, type LeasedListener } from "./listeners.ts";
import type { LaneState, Observe } from "./observe.ts";
import type { Lane } from "./types.ts";

export interface OutboxOptions {
  readonly store: Pick<Store, "outbox" | "upkeep" | "onWork">;
  /** Read anew all the time: a platform that is switched on later is taken up. */
  readonly adapters: readonly Adapter[];
  /** Where listeners hand in what they hear. */
  readonly receive: Receive;
  /** Epoch milliseconds of the product's clock. */
  readonly now: () => number;
  readonly log: Log;
  /** Names this process among all instances; unique per start. */
  readonly holder: string;
  /** Jitter. */
  readonly random?: () => number;
  /** A clock that never jumps, in milliseconds. It goes on while the process is frozen, which is what makes leases safe. */
  readonly monotonic?: () => number;
  readonly leaseMs?: number;
  /** An address that a platform calls unreachable for good. */
  readonly onGone: (address: Address, code: string) => unknown;
  readonly observe?: Observe;
}

export interface Outbox {
  start(): void;
  /**
   * Claims nothing more, ends the listeners, waits for sends under way at most `withinMs` (and for the database at most a
   * second more), settles them and gives all leases back. Never rejects.
   */
  stop(withinMs?: number): Promise<void>;
  /** Something may wait for these lanes, or for any. */
  wake(lanes?: readonly string[]): void;
  /** The lanes this instance has had, for readiness and metrics. */
  lanes(): readonly LaneState[];
  laneNames(): readonly string[];
}

interface Leased {
  hold: Lane["hold"];
  renewed: Lane["renewed"];
  lose: Lane["lose"];
  heldSince: Lane["heldSince"];
}

/**
 * The outbox runner: takes lanes and listeners by lease, sends what waits, and gives them back at the end.
 * Nothing the database or a platform does makes it throw; it logs and tries again. While a restored database is held
 * it takes nothing, so nothing is sent and no platform's queue is read.
 */
export function createOutbox(options: OutboxOptions): Outbox {
  const { store, adapters, log, holder } = options;
  const monotonic = options.monotonic ?? (() => performance.now());
  const random = options.random ?? Math.random;
  const leaseMs = options.leaseMs ?? 3_000;
  const parts = { ...options, monotonic, random, leaseMs, observe: options.observe ?? {} };
  const lanes = new Map<string, Lane>();
  const listeners = new Map<string, LeasedListener>();
  /** Lanes whose row exists: the heartbeat finds them. */
  const known = new Set<string>();
  let beating: { readonly since: number; readonly ended: Promise<void> } | undefined;
  let beatAgain = false;
  let released = false;
  let stopping = false;
  let interval: NodeJS.Timeout | undefined;
  let unsubscribe = (): void => {};

  const adapterOf = (lane: string) => adapters.find((adapter) => lane.startsWith(`${adapter.channel}:`));
  const leased = (name: string): Leased | undefined => lanes.get(name) ?? listeners.get(name);

  /** Renews what is held and takes what is free. One at a time, unless the database lets one hang longer than a lease. */
  function beat(): void {
    for (const listener of listeners.values()) listener.check();
    if (beating !== undefined && monotonic() - beating.since < leaseMs) return;
    const mine = { since: monotonic(), ended: renewAndTake() };
    beating = mine;
    void mine.ended.then(() => {
      if (beating === mine) beating = undefined;
      if (!beatAgain) return;
      beatAgain = false;
      beat();
    });
  }

  async function renewAndTake(): Promise<void> {
    try {
      if (!(await mayRun())) return;
      await renew();
      if (!stopping) await take();
    } catch (error) {
      log.warn({ error: error instanceof Error ? error.name : "?" }, "leases could not be renewed; trying again");
    }
  }

  async function mayRun(): Promise<boolean> {
    // A database is only ever held from its start on, so the answer "no" is asked for once.
    released ||= !(await store.upkeep.held());
    return released;
  }

  async function renew(): Promise<void> {
    const askedAt = monotonic();
    const held = [...lanes, ...listeners].filter(([, { heldSince }]) => heldSince() !== undefined);
    if (held.length === 0) return;
    const kept = new Map((await store.outbox.renew(holder, leaseMs)).map((lease) => [lease.name, lease]));
    for (const [name, one] of held) {
      const lease = kept.get(name);
      const since = one.heldSince();
      if (lease !== undefined) one.renewed(lease, askedAt);
      else if (since !== undefined && since < askedAt) {
        log.info({ lease: name }, "a lease was lost");
        one.lose();
      }
    }
  }

  async function take(): Promise<void> {
    for (const listener of adapters.flatMap((adapter) => adapter.listeners)) {
      if (!listeners.has(listener.name)) listeners.set(listener.name, createLeasedListener({ ...parts, listener }));
    }
    const askedAt = monotonic();
    const names = [...listeners.keys(), ...known];
    for (const lease of await store.outbox.take(holder, names, leaseMs, 1_000)) {
      if (stopping) return;
      const one = leased(lease.name) ?? newLane(lease.name);
      log.debug({ lease: lease.name, epoch: lease.epoch }, "a lease was taken");
      one.hold(lease, askedAt);
    }
  }

  function newLane(name: string): Lane {
    const lane = createLane({
      ...parts,
      name,
      store: store.outbox,
      adapter: () => adapterOf(name),
      channels: () => adapters.map(({ channel, capabilities }) => ({ channel, lane: capabilities.lane })),
    });
    lanes.set(name, lane);
    known.add(name);
    return lane;
  }

  function wake(names?: readonly string[]): void {
    if (names === undefined) {
      for (const lane of lanes.values()) lane.wake();
      return;
    }
    let isNew = false;
    for (const name of names) {
      const lane = lanes.get(name);
      if (lane?.heldSince() !== undefined) lane.wake();
      else if (!known.has(name) && adapterOf(name)?.capabilities.lane === true) {
        known.add(name);
        isNew = true;
      }
    }
    if (!isNew || stopping) return;
    beatAgain = beating !== undefined;
    beat();
  }

  return {
    start() {
      unsubscribe = store.onWork((work) => {
        const refused = (work.rows ?? []).filter((one) => lanes.get(one.lane)?.offer(one) !== true);
        wake([...new Set([...work.lanes, ...refused.map((one) => one.lane)])]);
      });
      interval = setInterval(beat, leaseMs / 6);
      beat();
    },
    async stop(withinMs = 10_000) {
      stopping = true;
      unsubscribe();
      const all = [...lanes.values(), ...listeners.values()].map((one) => one.drain());
      all.push(beating?.ended ?? Promise.resolve());
      if (!(await within(withinMs, Promise.all(all)))) {
        log.warn({ lanes: lanes.size }, "stopped with sends under way; the next holder repeats replies among them");
      }
      clearInterval(interval);
      for (const lane of lanes.values()) lane.close();
      const given = store.outbox.release(holder).catch((error: unknown) => {
        log.warn({ error: error instanceof Error ? error.name : "?" }, "leases could not be given back; they run out");
      });
      await within(1_000, given);
      for (const lane of lanes.values()) lane.lose();
    },
    wake,
    lanes: () =>
      [...lanes].filter(([name]) => adapterOf(name)?.capabilities.lane === true).map(([, lane]) => lane.state()),
    laneNames: () => [...lanes.keys()].filter((name) => adapterOf(name)?.capabilities.lane === true),
  };
}

/** Whether the work ended in time. */
async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const done = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return done;
}
