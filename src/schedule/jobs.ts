import { hourMs } from "../domain/durations.ts";
import type { Log } from "../engine/adapter.ts";
import { type Job, PutOff, type Store } from "../store/types.ts";
import { backoffMs } from "./backoff.ts";

interface JobRunnerDeps {
  readonly store: Pick<Store, "jobs" | "jobDone" | "jobFailed">;
  readonly jobs: { readonly [name: string]: (job: Job) => Promise<void> };
  readonly now: () => number;
  readonly random: () => number;
  readonly log: Log;
  readonly stopped: () => boolean;
}

/** Jobs of this instance under way at once. */
const atOnce = 4;

/** Runs jobs that wait. `startDue` resolves when they are started, `ended` when none is under way any more. */
export function createJobRunner(deps: JobRunnerDeps): { startDue(): Promise<void>; ended(): Promise<void> } {
  const { store, jobs, now, log } = deps;
  const underWay = new Map<string, Promise<void>>();

  async function startDue(): Promise<void> {
    const free = atOnce - underWay.size;
    if (free <= 0 || deps.stopped()) return;
    for (const job of await store.jobs(now(), free)) {
      // The store hands a job out again after a minute; one that takes longer is still ours.
      if (underWay.has(job.id)) continue;
      underWay.set(
        job.id,
        run(job).finally(() => {
          underWay.delete(job.id);
          startDue().catch(unread);
        }),
      );
    }
  }

  /** Never rejects. */
  async function run(job: Job): Promise<void> {
    const facts = { job: job.id, name: job.name, person: job.personId, attempts: job.attempts };
    try {
      const work = jobs[job.name];
      if (work === undefined) {
        log.error(facts, "no job of this name exists in this version; it waits an hour");
        await store.jobFailed(job.id, now() + hourMs);
        return;
      }
      const failure = await work(job).then(
        () => undefined,
        (error: unknown) =>
          error instanceof PutOff ? { until: error.until } : { error: error instanceof Error ? error.name : "?" },
      );
      if (failure === undefined) return await store.jobDone(job.id);
      if (failure.until !== undefined) return await store.jobFailed(job.id, failure.until);
      log.warn({ ...facts, ...failure }, "a job failed and is tried again");
      await store.jobFailed(job.id, now() + backoffMs(job.attempts + 1, 5_000, hourMs, deps.random()));
    } catch (error) {
      // The store lets it go after a minute, and it runs again.
      log.warn(
        { ...facts, error: error instanceof Error ? error.name : "?" },
        "the end of a job could not be written down",
      );
    }
  }

  function unread(error: unknown): void {
    log.warn({ error: error instanceof Error ? error.name : "?" }, "jobs could not be read; trying again");
  }

  return {
    startDue,
    async ended() {
      while (underWay.size > 0) await Promise.all(underWay.values());
    },
  };
}
