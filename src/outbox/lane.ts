import type { Adapter } from "../engine/adapter.ts";
import type { OutgoingKind } from "../engine/types.ts";
import type { ClaimedRow, HandedRow, Lease, Settlement } from "../store/types.ts";
import { StoreError } from "../store/types.ts";
import { type Buckets, type ClaimLimits, changes, claimLimits, createBuckets } from "./buckets.ts";
import { createRecent } from "./recent.ts";
import { complete, putBack, type SendRights, sendRow } from "./send.ts";
import { createTrouble } from "./trouble.ts";
import type { Lane, LaneDeps } from "./types.ts";

/** A poll in case a wake-up got lost, and for rows whose time comes. */
const pollMs = 1_000;
/** How long results of sends wait for company, in milliseconds. */
const gatherMs = 10;
/** A lease counts for seven tenths of its time: the rest is for a request on its way and clocks that differ. */
const trustedPart = 0.7;

/** Creates a lane without a lease; it does nothing until `hold`. */
export function createLane(deps: LaneDeps): Lane {
  const { name, store, holder, leaseMs, now, monotonic, log } = deps;
  /** The row that each busy chat is being sent. */
  const underWay = new Map<string, number>();
  /** Chats that may have a row behind the one under way: it is claimed as soon as that one is settled. */
  const behind = new Set<string>();
  /** The last claim may have left rows that could go. */
  let left = false;
  /** Somebody else may have written for any chat. */
  let unseen = false;
  const recent = createRecent();
  /** Settled with the next step. */
  const settlements: Settlement[] = [];
  const trouble = createTrouble(deps);
  let lease: Lease | undefined;
  let lastEpoch: number | undefined;
  let heldSince: number | undefined;
  let renewedAt = 0;
  let buckets: Buckets | undefined;
  /** Sends that a claim on its way may start. */
  let promised = 0;
  /** Rows that wait for it to answer. */
  const postponed: HandedRow[] = [];
  let draining = false;
  let stepping = false;
  /** Something may wait to be claimed. */
  let dirty = false;
  /** Results have waited for company long enough. */
  let gathered = false;
  let gathering: NodeJS.Timeout | undefined;
  let timer: { readonly at: number; readonly handle: NodeJS.Timeout } | undefined;
  let drained: (() => void)[] = [];

  const trusted = (): boolean => lease !== undefined && monotonic() - renewedAt < trustedPart * leaseMs;

  function wake(): void {
    unseen = true;
    claimSoon();
  }

  function claimSoon(): void {
    dirty = true;
    start();
  }

  function start(): void {
    if (stepping) return;
    stepping = true;
    setImmediate(() => void run());
  }

  /** Results wait for others and for the next turns, to share their commit. */
  function gather(): void {
    gathering ??= setTimeout(() => {
      gathering = undefined;
      gathered = true;
      dirty ||= left;
      start();
    }, gatherMs);
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
    while (dirty || gathered) {
      const claims = dirty;
      dirty = false;
      gathered = false;
      try {
        await step(claims);
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

  async function step(claims: boolean): Promise<void> {
    const adapter = deps.adapter();
    if (lease === undefined || adapter === undefined || !adapter.capabilities.lane) return;
    buckets ??= createBuckets(adapter.capabilities.rates, lease.epoch <= 1 ? "none" : monotonic());
    if (!claims) return void (await ask(lease, 0, undefined, adapter, buckets));
    const lookedAt = monotonic();
    const limits = mayClaim(adapter, buckets, lookedAt);
    left = limits.pushes === 0;
    // Replies come first in a claim, so they may use the whole limit only in a claim of their own.
    const first = limits.pushes > 0 ? Math.min(limits.all, limits.pushes) : limits.all;
    const rows = await ask(lease, first, limits.pushes > 0 ? undefined : "reply", adapter, buckets);
    if (first < limits.all && rows === first && lease !== undefined) {
      await ask(lease, limits.all - first, "reply", adapter, buckets);
    }
    if (!draining && lease !== undefined) comeBack(buckets, lookedAt);
  }

  /** Settles what is finished and claims up to `limit` rows. Returns how many came. */
  async function ask(by: Lease, limit: number, kind: OutgoingKind | undefined, adapter: Adapter, rates: Buckets) {
    const settle = settlements.slice();
    if (settle.length === 0 && limit === 0) return 0;
    const busy = limit === 0 ? [] : [...new Set([...underWay.keys(), ...rates.full(monotonic())])];
    promised = limit;
    if (unseen && limit > 0) {
      unseen = false;
      for (const chat of underWay.keys()) behind.add(chat);
    }
    try {
      const claim = kind === undefined ? { limit, busy } : { kind, limit, busy };
      const rows = await store.step(by, holder, now(), settle, claim);
      settlements.splice(0, settle.length);
      promised = 0;
      // What was just put back may be claimed by the next step only.
      for (const row of settle) if (row.outcome === "again") wakeAt(monotonic() + Math.max(0, row.notBefore - now()));
      for (const row of rows) {
        if (row.more) behind.add(row.address.id);
        launch(row, by, adapter, rates);
      }
      left ||= limit > 0 && rows.length >= limit;
      return rows.length;
    } finally {
      promised = 0;
      const offers = postponed.splice(0).map(offer);
      if (offers.includes(false)) claimSoon();
    }
  }

  function launch(row: ClaimedRow, by: Lease, adapter: Adapter, rates: Buckets): void {
    const chat = row.address.id;
    if (underWay.has(chat)) {
      // One send per chat at a time: the second row of a claim goes back, in its place.
      settlements.push(putBack(row));
      return;
    }
    underWay.set(chat, row.seq);
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
      .then((result) => {
        const settlement = complete(result, row, adapter, deps);
        underWay.delete(chat);
        settlements.push(settlement);
        if (settlement.outcome === "sent") recent.note(settlement.seq, settlement.messages);
        // Results wait for the next commit's claim to take them along; alone they would cost a transaction of their own.
        if (draining || settlement.outcome === "again" || behind.delete(chat)) claimSoon();
        else gather();
      });
  }

  function offer(handed: HandedRow): boolean {
    const { row, before } = handed;
    const adapter = deps.adapter();
    if (lease === undefined || buckets === undefined || adapter === undefined || draining || !trusted()) return false;
    const at = monotonic();
    const chat = row.address.id;
    if (promised > 0) {
      postponed.push(handed);
      return true;
    }
    const other = underWay.get(chat);
    if (other !== undefined) {
      // A claim may have seen the row before this instance heard of its commit.
      if (other !== row.seq) behind.add(chat);
      return true;
    }
    const blocked =
      underWay.size >= adapter.capabilities.concurrency ||
      trouble.stopUntil() > at ||
      trouble.probing() ||
      buckets.room(row.kind, at) < 1 ||
      buckets.chatFreeAt(chat, at) > at ||
      !before.every(recent.left);
    if (blocked) return false;
    const resolved = recent.resolve(row);
    if (resolved === undefined) return false;
    if (handed.leaves(lease)) launch(resolved, lease, adapter, buckets);
    return true;
  }

  function mayClaim(adapter: Adapter, rates: Buckets, at: number): ClaimLimits {
    if (draining || !trusted() || trouble.stopUntil() > at) return { all: 0, pushes: 0 };
    const concurrency = trouble.probing() ? 1 : adapter.capabilities.concurrency;
    return claimLimits(concurrency, underWay.size, rates, at);
  }

  /** Wakes the lane when a limit or a stop ends that held up a claim at `at`, also where it has ended since. */
  function comeBack(rates: Buckets, at: number): void {
    const ends = [trouble.stopUntil(), ...changes(rates, at)];
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
    offer,
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
      clearTimeout(gathering);
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
