import type { Log } from "../engine/adapter.ts";
import type { Store } from "./types.ts";

/** What waits after a commit. */
export type Work = Parameters<Parameters<Store["onWork"]>[0]>[0];

/** Tells listeners of this process what waits. A listener that throws is logged and disturbs nobody. */
export interface WorkBell {
  readonly on: Store["onWork"];
  ring(work: Work): void;
}

/** The bell of one store. Listeners are called in a later tick, so that a commit never waits for them. */
export function createWorkBell(log: Log): WorkBell {
  const listeners = new Set<(work: Work) => void>();
  return {
    on(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    ring(work) {
      if (work.lanes.length + work.chats.length + (work.rows?.length ?? 0) === 0 && !work.jobs) return;
      queueMicrotask(() => {
        for (const listener of listeners) {
          try {
            listener(work);
          } catch (error) {
            log.error(
              { error: error instanceof Error ? error.message : String(error) },
              "a listener for new work failed",
            );
          }
        }
      });
    },
  };
}
