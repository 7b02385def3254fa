import { type Card, fsrs, type Grade, Rating, State } from "ts-fsrs";
import { dayMs } from "./durations.ts";

/** How well one question is remembered. Computed from the record alone. */
export interface Memory {
  /** When it is to be asked again, epoch milliseconds. */
  readonly due: number;
  /** When it was answered last, epoch milliseconds. */
  readonly last: number;
  /** Days after which nine of ten would still know it. */
  readonly stability: number;
  /** 1 to 10. */
  readonly difficulty: number;
  /** Answers so far, and how many of them were wrong after it had been known. */
  readonly reps: number;
  readonly lapses: number;
}

/** The questions somebody has met, by id. */
export interface Memories {
  readonly [question: string]: Memory;
}

/** Reviews of one day where a programme says nothing else. */
export const reviewsPerDay = 5;

// FSRS-6 with its published parameters. Days only: no steps within a day, no chance, at most a year.
const scheduler = fsrs({
  request_retention: 0.9,
  maximum_interval: 365,
  enable_fuzz: false,
  learning_steps: [],
  relearning_steps: [],
});

/** What an answer does to the memory: wrong is forgotten, right but unsure was hard. `at` is epoch milliseconds. */
export function remember(
  before: Memory | undefined,
  answer: { readonly right: boolean; readonly sure?: boolean },
  at: number,
): Memory {
  const grade: Grade = answer.right ? (answer.sure === false ? Rating.Hard : Rating.Good) : Rating.Again;
  // A clock that was set back makes no answer come before the one it follows.
  const when = Math.max(at, before?.last ?? at);
  const { card } = scheduler.next(cardOf(before, when), new Date(when), grade);
  return {
    due: card.due.getTime(),
    last: when,
    stability: card.stability,
    difficulty: card.difficulty,
    reps: card.reps,
    lapses: card.lapses,
  };
}

function cardOf(memory: Memory | undefined, at: number): Card {
  if (memory === undefined) {
    return {
      due: new Date(at),
      stability: 0,
      difficulty: 0,
      elapsed_days: 0,
      scheduled_days: 0,
      learning_steps: 0,
      reps: 0,
      lapses: 0,
      state: State.New,
    };
  }
  const { due, last, stability, difficulty, reps, lapses } = memory;
  return {
    due: new Date(due),
    last_review: new Date(last),
    stability,
    difficulty,
    elapsed_days: 0,
    scheduled_days: Math.round((due - last) / dayMs),
    learning_steps: 0,
    reps,
    lapses,
    state: State.Review,
  };
}

/** What is to be reviewed. */
export interface Due {
  /** The questions of today, the one most likely forgotten first; no more than are left of the day's few. */
  readonly today: readonly string[];
  /** How many are due in all. */
  readonly all: number;
  /** When the next one falls due, epoch milliseconds; undefined where nothing is ever due. */
  readonly next: number | undefined;
}

/**
 * What is due on a day of the learner, `day` from its first instant to that of the next one. After a break nothing piles up: each day
 * takes a few, those first that are nearest to being forgotten.
 */
export function dueAt(
  memories: Memories,
  now: number,
  perDay: number,
  day: { readonly start: number; readonly end: number },
): Due {
  const all = Object.entries(memories);
  const due = all.filter(([, memory]) => memory.due < day.end);
  const done = all.filter(([, memory]) => memory.reps > 1 && memory.last >= day.start).length;
  const waiting = due
    .map(([id, memory]) => ({ id, recall: recall(memory, now) }))
    .sort((one, other) => one.recall - other.recall);
  const next = all.length === 0 ? undefined : Math.min(...all.map(([, memory]) => memory.due));
  return { today: waiting.slice(0, Math.max(0, perDay - done)).map(({ id }) => id), all: due.length, next };
}

/** The chance that it is still known, 0 to 1. */
function recall(memory: Memory, now: number): number {
  return scheduler.get_retrievability(cardOf(memory, now), new Date(Math.max(now, memory.last)), false);
}
