import type { Catalogue } from "../domain/programme.ts";
import { type ReviewStand, reviewStands } from "../domain/quality.ts";
import type { Tree } from "../people/access.ts";
import { organisationTree } from "../people/standing.ts";
import type { Database } from "../store/client.ts";

/** What asks whether reviews still hold; `now` is epoch milliseconds. */
export interface ReviewDeps {
  readonly db: Pick<Database, "qualityReview" | "organisation">;
  readonly catalogue: Pick<Catalogue, "get">;
  readonly now: () => number;
}

/**
 * Whether the review of a programme holds today (in UTC) for an organisation: the last sign-off there or above it, else the date that
 * came with the newest version of the content.
 */
export async function reviewOf(deps: ReviewDeps, programme: string, organisationId: string): Promise<ReviewStand> {
  const quality = deps.catalogue.get(programme)?.quality;
  if (quality === undefined) return reviewStands(undefined, undefined, dayOf(deps.now()));
  const above = upwards(await organisationTree(deps.db), organisationId);
  const row = await deps.db.qualityReview.findFirst({
    where: { programme, organisationId: { in: [...above] } },
    orderBy: [{ signedAt: "desc" }, { id: "desc" }],
    select: { signedAt: true, validUntil: true },
  });
  const signed = row === null ? undefined : { day: dayOf(Number(row.signedAt)), until: row.validUntil };
  return reviewStands(quality, signed, dayOf(deps.now()));
}

/** A day in UTC: a review ends on the same day for everybody. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function upwards(tree: Tree, organisationId: string): readonly string[] {
  const found: string[] = [];
  for (let id: string | null = organisationId; id !== null && !found.includes(id); id = tree.get(id) ?? null)
    found.push(id);
  return found;
}

/** After a sign-off: certificates that waited are looked at again now. One whose own review is still over waits on. */
export async function releaseCertificates(db: Pick<Database, "job">): Promise<void> {
  await db.job.updateMany({ where: { name: "issue" }, data: { notBefore: 0n } });
}
