import type { Validity } from "../domain/certification.ts";
import { localDay } from "../domain/clock.ts";
import { hourMs } from "../domain/durations.ts";
import type { Catalogue } from "../domain/programme.ts";
import type { Log, Receive } from "../engine/adapter.ts";
import type { Address, Json } from "../engine/types.ts";
import { placesOf, responsibleFor } from "../inbox/responsible.ts";
import { tell, tellAt } from "../inbox/tell.ts";
import { type Whereabouts, whereaboutsOf } from "../people/loaded.ts";
import type { Database } from "../store/client.ts";
import { untilOf } from "./award.ts";
import { dueStep, type LifeStep, lastDayOf, nextInstant } from "./life.ts";

export interface SweepDeps {
  readonly db: Database;
  readonly receive: Receive;
  readonly catalogue: Pick<Catalogue, "get">;
  readonly now: () => number;
  readonly log: Log;
}

/** Certificates that are read together: memory stays flat. */
const piece = 200;
/** Turns that are given to the engine together: those of learners come between. */
const together = 25;

/** What one sweep did. */
export interface Swept {
  readonly looked: number;
  readonly told: number;
}

/**
 * Takes every certificate whose next instant has come one step on: its person's own turn keeps and says it, at their hour. Safe to run
 * on several instances and again after a crash: a step has one delivery id, and the instant moves only after it.
 */
export async function sweepCertificates(deps: SweepDeps): Promise<Swept> {
  const at = deps.now();
  const leads = createLeads(deps, at);
  let looked = 0;
  let told = 0;
  let after: { readonly nextAt: bigint; readonly id: string } | undefined;
  for (;;) {
    const rows: readonly Due[] = await deps.db.award.findMany({
      where: {
        state: "valid",
        nextAt: { lte: BigInt(at) },
        ...(after === undefined
          ? {}
          : { OR: [{ nextAt: { gt: after.nextAt } }, { nextAt: after.nextAt, id: { gt: after.id } }] }),
      },
      orderBy: [{ nextAt: "asc" }, { id: "asc" }],
      take: piece,
      select: dueFields,
    });
    const last = rows.at(-1);
    if (last === undefined) return { looked, told };
    const people = await whereaboutsOf(
      deps.db,
      rows.flatMap(({ personId }) => personId ?? []),
    );
    const plans = rows.map((row) => planFor(row, people.get(row.personId ?? ""), deps.catalogue, at));
    await say(deps, plans, leads);
    await arm(deps.db, plans);
    looked += rows.length;
    told += plans.filter(({ news }) => news !== undefined).length;
    after = { nextAt: last.nextAt ?? 0n, id: last.id };
    if (rows.length < piece) return { looked, told };
  }
}

const dueFields = {
  id: true,
  personId: true,
  programme: true,
  version: true,
  certificate: true,
  validUntil: true,
  extendedUntil: true,
  nextAt: true,
} as const;

interface Due {
  readonly id: string;
  readonly personId: string | null;
  readonly programme: string;
  readonly version: string;
  readonly certificate: string;
  readonly validUntil: bigint | null;
  readonly extendedUntil: bigint | null;
  readonly nextAt: bigint | null;
}

/** What happens to one certificate now, and when somebody looks again. */
interface Plan {
  readonly row: Due;
  readonly nextAt: bigint | null;
  readonly news?: {
    readonly id: string;
    readonly personId: string;
    readonly address: Address | undefined;
    readonly data: Json;
    /** Whoever looks after the person hears of it, but for the lapse, which was heard of as the end. */
    readonly forLeads: boolean;
  };
}

function planFor(row: Due, person: Whereabouts | undefined, catalogue: SweepDeps["catalogue"], now: number): Plan {
  const { personId } = row;
  const validity = catalogue
    .get(row.programme, row.version)
    ?.certification?.certificates.find(({ id }) => id === row.certificate)?.validity;
  const until = untilOf(row);
  // Of somebody who is gone, or of a programme that is: there is nobody to tell, or nothing to say.
  if (personId === null || person === undefined || validity === undefined || until === null)
    return { row, nextAt: null };
  const last = lastDayOf(until, person.timeZone);
  const next = nextInstant(last, validity, person.timeZone, now);
  const nextAt = next === undefined ? null : BigInt(next);
  const step = dueStep(last, validity, person.timeZone, Number(row.nextAt ?? 0n), now);
  if (step === undefined) return { row, nextAt };
  const data = newsOf(row, last, step, validity);
  const { address } = person;
  const forLeads = step.type !== "lapsed";
  return { row, nextAt, news: { id: stepId(row.id, last, step), personId, address, data, forLeads } };
}

async function say(deps: SweepDeps, plans: readonly Plan[], leads: Leads): Promise<void> {
  const news = plans.flatMap((plan) => plan.news ?? []);
  for (let from = 0; from < news.length; from += together)
    await Promise.all(
      news
        .slice(from, from + together)
        .map(async ({ id, address, data }) => address && tellAt(deps, id, address, "renewal", data)),
    );
  await leads.tell(news.filter(({ forLeads }) => forLeads).map(({ personId }) => personId));
}

/** Moves the instants, those that move alike in one go. */
async function arm(db: Database, plans: readonly Plan[]): Promise<void> {
  const alike = new Map<string, { readonly from: bigint | null; readonly to: bigint | null; readonly ids: string[] }>();
  for (const { row, nextAt } of plans) {
    const key = `${row.nextAt} ${nextAt}`;
    const group = alike.get(key) ?? { from: row.nextAt, to: nextAt, ids: [] };
    group.ids.push(row.id);
    alike.set(key, group);
  }
  await db.$transaction(
    [...alike.values()].map(({ from, to, ids }) =>
      db.award.updateMany({ where: { id: { in: ids }, nextAt: from }, data: { nextAt: to } }),
    ),
  );
}

function stepId(award: string, until: string, step: LifeStep): string {
  return `certificate:${award}:${until}:${step.type}${step.type === "reminder" ? step.days : ""}`;
}

function newsOf(row: Due, until: string, step: LifeStep, { graceDays }: Validity): Json {
  const { id, programme, version, certificate } = row;
  return { award: id, programme, version, certificate, until, graceDays, ...step };
}

interface Leads {
  /** Lets those who look after these people know that certificates of theirs end; once a day each. */
  tell(people: readonly string[]): Promise<void>;
}

function createLeads(deps: SweepDeps, now: number): Leads {
  const told = new Set<string>();
  const known = new Map<string, Promise<readonly string[]>>();
  const day = localDay(now, "UTC");
  return {
    async tell(people) {
      for (const place of (await placesOf(deps.db, people)).values()) {
        const key = `${place.organisationId} ${place.programme} ${place.caredBy}`;
        const found = known.get(key) ?? responsibleFor(deps.db, place, now);
        known.set(key, found);
        for (const lead of await found) {
          if (told.has(lead)) continue;
          told.add(lead);
          await tell(deps, `expiring:${lead}:${day}`, lead, "expiring", {});
        }
      }
    },
  };
}

/** Looks once an hour; what is due is due from the beginning of somebody's day on. */
export function createSweep(deps: SweepDeps): { tick(): Promise<void> } {
  let next = 0;
  return {
    async tick() {
      const now = deps.now();
      // The second condition: the clock was set back.
      if (now < next && next - now <= hourMs) return;
      next = now + hourMs;
      const { looked, told } = await sweepCertificates(deps);
      if (looked > 0) deps.log.info({ looked, told }, "certificates went on by the calendar");
    },
  };
}
