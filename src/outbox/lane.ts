import type { Adapter, Log } from "../engine/adapter.ts";
import type { Address, OutgoingKind } from "../engine/types.ts";
import type { ClaimedRow, Lease, OutboxStore, Settlement } from "../store/types.ts";
import { StoreError } from "../store/types.ts";
import { type Buckets, createBuckets } from "./buckets.ts";
import type { LaneState, Observe } from "./observe.ts";
import { type SendRights, sendRow, storedPart } from "./send.ts";
import { createTrouble } from "./trouble.ts";

interface LaneDeps {
  readonly name: string;
  readonly store: Pick<OutboxStore, "step">;
  readonly holder: string;
  readonly leaseMs: number;
  /** The lane's platform, as soon as it could be switched on. */
  readonly adapter: () => Adapter | undefined;
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly random: () => number;
  readonly log: Log;
  readonly observe: Observe;
  readonly onGone: (address: Address, code: string) => unknown;
}

/** One sending identity: claims what may leave now, sends it, settles it together with the next claim. */
export interface Lane {
  /** The lease is ours since a request sent at `askedAt` (monotonic). */
  hold(lease: Lease, askedAt: number): void;
  renewed(lease: Lease, askedAt: number): void;
  /** The lease is somebody else's now, or nobody's. */
  lose(): void;
  /** When the lease was taken (monotonic), undefined while it is not held. */
  heldSince(): number | undefined;
  /** Something may wait. */
  wake(): void;
  /** Claims nothing more. Resolves when what is under way is sent and settled. */
  drain(): Promise<void>;
  /** Stops all timers. */
  close(): void;
  state(): LaneState;
}

/** A poll in case a wake-up got lost, and for rows whose time comes. */
/** How long results of sends wait for company, in milliseconds. */
const gatherMs = 10;
const pollMs = 1_000;
/** A lease counts for seven tenths of its time: the rest is for a request on its way and clocks that differ. */
const trustedPart = 0.7;

/** Creates a lane without a lease; it does nothing until `hold`. */
export function createLane(deps: LaneDeps): Lane {
  const { name, store, holder, leaseMs, now, monotonic, log } = deps;
  const underWay = new Set<string>();
  /** Settled with the next step. */
  const settlements: Settlement[] = [];
  const trouble = createTrouble(deps);
  let lease: Lease | undefined;
  let lastEpoch: number | undefined;
  let heldSince: number | undefined;
  let renewedAt = 0;
  let buckets: Buckets | undefined;
  /** Sends that a claim on its way will start. */
  let promised = 0;
  let draining = false;
  let stepping = false;
  let dirty = false;
  let timer: { readonly at: number; readonly handle: NodeJS.Timeout } | undefined;
  let drained: (() => void)[] = [];

  const trusted = (): boolean => lease !== undefined && monotonic() - renewedAt < trustedPart * leaseMs;

  function wake(): void {
    dirty = true;
    if (stepping) return;
    stepping = true;
    setImmediate(() => void run());
  }

  function wakeAt(at: number): void {
    if (timer !== undefined && timer.at <= at) return;
    clearTimeout(timer?.handle);
    const fire = () => {
      timer = undefined;
      wake();
    };
    timer = { at, handle: setTimeout(fire, Math.max(1, Math.ceil(at - monotonic()))) };
  }

  async function run(): Promise<void> {
    while (dirty) {
      dirty = false;
      try {
        await step();
      } catch (error) {
        stepFailed(error);
        break;
      }
    }
    stepping = false;
    if (underWay.size === 0 && (settlements.length === 0 || lease === undefined)) {
      for (const resolve of drained.splice(0)) resolve();
    }
    if (lease !== undefined) wakeAt(monotonic() + pollMs);
  }

  async function step(): Promise<void> {
    const adapter = deps.adapter();
    if (lease === undefined || adapter === undefined || !adapter.capabilities.lane) return;
    buckets ??= createBuckets(adapter.capabilities.rates, lease.epoch <= 1 ? "none" : monotonic());
    const limits = mayClaim(adapter, buckets);
    // Replies come first in a claim, so they may use the whole limit only in a claim of their own.
    const first = limits.pushes > 0 ? Math.min(limits.all, limits.pushes) : limits.all;
    const rows = await ask(lease, first, limits.pushes > 0 ? undefined : "reply", adapter, buckets);
    if (first < limits.all && rows === first && lease !== undefined) {
      await ask(lease, limits.all - first, "reply", adapter, buckets);
    }
    if (!draining && lease !== undefined) comeBack(buckets);
  }

  /** Settles what is finished and claims up to `limit` rows. Returns how many came. */
  async function ask(by: Lease, limit: number, kind: OutgoingKind | undefined, adapter: Adapter, rates: Buckets) {
    const settle = settlements.slice();
    if (settle.length === 0 && limit === 0) return 0;
    const busy = limit === 0 ? [] : [...new Set([...underWay, ...rates.full(monotonic())])];
    promised = limit;
    try {
      const claim = kind === undefined ? { limit, busy } : { kind, limit, busy };
      const rows = await store.step(by, holder, now(), settle, claim);
      settlements.splice(0, settle.length);
      promised = 0;
      // What was just put back may be claimed by the next step only.
      for (const row of settle) if (row.outcome === "again") wakeAt(monotonic() + Math.max(0, row.notBefore - now()));
      for (const row of rows) launch(row, by, adapter, rates);
      return rows.length;
    } finally {
      promised = 0;
    }
  }

  function launch(row: ClaimedRow, by: Lease, adapter: Adapter, rates: Buckets): void {
    const chat = row.address.id;
    if (underWay.has(chat)) {
      // One send per chat at a time: the second row of a claim goes back, in its place.
      const { seq, attempts, parts } = row;
      const tried = row.mayBeSent ? Math.max(1, attempts) : attempts;
      settlements.push({
        seq,
        outcome: "again",
        notBefore: 0,
        attempts: tried,
        parts: parts.map(storedPart),
        messages: [],
      });
      return;
    }
    underWay.add(chat);
    const rights: SendRights = {
      maySend(isEdit) {
        const at = monotonic();
        if (draining || !trusted() || lease?.epoch !== by.epoch || trouble.stopUntil() > at) return false;
        if (rates.room(row.kind, at) - promised < 1 || rates.chatFreeAt(chat, at, isEdit) > at) return false;
        rates.take(row.kind, chat, at, isEdit);
        return true;
      },
      reached: trouble.reached,
      inARow: (error, startedAt) => trouble.inARow(error.failure, startedAt),
      failed: trouble.failed,
    };
    void sendRow(row, rights, { ...deps, lane: name, adapter })
      .catch((error: unknown): Settlement => {
        // Only a fault of ours comes here. The row is shown to somebody instead of going round for ever.
        log.error({ lane: name, seq: row.seq, error: error instanceof Error ? error.name : "?" }, "a send broke off");
        return { seq: row.seq, outcome: "unknown", code: "fault" };
      })
      .then((settlement) => {
        underWay.delete(chat);
        settlements.push(settlement);
        // Results wait for the next commit's claim to take them along; alone they would cost a transaction of their own.
        if (draining || settlement.outcome === "again") wake();
        else wakeAt(monotonic() + gatherMs);
      });
  }

  /** How many rows may be claimed: all of them, and reminders and broadcasts among them. */
  function mayClaim(adapter: Adapter, rates: Buckets): { readonly all: number; readonly pushes: number } {
    const at = monotonic();
    if (draining || !trusted() || trouble.stopUntil() > at) return { all: 0, pushes: 0 };
    const concurrency = trouble.probing() ? 1 : adapter.capabilities.concurrency;
    const kept = concurrency > 1 ? Math.ceil(concurrency / 5) : 0;
    const all = Math.max(0, Math.min(concurrency - underWay.size, rates.room("reply", at)));
    const pushes = Math.max(0, Math.min(concurrency - kept - underWay.size, rates.room("broadcast", at)));
    return { all, pushes: Math.min(all, pushes) };
  }

  /** Wakes the lane when a limit or a stop ends. */
  function comeBack(rates: Buckets): void {
    const at = monotonic();
    const ends = [
      trouble.stopUntil(),
      rates.laneFreeAt("reply", at),
      rates.laneFreeAt("broadcast", at),
      ...rates.full(at).map((chat) => rates.chatFreeAt(chat, at)),
    ];
    const later = ends.filter((end) => end > at);
    if (later.length > 0) wakeAt(Math.min(...later));
  }

  function stepFailed(error: unknown): void {
    if (error instanceof StoreError && error.kind === "conflict") {
      log.info({ lane: name, epoch: lease?.epoch }, "the lane has another holder now");
      lose();
      return;
    }
    log.warn(
      { lane: name, error: error instanceof Error ? error.name : "?" },
      "the outbox could not be read; trying again",
    );
    wakeAt(monotonic() + pollMs * (0.25 + 0.5 * deps.random()));
  }

  function lose(): void {
    lease = undefined;
    heldSince = undefined;
  }

  return {
    hold(taken, askedAt) {
      // Where nobody had it in between, what this process knows about limits and results is still right.
      if (lastEpoch !== undefined && taken.epoch !== lastEpoch + 1) {
        buckets = undefined;
        settlements.length = 0;
      }
      lease = taken;
      lastEpoch = taken.epoch;
      heldSince = monotonic();
      renewedAt = askedAt;
      wake();
    },
    renewed(kept, askedAt) {
      if (lease?.epoch !== kept.epoch) return;
      const waited = !trusted();
      renewedAt = Math.max(renewedAt, askedAt);
      if (waited) wake();
    },
    lose,
    heldSince: () => heldSince,
    wake,
    drain() {
      draining = true;
      return new Promise((resolve) => {
        drained.push(resolve);
        wake();
      });
    },
    close() {
      clearTimeout(timer?.handle);
      timer = undefined;
      drained = [];
    },
    state: () => ({
      name,
      held: trusted(),
      waitingUntil: trouble.stopUntil() > monotonic() ? Math.round(now() + trouble.stopUntil() - monotonic()) : null,
      misconfigured: trouble.misconfigured(),
      underWay: underWay.size,
    }),
  };
}
