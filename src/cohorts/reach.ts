import type { Standing } from "../people/standing.ts";
import type { Database } from "../store/client.ts";
import { type Cohort, readCohort } from "./cohorts.ts";

/** A cohort with the organisations that are responsible for it. */
export interface ReachedCohort {
  readonly cohort: Cohort;
  /** The organisation that decides about the cohort itself. */
  readonly leadId: string;
  readonly parts: readonly { readonly organisationId: string; readonly name: string; readonly lead: boolean }[];
}

const withParts = {
  parts: { include: { organisation: { select: { name: true } } }, orderBy: [{ lead: "desc" as const }] },
};

/** The cohorts in which one of somebody's organisations has a part, the latest first. */
export async function cohortsOf(db: Pick<Database, "cohort">, standing: Standing): Promise<readonly ReachedCohort[]> {
  const rows = await db.cohort.findMany({
    where: { parts: { some: { organisationId: { in: [...standing.withinSome("cohorts.see")] } } } },
    include: withParts,
    orderBy: [{ createdAt: "desc" }, { id: "asc" }],
  });
  return rows.map(reached).filter((one) => sees(standing, one));
}

/** A cohort that this person may see; undefined where there is none or where it is not theirs, which look the same. */
export async function cohortFor(
  db: Pick<Database, "cohort">,
  standing: Standing,
  id: string,
): Promise<ReachedCohort | undefined> {
  const row = await db.cohort.findUnique({ where: { id }, include: withParts });
  const found = row === null ? undefined : reached(row);
  return found !== undefined && sees(standing, found) ? found : undefined;
}

/** Whether this person decides about the cohort itself: name, dates, code, state. */
export function leads(standing: Standing, { cohort, leadId }: ReachedCohort): boolean {
  return standing.may("cohorts.change", { organisationId: leadId, programme: cohort.programme });
}

function sees(standing: Standing, { cohort, parts }: ReachedCohort): boolean {
  return parts.some(({ organisationId }) =>
    standing.may("cohorts.see", { organisationId, programme: cohort.programme }),
  );
}

type Row = Parameters<typeof readCohort>[0] & {
  readonly parts: readonly {
    readonly organisationId: string;
    readonly lead: boolean;
    readonly organisation: { readonly name: string };
  }[];
};

function reached(row: Row): ReachedCohort {
  const parts = row.parts.map(({ organisationId, lead, organisation }) => ({
    organisationId,
    lead,
    name: organisation.name,
  }));
  return { cohort: readCohort(row), leadId: parts.find((part) => part.lead)?.organisationId ?? "", parts };
}
