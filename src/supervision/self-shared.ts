import { dayMs } from "../domain/durations.ts";
import type { Catalogue } from "../domain/programme.ts";
import { progressIn } from "../domain/progress.ts";
import type { SelfAttempt } from "../domain/self-attempts.ts";
import type { Json } from "../engine/types.ts";
import type { Standing } from "../people/standing.ts";
import type { Database } from "../store/client.ts";

/** The permission's text promises: at most 24 months. */
const mostMs = 730 * dayMs;
/** Persons read at once. */
const piece = 500;
/** Whoever applied, waits or has left shares nothing with an organisation. */
const states = ["active", "paused", "finished", "alumni"];

/** What somebody shared of how they see themselves, in one programme, the latest attempt first. */
export interface SharedSelf {
  readonly personId: string;
  readonly name: string;
  readonly programme: string;
  readonly organisationId: string;
  readonly attempts: readonly SelfAttempt[];
}

/**
 * The self-assessments that were shared and that somebody with this standing may see: of members of their organisations, in programmes of
 * theirs; of one person with `personId`. What was taken back, or shared too long ago, is not there.
 */
export async function sharedSelves(
  db: Database,
  standing: Standing,
  given: { readonly catalogue: Catalogue; readonly now: number; readonly personId?: string },
): Promise<readonly SharedSelf[]> {
  const rows = await db.membership.findMany({
    where: {
      organisationId: { in: [...standing.withinSome("self.see")] },
      state: { in: states },
      ...(given.personId === undefined ? {} : { personId: given.personId }),
    },
    select: {
      personId: true,
      organisationId: true,
      cohort: { select: { programme: true } },
      person: { select: { name: true } },
    },
  });
  const found = new Map<string, SharedSelf>();
  for (let at = 0; at < rows.length; at += piece) {
    const part = rows.slice(at, at + piece);
    const personId = { in: part.map((row) => row.personId) };
    const [progress, consents] = await Promise.all([
      db.progress.findMany({ where: { personId } }),
      db.consent.findMany({ where: { personId, purpose: "assessment" }, orderBy: { id: "asc" } }),
    ]);
    const stored = new Map(progress.map((row) => [row.personId, JSON.parse(row.state) as Json]));
    const answers = new Map(consents.map((row) => [row.personId, row]));
    for (const { personId: id, organisationId, cohort, person } of part) {
      const { programme } = cohort;
      const taught = given.catalogue.get(programme);
      if (!taught?.framework || !standing.may("self.see", { organisationId, programme })) continue;
      const no = answers.get(id);
      const since = Math.max(given.now - mostMs, no?.given === false ? Number(no.at) : 0);
      const all = progressIn(stored.get(id) ?? null, programme).self ?? [];
      const attempts = all.filter(({ sharedAt }) => sharedAt !== null && sharedAt > since).reverse();
      if (attempts.length === 0) continue;
      found.set(`${id} ${programme}`, { personId: id, name: person.name, programme, organisationId, attempts });
    }
  }
  return [...found.values()];
}
