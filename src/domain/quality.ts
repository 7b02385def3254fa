import { lastDay } from "./calendar.ts";
import type { Localised } from "./programme.ts";

/** What a criterion of quality is about: the three aims for families, then the four phases of good training (EQAVET). */
export const qualityAims = ["body", "mind", "social", "plan", "do", "check", "improve"] as const;
export type QualityAim = (typeof qualityAims)[number];

/** Who looks after a programme's content: the house that runs it, or a role in it. Never a person: people change. */
export const qualityOwners = ["house", "admin", "author", "coordinator", "trainer", "assessor", "expert"] as const;
export type QualityOwner = (typeof qualityOwners)[number];

/** What a programme promises about its own quality, and how long a look at it holds. */
export interface Quality {
  readonly owner: QualityOwner;
  /** The last look that came with the content itself. No part of what is taught: it changes without a new version. */
  readonly review: { readonly on: string; readonly everyMonths: number };
  /** In the order shown; a criterion is one sentence that is met, partly met or not met. */
  readonly criteria: readonly {
    readonly id: string;
    readonly aim: QualityAim;
    readonly text: Localised<string>;
  }[];
}

/** A review that somebody signed off: the day of it, and the last day on which it holds. */
export interface SignedReview {
  readonly day: string;
  readonly until: string;
}

/** Whether a programme's review holds on a day; `until` is its last day, null where nothing asks for a review. */
export interface ReviewStand {
  readonly stands: boolean;
  readonly until: string | null;
}

/**
 * Whether the last look at a programme still holds on a day (`2026-11-22`). A sign-off counts from its day on; a date that came with the
 * content later than that takes its place. Without `quality` nothing is asked, and it stands.
 */
export function reviewStands(
  quality: Pick<Quality, "review"> | undefined,
  signed: SignedReview | undefined,
  today: string,
): ReviewStand {
  if (quality === undefined) return { stands: true, until: null };
  const { on, everyMonths } = quality.review;
  const until = signed !== undefined && signed.day >= on ? signed.until : lastDay(on, everyMonths);
  return { stands: today <= until, until };
}
