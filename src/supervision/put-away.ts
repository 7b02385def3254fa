import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import { dayMs } from "../domain/durations.ts";
import type { Keep } from "../engine/adapter.ts";

/** What was seen stays away for so long; by then it has changed or wants to be seen again. */
const seenMs = 30 * dayMs;
const row = z.object({ until: z.number() });

/** Things of the day's list that somebody put away, in the sealed part of the store. */
export interface PutAway {
  /** The keys that are away at this moment. */
  keys(personId: string, now: number): Promise<ReadonlySet<string>>;
  put(personId: string, key: string, until: number): Promise<void>;
  takeOut(personId: string, key: string): Promise<void>;
}

/** What one person put away, by that person. */
export function createPutAway(keep: Keep): PutAway {
  const prefix = (personId: string): string => `${personId} `;
  return {
    async keys(personId, now) {
      const found = new Set<string>();
      for (const { key, value } of await keep.list(prefix(personId))) {
        const parsed = row.safeParse(value);
        if (parsed.success && parsed.data.until > now) found.add(key.slice(prefix(personId).length));
        else await keep.delete(key);
      }
      return found;
    },
    put: (personId, key, until) => keep.set(`${prefix(personId)}${key}`, { until }),
    takeOut: (personId, key) => keep.delete(`${prefix(personId)}${key}`),
  };
}

/** Until when something that was seen stays away. */
export function seenUntil(now: number): number {
  return now + seenMs;
}

/** The next morning at seven where the person is. */
export function tomorrow(now: number, timeZone: string): number {
  const day = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone).toPlainDate().add({ days: 1 });
  return day.toZonedDateTime({ timeZone, plainTime: "07:00" }).epochMilliseconds;
}
