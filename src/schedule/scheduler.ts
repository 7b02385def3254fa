import cron, { type Logger, type ScheduledTask } from "node-cron";
import { hourMs } from "../domain/durations.ts";
import type { Log, Receive } from "../engine/adapter.ts";
import type { Job, Store, Upkeep } from "../store/types.ts";
import { createJobRunner } from "./jobs.ts";
import { createTimers } from "./timers.ts";

export interface SchedulerOptions {
  readonly store: Pick<Store, "dueTimers" | "jobs" | "jobDone" | "jobFailed" | "write" | "onWork"> & {
    readonly upkeep: Pick<Upkeep, "held" | "empty">;
  };
  readonly receive: Receive;
  /** What each job's name does. A job may run again after a crash, so it must not mind having run before. */
  readonly jobs: { readonly [name: string]: (job: Job) => Promise<void> };
  /** Work that is looked at with every tick, by its name in the log; safe to do on several instances at once. */
  readonly also?: { readonly [what: string]: () => Promise<void> };
  /** Epoch milliseconds of the product's clock. */
  readonly now: () => number;
  readonly log: Log;
  /** Jitter. */
  readonly random?: () => number;
  /** When the metronome ticks, as a cron pattern; every second. */
  readonly pattern?: string;
}

export interface Scheduler {
  start(): void;
  /** Looks for due work at once, for example after the clock was moved. */
  wake(): void;
  /** Begins nothing more and waits for what is under way, at most `withinMs`. Never rejects. */
  stop(withinMs?: number): Promise<void>;
}

/** The first emptying does not compete with the start. */
const firstEmptyingMs = 60_000;

/**
 * Turns due timers into turns, runs jobs and empties what is past its time. The metronome only ticks: what is due stands in
 * the database, so any number of instances may tick and a missed tick is made up by the next. While a restored database is
 * held, nothing happens.
 */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { store, now, log } = options;
  const parts = { ...options, random: options.random ?? Math.random, stopped: () => stopping };
  const timers = createTimers(parts);
  const jobs = createJobRunner(parts);
  let task: ScheduledTask | undefined;
  let unsubscribe = (): void => {};
  let released = false;
  let stopping = false;
  let emptyAt = now() + firstEmptyingMs;

  const lookForTimers = oneAtATime(async () => void ((await isOpen()) && (await timers.fireDue())), "timers");
  const lookForJobs = oneAtATime(async () => void ((await isOpen()) && (await jobs.startDue())), "jobs");
  const lookForWaste = oneAtATime(async () => void ((await isOpen()) && (await empty())), "emptying");

  const others = Object.entries(options.also ?? {}).map(([what, work]) =>
    oneAtATime(async () => void ((await isOpen()) && (await work())), what),
  );

  /** A database is only ever held from its start on, so the answer "no" is asked for once. */
  async function isOpen(): Promise<boolean> {
    released ||= !(await store.upkeep.held());
    return released && !stopping;
  }

  async function empty(): Promise<void> {
    const at = now();
    // The second condition: the clock was set back.
    if (at < emptyAt && emptyAt - at <= hourMs) return;
    emptyAt = at + hourMs;
    const counts = await store.upkeep.empty(at);
    log.info({ counts }, "emptied what is past its time");
  }

  /** Runs `work` when asked; asked again meanwhile, it runs once more. Errors are logged: the next tick tries again. */
  function oneAtATime(work: () => Promise<void>, what: string) {
    let running: Promise<void> | undefined;
    let again = false;
    async function run(): Promise<void> {
      do {
        again = false;
        try {
          await work();
        } catch (error) {
          log.warn(
            { what, error: error instanceof Error ? error.name : "?" },
            "the schedule could not be read; trying again",
          );
        }
      } while (again && !stopping);
      running = undefined;
    }
    return {
      ask() {
        if (stopping) return;
        if (running === undefined) running = run();
        else again = true;
      },
      ended: () => running ?? Promise.resolve(),
    };
  }

  function wake(): void {
    lookForTimers.ask();
    lookForJobs.ask();
    lookForWaste.ask();
    for (const other of others) other.ask();
  }

  return {
    start() {
      unsubscribe = store.onWork((work) => {
        if (work.jobs) lookForJobs.ask();
      });
      task = cron.schedule(options.pattern ?? "* * * * * *", wake, {
        name: "schedule",
        noOverlap: true,
        suppressMissedWarning: true,
        logger: asLogger(log),
      });
      wake();
    },
    wake,
    async stop(withinMs = 10_000) {
      stopping = true;
      unsubscribe();
      await task?.destroy();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<"late">((resolve) => {
        timer = setTimeout(() => resolve("late"), withinMs);
      });
      const all = Promise.all([
        lookForTimers.ended(),
        lookForJobs.ended(),
        lookForWaste.ended(),
        ...others.map((one) => one.ended()),
      ]).then(jobs.ended);
      if ((await Promise.race([all, late])) === "late") {
        log.warn({}, "stopped with scheduled work under way; what is not done is done after the next start");
      }
      clearTimeout(timer);
    },
  };
}

function asLogger(log: Log): Logger {
  const say = (level: "debug" | "info" | "warn" | "error") => (message: string | Error) =>
    log[level]({}, message instanceof Error ? message.name : message);
  return { debug: say("debug"), info: say("info"), warn: say("warn"), error: say("error") };
}
