import { dayMs } from "../domain/durations.ts";
import type { Log, Receive } from "../engine/adapter.ts";
import type { DueTimer, Store } from "../store/types.ts";
import { backoffMs } from "./backoff.ts";

interface TimersDeps {
  readonly store: Pick<Store, "dueTimers" | "write">;
  readonly receive: Receive;
  readonly now: () => number;
  readonly random: () => number;
  readonly log: Log;
  readonly stopped: () => boolean;
}

/** Turns of one look into the database; they share few transactions. */
const atOnce = 200;
const longestMs = 600_000;

/** Fires due timers. `fireDue` resolves when all that were due are taken, moved, or put off after a failure. */
export function createTimers(deps: TimersDeps): { fireDue(): Promise<void> } {
  const { store, receive, now, log } = deps;
  /** What was tried: a timer that is still there is left alone for a while, whatever the reason. */
  const tried = new Map<string, { readonly times: number; readonly until: number; readonly taken: boolean }>();

  function isPutOff(id: string): boolean {
    const until = tried.get(id)?.until ?? 0;
    // A clock that was set back must not put a timer off for longer than any pause.
    return now() < until && until - now() <= longestMs * 2;
  }

  function forget(): void {
    for (const [id, { until, taken }] of tried) {
      if (now() > until + (taken ? 0 : longestMs)) tried.delete(id);
    }
  }

  async function fire(timer: DueTimer): Promise<void> {
    const id = idOf(timer);
    const times = (tried.get(id)?.times ?? 0) + 1;
    const until = now() + backoffMs(times, 5_000, longestMs, deps.random());
    tried.set(id, { times, until, taken: false });
    try {
      if (timer.address === null) await move(timer);
      else await receive({ ...inbound(timer, id), address: timer.address, receivedAt: now() });
      tried.set(id, { times, until, taken: true });
    } catch (error) {
      const facts = {
        person: timer.personId,
        timer: timer.name,
        times,
        error: error instanceof Error ? error.name : "?",
      };
      log.warn(facts, "a timer could not become a turn and is tried again");
    }
  }

  /**
   * Nobody can be spoken to. The timer goes to the same hour of a later day, so that it is there when the person comes back and
   * costs one row a day until then. It is a write without a turn: nothing was decided.
   */
  async function move(timer: DueTimer): Promise<void> {
    const { personId, name, due, data } = timer;
    const at = now();
    const days = Math.floor((at - due) / dayMs) + 1;
    await store.write([
      {
        at,
        personId,
        delivery: { channel: "timer", tenant: "", id: `moved:${personId}:${name}@${due}` },
        timerFired: { name, due },
        timersSet: [{ name, due: due + days * dayMs, data }],
        timersCancelled: [],
        records: [],
        tokens: [],
        jobs: [],
        outbox: [],
      },
    ]);
    log.info({ person: personId, timer: name, days }, "a timer was moved, since the person cannot be reached");
  }

  return {
    async fireDue() {
      for (;;) {
        forget();
        const stuck = [...tried.values()].filter(({ taken }) => !taken).length;
        const limit = atOnce + stuck;
        const due = await store.dueTimers(now(), limit);
        const ready = due.filter((timer) => !isPutOff(idOf(timer)));
        if (ready.length === 0 || deps.stopped()) return;
        await Promise.all(ready.map(fire));
        if (due.length < limit) return;
      }
    },
  };
}

function idOf({ personId, name, due }: DueTimer): string {
  return `timer:${personId}:${name}@${due}`;
}

function inbound({ name, due, data }: DueTimer, id: string) {
  // A timer knows nothing new about its person; the turn keeps what is known.
  return { id, person: { name: "" }, input: { type: "timer", name, due, data } } as const;
}
