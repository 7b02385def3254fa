import type { Failure } from "../engine/adapter.ts";
import type { OutgoingKind } from "../engine/types.ts";

/** A send that did not work, with everything the decision depends on. */
export interface FailedSend {
  readonly failure: Failure;
  readonly kind: OutgoingKind;
  /** It replaces something (a message, a home page): sending it twice shows nothing twice. */
  readonly isEdit: boolean;
  /** Something of the same row waits behind this part. */
  readonly moreBehind: boolean;
  /** Earlier sends of this part that may have arrived. */
  readonly attempts: number;
  /** The row was found in `sending` when the lane changed hands: one more send that may have arrived. */
  readonly mayBeSent: boolean;
  readonly retryAfterMs: number | undefined;
  /** Failures of this kind in a row on this lane, before this one. */
  readonly inARow: number;
  /** How long ago the row was written, in milliseconds. */
  readonly ageMs: number;
  /** 0 ≤ x < 1. */
  readonly random: number;
}

/** What becomes of the part: tried again after a while, left out, or given up with this outcome. */
type PartVerdict =
  | { readonly part: "again"; readonly afterMs: number; readonly attempts: number }
  | { readonly part: "drop" }
  | { readonly part: "give-up"; readonly outcome: "unknown" | "rejected" | "gone" };

export type Verdict = PartVerdict & {
  /** How long nothing may leave on the whole lane, in milliseconds. */
  readonly stopLaneMs: number;
  /** The lane waits for an operator and is only probed. */
  readonly misconfigured: boolean;
};

const second = 1_000;
/** The longest a lane waits by itself: ten minutes. */
const longestStopMs = 600 * second;
/** Edits are free to repeat, but a chat must not stand still for the sake of an old message. */
const editTries = 5;
/** With a new message waiting behind it, an old one that keeps its buttons does less harm than a learner without a question. */
const editTriesBeforeMessage = 2;

/**
 * The retry rules, all of them. Pure: the caller stops the lane and settles the row.
 * Nothing was sent: it is tried again for ever. It may have been sent: a reply is repeated once, since a learner without the
 * next question is stuck and a doubled one does no harm; an edit is repeated freely; a push is never repeated by itself.
 */
export function afterFailure(send: FailedSend): Verdict {
  const goesOn = { stopLaneMs: 0, misconfigured: false };
  const untouched = Math.max(send.attempts, send.mayBeSent ? 1 : 0);
  switch (send.failure) {
    case "throttled":
      return {
        ...goesOn,
        part: "again",
        afterMs: 0,
        attempts: untouched,
        stopLaneMs: throttleMs(send.retryAfterMs, send.inARow, send.random),
      };
    case "unreachable":
      // The lane's stop spares the platform; the row's own wait, growing with its age, lets other chats go first.
      return {
        ...goesOn,
        part: "again",
        afterMs: jittered(Math.min(60 * second, Math.max(second, send.ageMs / 2)), send.random),
        attempts: untouched,
        stopLaneMs: jittered(Math.min(30 * second, 500 * 2 ** Math.min(send.inARow, 10)), send.random),
      };
    case "misconfigured":
      return {
        part: "again",
        afterMs: 0,
        attempts: untouched,
        stopLaneMs: jittered(Math.min(longestStopMs, 30 * second * 2 ** Math.min(send.inARow, 10)), send.random),
        misconfigured: true,
      };
    case "gone":
      return { ...goesOn, part: "give-up", outcome: "gone" };
    case "rejected":
      return send.isEdit ? { ...goesOn, part: "drop" } : { ...goesOn, part: "give-up", outcome: "rejected" };
    case "unknown":
      return { ...goesOn, ...afterUnknown(send) };
  }
}

/** What to do with a row that was found in `sending`: repeat it, or leave it to a person to send it again. */
export function afterCrash(kind: OutgoingKind): "repeat" | "unknown" {
  return kind === "reply" ? "repeat" : "unknown";
}

function afterUnknown(send: FailedSend): PartVerdict {
  const tried = Math.max(send.attempts, send.mayBeSent ? 1 : 0) + 1;
  if (send.isEdit) {
    if (tried >= (send.moreBehind ? editTriesBeforeMessage : editTries)) return { part: "drop" };
    return { part: "again", afterMs: jittered(500 * 2 ** tried, send.random), attempts: tried };
  }
  if (send.kind === "reply" && tried < 2) {
    return { part: "again", afterMs: jittered(second, send.random), attempts: tried };
  }
  return { part: "give-up", outcome: "unknown" };
}

/**
 * How long a throttled lane stops: what the platform asks for and up to a tenth more, so that several lanes do not come
 * back in the same instant. Without a figure 2 s doubling with full jitter, at most ten minutes, at least half a second.
 */
function throttleMs(retryAfterMs: number | undefined, inARow: number, random: number): number {
  if (retryAfterMs !== undefined && retryAfterMs > 0) return Math.ceil(retryAfterMs * (1 + 0.1 * random));
  const ceiling = Math.min(longestStopMs, 2 * second * 2 ** Math.min(inARow, 20));
  return Math.max(second / 2, Math.round(ceiling * random));
}

/** Between three quarters and five quarters of a wait. */
function jittered(ms: number, random: number): number {
  return Math.round(ms * (0.75 + 0.5 * random));
}
