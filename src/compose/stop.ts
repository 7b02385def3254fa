import type { Log } from "../engine/adapter.ts";

/** A thing to stop: its name for the log, how long it may take in milliseconds, and how. */
export type StopStep = readonly [name: string, withinMs: number, stop: () => Promise<unknown>];

/** Stops one thing after the other. One that fails or hangs is logged and left behind, so that the rest still stops. */
export async function stopInOrder(log: Log, steps: readonly StopStep[]): Promise<void> {
  for (const [name, withinMs, stop] of steps) {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<"late">((resolve) => {
      timer = setTimeout(() => resolve("late"), withinMs);
    });
    try {
      if ((await Promise.race([stop(), late])) === "late") {
        log.warn({ part: name, withinMs }, "did not stop in time and was left behind");
      }
    } catch (error) {
      log.error({ part: name, error }, "could not be stopped cleanly");
    } finally {
      clearTimeout(timer);
    }
  }
  log.info({}, "stopped");
}
