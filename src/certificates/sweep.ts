import type { Validity } from "../domain/certification.ts";
import { localDay } from "../domain/clock.ts";
import type { Catalogue } from "../domain/programme.ts";
import type { Log, Receive } from "../engine/adapter.ts";
import type { Json } from "../engine/types.ts";
import { placeOf, responsibleFor } from "../inbox/responsible.ts";
import { tell } from "../inbox/tell.ts";
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

/** Certificates that are looked at together: memory stays flat, and turns of others come between. */
const piece = 200;

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
    const zones = await zonesOf(deps.db, rows);
    const outcomes = await Promise.all(rows.map((row) => one(row, zones.get(row.personId ?? ""), deps, leads, at)));
    looked += rows.length;
    told += outcomes.filter((found) => found).length;
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

async function zonesOf(db: Database, rows: readonly Due[]): Promise<ReadonlyMap<string, string>> {
  const ids = rows.flatMap(({ personId }) => personId ?? []);
  const people = await db.person.findMany({ where: { id: { in: ids } }, select: { id: true, timeZone: true } });
  return new Map(people.map(({ id, timeZone }) => [id, timeZone]));
}

/** True where somebody was told. */
async function one(
  row: Due,
  timeZone: string | undefined,
  deps: SweepDeps,
  leads: Leads,
  now: number,
): Promise<boolean> {
  const { db, catalogue } = deps;
  const validity = catalogue
    .get(row.programme, row.version)
    ?.certification?.certificates.find(({ id }) => id === row.certificate)?.validity;
  const until = untilOf(row);
  // Of somebody who is gone, or of a programme that is: there is nobody to tell, or nothing to say.
  const move = (nextAt: number | undefined) =>
    db.award.updateMany({
      where: { id: row.id, nextAt: row.nextAt },
      data: { nextAt: nextAt === undefined ? null : BigInt(nextAt) },
    });
  if (row.personId === null || timeZone === undefined || validity === undefined || until === null) {
    await move(undefined);
    return false;
  }
  const last = lastDayOf(until, timeZone);
  const step = dueStep(last, validity, timeZone, Number(row.nextAt ?? 0n), now);
  if (step !== undefined) {
    await tell(deps, stepId(row.id, last, step), row.personId, "renewal", news(row, last, step, validity));
    if (step.type !== "lapsed") await leads.tell(row.personId);
  }
  await move(nextInstant(last, validity, timeZone, now));
  return step !== undefined;
}

function stepId(award: string, until: string, step: LifeStep): string {
  return `certificate:${award}:${until}:${step.type}${step.type === "reminder" ? step.days : ""}`;
}

function news(row: Due, until: string, step: LifeStep, { graceDays }: Validity): Json {
  const { id, programme, version, certificate } = row;
  return { award: id, programme, version, certificate, until, graceDays, ...step };
}

interface Leads {
  /** Lets those who look after a person know that a certificate of one of theirs ends; once a day each. */
  tell(personId: string): Promise<void>;
}

function createLeads(deps: SweepDeps, now: number): Leads {
  const told = new Set<string>();
  const known = new Map<string, Promise<readonly string[]>>();
  const day = localDay(now, "UTC");
  return {
    async tell(personId) {
      const place = await placeOf(deps.db, personId);
      const key = `${place.organisationId} ${place.programme} ${place.caredBy}`;
      const found = known.get(key) ?? responsibleFor(deps.db, place, now);
      known.set(key, found);
      for (const lead of await found) {
        if (told.has(lead)) continue;
        told.add(lead);
        await tell(deps, `expiring:${lead}:${day}`, lead, "expiring", {});
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

const hourMs = 3_600_000;
