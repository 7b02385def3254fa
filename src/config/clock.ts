import { Temporal } from "temporal-polyfill";

/** The product's clock. Signatures, tokens and sign-in use the real one instead. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Moves the clock to an instant, or by a shift such as `+P3D`; throws `RangeError` for anything else. Absent outside tests. */
  readonly move?: (to: string) => void;
}

/** The real time. */
export const realClock: Clock = { now: () => Date.now() };

/** A clock that runs at normal speed from somewhere else. Throws `RangeError` where `start` is neither instant nor shift. */
export function movableClock(start: string, real: () => number = () => Date.now()): Clock {
  let offset = offsetOf(start, real(), real());
  return {
    now: () => real() + offset,
    move(to) {
      offset = offsetOf(to, real() + offset, real());
    },
  };
}

/** Milliseconds between the real time and what `to` names, seen from `from`. */
function offsetOf(to: string, from: number, real: number): number {
  if (!/^[+-]?P/i.test(to)) return Temporal.Instant.from(to).epochMilliseconds - real;
  // Calendar days, so that a shift of months ends on the day a person would expect.
  const start = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO("UTC");
  return start.add(Temporal.Duration.from(to)).epochMilliseconds - real;
}
