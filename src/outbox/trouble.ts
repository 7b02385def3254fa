import type { DeliveryError, Failure, Log } from "../engine/adapter.ts";
import type { Observe } from "./observe.ts";
import type { Verdict } from "./retry.ts";

/** What stands between a lane and its platform: a stop, failures in a row, a wrong configuration. Instants are monotonic. */
interface Trouble {
  stopUntil(): number;
  /** The platform's code while an operator has to repair something. */
  misconfigured(): string | null;
  /** One message at a time until the way is known to be open again. */
  probing(): boolean;
  /** Failures of this kind in a row before the send that started at `startedAt`. */
  inARow(failure: Failure, startedAt: number): number;
  failed(error: DeliveryError, verdict: Verdict, startedAt: number): void;
  /** A message sent at `startedAt` arrived. */
  reached(startedAt: number): void;
}

/** Keeps the troubles of one lane. A new holder starts without any and learns them from the platform's next answer. */
export function createTrouble(deps: {
  readonly name: string;
  readonly monotonic: () => number;
  readonly log: Log;
  readonly observe: Observe;
}): Trouble {
  const { name, monotonic, log, observe } = deps;
  const counts = new Map<Failure, number>();
  let stop = Number.NEGATIVE_INFINITY;
  let stoppedAt = Number.NEGATIVE_INFINITY;
  let wrong: string | null = null;

  function reached(startedAt: number): void {
    // What left before the stop says nothing about the way after it.
    if (startedAt < stoppedAt) return;
    counts.clear();
    if (wrong === null) return;
    log.info({ lane: name, code: wrong }, "the platform accepts messages of this lane again");
    wrong = null;
  }

  return {
    stopUntil: () => stop,
    misconfigured: () => wrong,
    probing: () => wrong !== null || (counts.get("unreachable") ?? 0) > 1,
    inARow(failure, startedAt) {
      const count = counts.get(failure) ?? 0;
      return startedAt > stoppedAt ? count : Math.max(0, count - 1);
    },
    failed(error, verdict, startedAt) {
      if (error.failure === "throttled") observe.throttled?.(name);
      if (error.failure === "unreachable") observe.unreachable?.(name);
      if (verdict.misconfigured && wrong !== error.code) {
        wrong = error.code;
        observe.misconfigured?.(name, error.code);
        log.error(
          { lane: name, code: error.code },
          "the platform accepts nothing from this lane; `doctor` says what to repair",
        );
      }
      if (verdict.stopLaneMs <= 0) {
        // "Gone" and "rejected" are answers: the way to the platform is open.
        if (error.failure !== "unknown") reached(startedAt);
        return;
      }
      stop = Math.max(stop, monotonic() + verdict.stopLaneMs);
      // Sends that were under way when the lane stopped fail for the same reason: together they count once.
      const count = counts.get(error.failure) ?? 0;
      if (startedAt > stoppedAt || count === 0) counts.set(error.failure, count + 1);
      stoppedAt = monotonic();
    },
    reached,
  };
}
