import type { Action } from "../people/access.ts";
import type { Standing } from "../people/standing.ts";
import type { Database } from "../store/client.ts";
import { readEvent, type TrainingEvent } from "./events.ts";

/** A session with the organisations that are responsible for its cohort. */
export interface ReachedEvent {
  readonly event: TrainingEvent;
  readonly cohort: { readonly id: string; readonly name: string; readonly programme: string; readonly version: string };
  /** The organisation that decides about the cohort. */
  readonly leadId: string;
  readonly organisationIds: readonly string[];
}

type Db = Pick<Database, "event" | "cohort">;

/** The sessions of cohorts in which one of somebody's organisations has a part, by their start. */
export async function eventsOf(
  db: Db,
  standing: Standing,
  where: { readonly cohortId?: string; readonly from?: number; readonly to?: number } = {},
): Promise<readonly ReachedEvent[]> {
  const cohorts = await cohortsSeen(db, standing, where.cohortId);
  const { from, to } = where;
  const rows = await db.event.findMany({
    where: {
      cohortId: { in: [...cohorts.keys()] },
      startsAt: {
        ...(from === undefined ? {} : { gte: BigInt(from) }),
        ...(to === undefined ? {} : { lt: BigInt(to) }),
      },
    },
    orderBy: [{ startsAt: "asc" }, { id: "asc" }],
    take: 2_000,
  });
  return rows.flatMap((row) => {
    const about = cohorts.get(row.cohortId);
    return about === undefined ? [] : [{ event: readEvent(row), ...about }];
  });
}

/** A session that this person may see; undefined where there is none or where it is not theirs, which look the same. */
export async function eventFor(db: Db, standing: Standing, id: string): Promise<ReachedEvent | undefined> {
  const row = await db.event.findUnique({ where: { id } });
  const about = row && (await cohortsSeen(db, standing, row.cohortId)).get(row.cohortId);
  return row === null || !about ? undefined : { event: readEvent(row), ...about };
}

/** Whether this person decides about the sessions of a cohort. */
export function decides(standing: Standing, found: Pick<ReachedEvent, "leadId" | "cohort">): boolean {
  return standing.may("events.change", { organisationId: found.leadId, programme: found.cohort.programme });
}

/** Whether this person may do something about a member of this organisation; of whoever is no member the lead decides. */
export function mayAbout(
  standing: Standing,
  found: ReachedEvent,
  action: Action,
  organisationId: string | undefined,
): boolean {
  return standing.may(action, { organisationId: organisationId ?? found.leadId, programme: found.cohort.programme });
}

async function cohortsSeen(db: Db, standing: Standing, id?: string) {
  const rows = await db.cohort.findMany({
    where: {
      ...(id === undefined ? {} : { id }),
      parts: { some: { organisationId: { in: [...standing.withinSome("events.see")] } } },
    },
    include: { parts: { orderBy: [{ lead: "desc" }, { organisationId: "asc" }] } },
    orderBy: [{ createdAt: "desc" }, { id: "asc" }],
  });
  const seen = rows.filter(({ parts, programme }) =>
    parts.some(({ organisationId }) => standing.may("events.see", { organisationId, programme })),
  );
  return new Map(
    seen.map(({ id: cohortId, name, programme, version, parts }) => [
      cohortId,
      {
        cohort: { id: cohortId, name, programme, version },
        leadId: parts.find(({ lead }) => lead)?.organisationId ?? "",
        organisationIds: parts.map(({ organisationId }) => organisationId),
      },
    ]),
  );
}

/** The cohorts for which this person may plan sessions. */
export async function plannable(
  db: Db,
  standing: Standing,
): Promise<readonly Pick<ReachedEvent, "cohort" | "leadId" | "organisationIds">[]> {
  return [...(await cohortsSeen(db, standing)).values()].filter((one) => decides(standing, one));
}
