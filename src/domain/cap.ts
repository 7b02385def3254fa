/** Pushes a person gets on one of their days, whatever they are about: reminders, notices, broadcasts. */
export const dailyCap = 1;

/** The local day (`2026-11-21`) on which something was pushed last, and how much on that day. */
export interface Pushed {
  readonly day: string;
  readonly count: number;
}

/**
 * Whether nothing more may be pushed on a local day. A day that is still to come counts too: whoever flew west has had that
 * day's message already.
 */
export function isCapReached(pushed: Pushed | null, day: string, cap: number): boolean {
  return pushed !== null && day <= pushed.day && pushed.count >= cap;
}

/** The count after one more push on a local day. */
export function countPush(pushed: Pushed | null, day: string): Pushed {
  return pushed !== null && day <= pushed.day ? { ...pushed, count: pushed.count + 1 } : { day, count: 1 };
}
