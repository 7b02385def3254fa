import { createHmac } from "node:crypto";
import { normalisedCode } from "../cohorts/codes.ts";
import type { CheckInTimes } from "../domain/check-in.ts";
import { minuteMs } from "../domain/durations.ts";

/** No letter or digit that looks like another one: a code is read from a wall and typed. */
const letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
const length = 6;

/** The session a code belongs to, as far as codes are concerned. Instants are epoch milliseconds. */
export interface Coded {
  readonly startsAt: number;
  readonly endsAt: number;
  /** Opened. */
  readonly secret: string;
  readonly times: CheckInTimes;
}

/** The code that a session shows at an instant, open or not. */
export function codeAt({ secret, times }: Coded, at: number): string {
  return codeOf(secret, Math.floor(at / (times.rotate * minuteMs)));
}

/** When the code of an instant gives way to the next, epoch milliseconds. */
export function codeEnds({ times }: Coded, at: number): number {
  const step = times.rotate * minuteMs;
  return (Math.floor(at / step) + 1) * step;
}

/** When check-in opens and closes, epoch milliseconds. */
export function openTimes({ startsAt, endsAt, times }: Coded): { readonly from: number; readonly to: number } {
  return { from: startsAt - times.before * minuteMs, to: endsAt + times.after * minuteMs };
}

/** What a code means for one session at an instant; undefined where it never was one of its codes. */
export function readCode(coded: Coded, typed: string, now: number): "good" | "stale" | "early" | "over" | undefined {
  const code = normalisedCode(typed);
  if (code.length !== length) return undefined;
  const step = coded.times.rotate * minuteMs;
  const { from, to } = openTimes(coded);
  const at = Math.floor(now / step);
  const isCurrent = [at, at - 1].some((one) => codeOf(coded.secret, one) === code);
  if (isCurrent && now >= from && now <= to) return "good";
  if (isCurrent && now < from) return "early";
  const [first, last] = [Math.floor(from / step), Math.min(at, Math.floor(to / step))];
  for (let one = last; one >= first; one -= 1) {
    if (codeOf(coded.secret, one) === code) return now > to ? "over" : "stale";
  }
  return undefined;
}

/** Whether a text looks like a code at all. */
export function looksLikeCode(typed: string): boolean {
  return normalisedCode(typed).length === length;
}

function codeOf(secret: string, step: number): string {
  let rest = createHmac("sha256", secret).update(`check-in:${step}`).digest().readBigUInt64BE();
  let code = "";
  for (let index = 0; index < length; index += 1) {
    code += letters[Number(rest % BigInt(letters.length))];
    rest /= BigInt(letters.length);
  }
  return code;
}
