import type { Inbound } from "../../src/engine/types.ts";
import { createScheduler, type SchedulerOptions } from "../../src/schedule/scheduler.ts";
import { type DueTimer, type Job, StoreError, type TurnWrite } from "../../src/store/types.ts";

export const address = { channel: "x", tenant: "a", user: "ann", ref: null };

/** Timers and jobs in memory, as `src/store/types.ts` describes them, shared by any number of schedulers. */
export function createMemorySchedule() {
  const timers: DueTimer[] = [];
  const jobs: (Job & { notBefore: number; takenUntil: number })[] = [];
  const listeners = new Set<(work: { lanes: string[]; chats: string[]; jobs: boolean }) => void>();
  const moved: TurnWrite[] = [];
  const memory = {
    timers,
    jobs,
    moved,
    held: false,
    emptied: [] as number[],
    error: undefined as Error | undefined,
    looks: 0,
    addTimer(timer: Partial<DueTimer>) {
      timers.push({ personId: "p1", name: "reminder", due: 0, data: { n: 1 }, address, ...timer });
    },
    addJob(job: Partial<Job> = {}) {
      jobs.push({
        id: `j${jobs.length}`,
        personId: "p1",
        name: "merge",
        data: null,
        attempts: 0,
        notBefore: 0,
        takenUntil: 0,
        ...job,
      });
      for (const listener of listeners) listener({ lanes: [], chats: [], jobs: true });
    },
    store: {
      async dueTimers(now: number, limit: number) {
        memory.looks++;
        if (memory.error !== undefined) throw memory.error;
        return timers.filter(({ due }) => due <= now).slice(0, limit);
      },
      async write(turns: readonly TurnWrite[]) {
        for (const { personId, timerFired: fired, timersSet } of turns) {
          const index = timers.findIndex(
            (timer) => timer.personId === personId && timer.name === fired?.name && timer.due === fired.due,
          );
          const old = timers[index];
          if (old === undefined) throw new StoreError("conflict", "moved already");
          timers.splice(index, 1, ...timersSet.map((set) => ({ ...old, ...set })));
        }
        moved.push(...turns);
      },
      async jobs(now: number, limit: number) {
        if (memory.error !== undefined) throw memory.error;
        const ready = jobs.filter(({ notBefore, takenUntil }) => notBefore <= now && takenUntil <= now).slice(0, limit);
        for (const job of ready) job.takenUntil = now + 60_000;
        return ready.map(({ notBefore: _, takenUntil: __, ...job }) => job);
      },
      async jobDone(id: string) {
        const index = jobs.findIndex((job) => job.id === id);
        if (index >= 0) jobs.splice(index, 1);
      },
      async jobFailed(id: string, notBefore: number) {
        const index = jobs.findIndex((job) => job.id === id);
        const job = jobs[index];
        if (job !== undefined) jobs[index] = { ...job, attempts: job.attempts + 1, notBefore, takenUntil: 0 };
      },
      onWork(listener: (work: { lanes: string[]; chats: string[]; jobs: boolean }) => void) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      upkeep: {
        held: async () => memory.held,
        empty: async (now: number) => {
          memory.emptied.push(now);
          return {};
        },
      },
    },
    /** A receive that takes every timer and deletes it, as a turn does; a second arrival is a duplicate. */
    async take(inbound: Inbound) {
      const index = timers.findIndex((timer) => inbound.id === `timer:${timer.personId}:${timer.name}@${timer.due}`);
      if (index < 0) return { outcome: "duplicate" } as const;
      timers.splice(index, 1);
      return { outcome: "taken" } as const;
    },
  };
  return memory;
}

/** A scheduler on such a memory, with everything it hands in. */
export function scheduleWorld(memory = createMemorySchedule(), more: Partial<SchedulerOptions> = {}) {
  const received: Inbound[] = [];
  const quiet = () => {};
  const scheduler = createScheduler({
    store: memory.store,
    async receive(inbound) {
      received.push(inbound);
      return memory.take(inbound);
    },
    jobs: {},
    now: Date.now,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    random: () => 1,
    ...more,
  });
  return { memory, scheduler, received };
}
