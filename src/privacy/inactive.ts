import { Temporal } from "temporal-polyfill";
import { dayMs, hourMs } from "../domain/durations.ts";
import type { Session } from "../engine/session.ts";
import { createAudit } from "../people/audit.ts";
import { loadSettings, retentionOf } from "../people/settings.ts";
import { rootId } from "../people/standing.ts";
import type { Database } from "../store/client.ts";

/** How long before they are erased people are told; never earlier than half of the time for which things are kept. */
const noticeMs = 30 * dayMs;
/** The first look does not compete with the start. */
const firstLookMs = 60_000;
/** People read at once. */
const piece = 200;
/** Where the day of the last look stands, so that of several instances one looks. */
const lookKey = "inactive";
/** The timer and the job that go on with it. */
export const inactiveName = "inactive";

const fields = {
  id: true,
  createdAt: true,
  timeZone: true,
  pausedUntil: true,
  session: { select: { state: true } },
  addresses: { select: { state: true } },
  consoles: { select: { seenAt: true } },
  memberships: { select: { organisationId: true } },
  grants: { select: { until: true } },
  timers: { where: { name: inactiveName }, select: { due: true } },
} as const;

/** A person with what says how long ago they did something themselves. */
interface Seen {
  readonly createdAt: bigint;
  readonly pausedUntil: bigint | null;
  readonly session: { readonly state: string } | null;
  readonly consoles: readonly { readonly seenAt: bigint }[];
  readonly grants: readonly { readonly until: bigint | null }[];
}

/**
 * Since when somebody has been away, epoch milliseconds: their last turn, visit of the console, or the end of a pause they chose.
 * Undefined for whoever has a role: that ends by being taken.
 */
function awaySince(person: Seen, now: number): number | undefined {
  if (person.grants.some(({ until }) => until === null || Number(until) > now)) return undefined;
  const seenAt = person.session === null ? 0 : (JSON.parse(person.session.state) as Session).seenAt;
  const visits = person.consoles.map((one) => Number(one.seenAt));
  return Math.max(Number(person.createdAt), seenAt, Number(person.pausedUntil ?? 0), ...visits);
}

/** Whether somebody has done nothing since this instant and has no role. */
export async function isStillAway(
  db: Pick<Database, "person">,
  id: string,
  since: number,
  now: number,
): Promise<boolean> {
  const person = await db.person.findUnique({ where: { id }, select: fields });
  const away = person === null ? undefined : awaySince(person, now);
  return away !== undefined && away <= since;
}

/**
 * Looks once a day for people who have been away for as long as their organisation keeps people: they are told a month ahead, by a
 * timer at a friendly hour of theirs, and erased by a job afterwards. Whoever cannot be reached is erased without being told.
 */
export function createInactive({ db, now }: { readonly db: Database; readonly now: () => number }) {
  const audit = createAudit(db, now);
  let lookAt = now() + firstLookMs;

  /** Of several instances one gets the day. */
  async function isMine(at: number): Promise<boolean> {
    const row = await db.meta.findUnique({ where: { key: lookKey } });
    if (row === null) {
      return db.meta.create({ data: { key: lookKey, value: String(at) } }).then(
        () => true,
        () => false,
      );
    }
    const passed = at - Number(row.value);
    // The second condition: the clock was set back.
    if (passed < dayMs && passed >= 0) return false;
    const taken = await db.meta.updateMany({ where: { key: lookKey, value: row.value }, data: { value: String(at) } });
    return taken.count === 1;
  }

  async function look(at: number): Promise<void> {
    const settings = await loadSettings(db);
    const keptMs = (places: readonly { readonly organisationId: string }[]): number => {
      const ids = places.length === 0 ? [rootId] : places.map(({ organisationId }) => organisationId);
      return Math.max(...ids.map((id) => retentionOf(settings.of(id)).people)) * dayMs;
    };
    const done = { told: 0, erased: 0 };
    for (let after = ""; ; ) {
      const people = await db.person.findMany({
        where: { id: { gt: after } },
        orderBy: { id: "asc" },
        take: piece,
        select: fields,
      });
      const last = people.at(-1);
      if (last === undefined) break;
      after = last.id;
      for (const person of people) {
        const since = awaySince(person, at);
        if (since === undefined) continue;
        const kept = keptMs(person.memberships);
        const notice = Math.min(noticeMs, kept / 2);
        if (!person.addresses.some(({ state }) => state === "reachable")) {
          if (since + kept > at) continue;
          await ask(person.id, since, at);
          done.erased += 1;
        } else if (since + kept - notice <= at && person.timers.length === 0) {
          await tellLater(person, { since, eraseAt: since + kept, notice }, at);
          done.told += 1;
        }
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (done.told + done.erased > 0) await audit({ actor: "system", action: "retention", detail: { people: done } });
  }

  /** The job looks again before it erases anybody. */
  async function ask(personId: string, since: number, at: number): Promise<void> {
    const id = `${inactiveName}:${personId}:${since}`;
    const times = { attempts: 0, notBefore: BigInt(at), createdAt: BigInt(at) };
    const data = JSON.stringify({ since });
    await db.job.upsert({ where: { id }, create: { id, personId, name: inactiveName, data, ...times }, update: {} });
  }

  async function tellLater(
    { id: personId, timeZone }: { readonly id: string; readonly timeZone: string },
    data: { readonly since: number; readonly eraseAt: number; readonly notice: number },
    at: number,
  ): Promise<void> {
    const where = { personId_name: { personId, name: inactiveName } };
    const due = BigInt(friendlyHour(at, timeZone));
    const create = { personId, name: inactiveName, due, data: JSON.stringify({ ...data, told: false }) };
    await db.timer.upsert({ where, create, update: {} });
  }

  return {
    /** Looks where it is time to; safe to call often and on several instances. */
    async tick(): Promise<void> {
      const at = now();
      if (at < lookAt && lookAt - at <= hourMs) return;
      lookAt = at + hourMs;
      if (await isMine(at)) await look(at);
    },
  };
}

/** Ten o'clock of the next working day where the person is. */
function friendlyHour(now: number, timeZone: string): number {
  let day = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone).toPlainDate().add({ days: 1 });
  while (day.dayOfWeek > 5) day = day.add({ days: 1 });
  return day.toZonedDateTime({ timeZone, plainTime: "10:00" }).epochMilliseconds;
}
