import type { Listener, Log, Receive } from "../engine/adapter.ts";
import type { Lease } from "../store/types.ts";

/** One leased listener: it runs while the lease is held, and starts again when it ends by itself. */
export interface LeasedListener {
  hold(lease: Lease, askedAt: number): void;
  renewed(lease: Lease, askedAt: number): void;
  lose(): void;
  heldSince(): number | undefined;
  /** Stops it where the last renewal is too old to be trusted. */
  check(): void;
  /** Stops it for good. Resolves when its work has ended. */
  drain(): Promise<void>;
}

interface ListenerDeps {
  readonly listener: Listener;
  readonly receive: Receive;
  readonly leaseMs: number;
  readonly monotonic: () => number;
  readonly random: () => number;
  readonly log: Log;
}

const firstPauseMs = 1_000;
const longestPauseMs = 60_000;
/** After this long a run counts as a good one, and the next pause is short again. */
const goodRunMs = 60_000;

/** Wraps a listener. A run always ends before the next one begins, also where the lease went away and came back. */
export function createLeasedListener(deps: ListenerDeps): LeasedListener {
  const { listener, receive, leaseMs, monotonic, log } = deps;
  let lease: Lease | undefined;
  let heldSince: number | undefined;
  let renewedAt = 0;
  let failures = 0;
  let closed = false;
  let abort: AbortController | undefined;
  let running: Promise<void> | undefined;
  let pause: NodeJS.Timeout | undefined;

  const trusted = (): boolean => lease !== undefined && monotonic() - renewedAt < 0.7 * leaseMs;

  function start(): void {
    if (closed || !trusted() || running !== undefined || pause !== undefined) return;
    const controller = new AbortController();
    abort = controller;
    running = run(controller.signal).finally(() => {
      running = undefined;
      abort = undefined;
      // Lost and taken again while the old run was ending, or ended by itself.
      if (controller.signal.aborted) start();
      else later();
    });
  }

  async function run(signal: AbortSignal): Promise<void> {
    const startedAt = monotonic();
    try {
      await listener.run(receive, signal);
      if (!signal.aborted) log.warn({ listener: listener.name }, "a listener ended by itself and is started again");
    } catch (error) {
      const code = error instanceof Error ? error.name : typeof error;
      if (!signal.aborted) log.warn({ listener: listener.name, error: code }, "a listener failed and is started again");
    }
    failures = monotonic() - startedAt > goodRunMs ? 0 : failures + 1;
  }

  function later(): void {
    if (closed) return;
    const ceiling = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(10, Math.max(0, failures - 1)));
    const again = () => {
      pause = undefined;
      start();
    };
    pause = setTimeout(again, Math.round(ceiling * (0.5 + 0.5 * deps.random())));
  }

  function lose(): void {
    lease = undefined;
    heldSince = undefined;
    clearTimeout(pause);
    pause = undefined;
    abort?.abort();
  }

  return {
    hold(taken, askedAt) {
      lease = taken;
      heldSince = monotonic();
      renewedAt = askedAt;
      failures = 0;
      start();
    },
    renewed(kept, askedAt) {
      if (lease?.epoch !== kept.epoch) return;
      renewedAt = Math.max(renewedAt, askedAt);
      // It may have been stopped because renewals came late, while the lease was ours all the time.
      start();
    },
    lose,
    heldSince: () => heldSince,
    check() {
      if (!trusted()) abort?.abort();
    },
    async drain() {
      closed = true;
      lose();
      await running;
    },
  };
}
