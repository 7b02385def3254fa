import { z } from "zod";
import { countPush, dailyCap, isCapReached, type Pushed } from "../domain/cap.ts";
import { countryOf, type FreeDays, isFreeDay } from "../domain/holidays.ts";
import { number, type Sql, text } from "../store/sql.ts";
import { listed, type Recipient } from "./audience.ts";

/** What a session says about pushes; the rest of it stays as it is. */
const sessionSchema = z.looseObject({
  pushedOn: z.string().nullable(),
  pushes: z.number().optional(),
  country: z.string().optional(),
});

interface Known {
  readonly rev: number;
  readonly session: z.infer<typeof sessionSchema>;
  /** A day on which something is sent now. */
  counted?: Pushed;
}

/**
 * The daily cap and free days for broadcasts. A push is counted in the person's session, where reminders look: it is read, counted
 * and written in one transaction, and its revision makes a turn that was decided meanwhile be decided again.
 */
export function createCaps({ holidays, calendar }: Pick<FreeDays, "holidays" | "calendar">) {
  const countries = new Map<string, string | null>();
  function countryIn(zone: string): string | null {
    let country = countries.get(zone);
    if (country === undefined) {
      country = countryOf(zone);
      countries.set(zone, country);
    }
    return country;
  }

  /** Where a person is: by their clock, and where that is only assumed, by their organisation. */
  function country({ timeZone, timeZoneKnown }: Recipient, own: string): string | null {
    const byClock = countryIn(timeZone);
    return own !== "" && (!timeZoneKnown || byClock === null) ? own : byClock;
  }

  return {
    /** What these people's sessions say; the sessions are held until the transaction ends. */
    async of(inside: Sql, people: readonly Recipient[]) {
      const rows = await inside.all(
        `SELECT "personId", rev, state FROM "Session" WHERE "personId" IN ${listed(inside, "$1")} ORDER BY "personId"
          ${inside.kind === "sqlite" ? "" : "FOR UPDATE"}`,
        [JSON.stringify(people.map((person) => person.id))],
      );
      const known = new Map<string, Known>();
      for (const row of rows) {
        const session = sessionSchema.safeParse(JSON.parse(text(row, "state")));
        if (session.success) known.set(text(row, "personId"), { rev: number(row, "rev"), session: session.data });
      }
      return {
        /** Whether something may be sent to somebody on a local day. */
        mayOn(person: Recipient): (day: string) => boolean {
          const session = known.get(person.id)?.session;
          const free: FreeDays = { country: country(person, session?.country ?? ""), holidays, calendar };
          const pushed = session === undefined ? null : pushedIn(session);
          return (day) => !isCapReached(pushed, day, dailyCap) && !isFreeDay(free, day);
        },
        count(person: string, day: string): void {
          const found = known.get(person);
          if (found !== undefined) found.counted = countPush(pushedIn(found.session), day);
        },
        async write(): Promise<void> {
          for (const [person, { rev, session, counted }] of known) {
            if (counted === undefined) continue;
            const state = JSON.stringify({ ...session, pushedOn: counted.day, pushes: counted.count });
            await inside.run(`UPDATE "Session" SET rev = rev + 1, state = $3 WHERE "personId" = $1 AND rev = $2`, [
              person,
              rev,
              state,
            ]);
          }
        },
      };
    },
  };
}

function pushedIn({ pushedOn, pushes }: z.infer<typeof sessionSchema>): Pushed | null {
  return pushedOn === null ? null : { day: pushedOn, count: pushes ?? 1 };
}
