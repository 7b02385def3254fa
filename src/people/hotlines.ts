import type { Database } from "../store/client.ts";
import { type Hotline, loadSettings, mostHotlines } from "./settings.ts";
import { rootId } from "./standing.ts";

/** How old what is known may be, milliseconds. */
const freshMs = 30_000;

/** Whom organisations want called beside the numbers of the country, in memory: a turn asks without waiting. */
export interface Hotlines {
  /** Of those who are responsible for a cohort; without one, of the organisation at the top. */
  of(cohortId: string | undefined): readonly Hotline[];
  /** Reads them again where they are older than half a minute. Called by the clock of the product. */
  refresh(): Promise<void>;
}

/** Reads the hotlines once, so that the first who asks gets them. `now` is epoch milliseconds. */
export async function createHotlines(
  db: Pick<Database, "organisation" | "cohortPart">,
  now: () => number,
): Promise<Hotlines> {
  let readAt = Number.NEGATIVE_INFINITY;
  let atTop: readonly Hotline[] = [];
  let byCohort: ReadonlyMap<string, readonly Hotline[]> = new Map();

  async function refresh(): Promise<void> {
    if (Math.abs(now() - readAt) < freshMs) return;
    readAt = now();
    const [settings, parts] = await Promise.all([
      loadSettings(db),
      db.cohortPart.findMany({ orderBy: [{ lead: "desc" }, { organisationId: "asc" }] }),
    ]);
    const found = new Map<string, readonly Hotline[]>();
    for (const { cohortId, organisationId } of parts) {
      const all = [...(found.get(cohortId) ?? []), ...(settings.of(organisationId).hotlines ?? [])];
      const once = [...new Map(all.map((one) => [one.number, one])).values()];
      if (once.length > 0) found.set(cohortId, once.slice(0, mostHotlines));
    }
    atTop = settings.of(rootId).hotlines ?? [];
    byCohort = found;
  }

  await refresh();
  return { of: (cohortId) => (cohortId === undefined ? atTop : (byCohort.get(cohortId) ?? atTop)), refresh };
}
