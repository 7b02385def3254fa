import type { Json } from "../engine/types.ts";
import type { Levels } from "./framework.ts";

/** A finished self-assessment. */
export interface SelfAttempt {
  readonly attempt: string;
  /** When it was finished, epoch milliseconds. */
  readonly at: number;
  /** The version of the framework. */
  readonly framework: string;
  readonly levels: Levels;
  /** Since when coordinators and assessors may see it, epoch milliseconds; null: only the person does. */
  readonly sharedAt: number | null;
  /** How often that was changed: part of the key of the next change. */
  readonly changes: number;
}

/** The most attempts that are kept at hand; all of them stay in the record. */
export const mostAttempts = 5;

/** Adds what the record says of a self-assessment (`self.done`, `self.shared`). A new one is shared with nobody. */
export function assessed(
  before: readonly SelfAttempt[],
  type: "self.done" | "self.shared",
  data: { readonly [key: string]: Json },
  at: number,
): readonly SelfAttempt[] {
  const attempt = String(data.attempt);
  if (type === "self.shared") {
    return before.map((one) =>
      one.attempt === attempt ? { ...one, sharedAt: data.shared === true ? at : null, changes: one.changes + 1 } : one,
    );
  }
  const done = { attempt, at, framework: String(data.framework), levels: (data.levels ?? {}) as Levels };
  const others = before.filter((one) => one.attempt !== attempt);
  return [...others, { ...done, sharedAt: null, changes: 0 }].slice(-mostAttempts);
}
