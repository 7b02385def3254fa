import type { Gate } from "./gate.ts";

/** Transactions on one connection, and small work that rides along with them. */
export interface Riders {
  /** Runs `work` in a transaction, after everything that rides. */
  commit<T>(work: () => T): Promise<T>;
  /** Runs `work` in the next transaction, or alone after a moment. It may run more than once, each time undone before. */
  ride<T>(work: () => T): Promise<T>;
}

/** How long small work waits for a transaction to ride with, milliseconds. */
const rideMs = 5;

interface Rider {
  readonly work: () => unknown;
  readonly done: (result: unknown) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * A commit costs more than the rows in it, so what a lane has to settle goes with the turns' own. `immediately` runs work in a
 * transaction that holds the write lock from its beginning.
 */
export function createRiders(immediately: <T>(work: () => T) => T, gate: Gate): Riders {
  const waiting: Rider[] = [];
  let scheduled = false;

  function transact<T>(work: () => T, riders: readonly Rider[]): T {
    let results: readonly unknown[] = [];
    const result = immediately(() => {
      results = riders.map((rider) => rider.work());
      return work();
    });
    for (const [index, rider] of riders.entries()) rider.done(results[index]);
    return result;
  }

  function goAlone(): void {
    if (scheduled) return;
    scheduled = true;
    setTimeout(() => {
      scheduled = false;
      void gate.run(() => {
        const riders = waiting.splice(0);
        if (riders.length === 0) return;
        try {
          transact(() => {}, riders);
        } catch (error) {
          for (const rider of riders) rider.failed(error);
        }
      });
    }, rideMs);
  }

  return {
    commit: (work) =>
      gate.run(() => {
        const riders = waiting.splice(0);
        try {
          return transact(work, riders);
        } catch (error) {
          if (riders.length === 0) throw error;
          // Whose fault it was shows when each goes without the other.
          waiting.unshift(...riders);
          goAlone();
          return transact(work, []);
        }
      }),
    ride: <T>(work: () => T) =>
      new Promise<T>((resolve, reject) => {
        waiting.push({ work, done: (result) => resolve(result as T), failed: reject });
        goAlone();
      }),
  };
}
