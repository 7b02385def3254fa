import { dayMs, hourMs } from "../domain/durations.ts";
import { createAudit } from "../people/audit.ts";
import { loadSettings, retentionOf } from "../people/settings.ts";
import { destroyFiles } from "./destroy.ts";
import type { EvidenceDeps } from "./types.ts";

/** Items whose files go at once. */
const piece = 50;

/**
 * Destroys the files of evidence as long after the decision as its organisation wants, and removes links that are over; once an hour.
 * How many stands in the trail. Several instances may do it at once.
 */
export function createEvidenceRetention(deps: Pick<EvidenceDeps, "store" | "now">): () => Promise<void> {
  const { db } = deps.store;
  let doneAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const at = deps.now();
    if (Math.abs(at - doneAt) < hourMs) return;
    doneAt = at;
    await db.uploadLink.deleteMany({ where: { expiresAt: { lt: BigInt(at - dayMs) } } });
    const settings = await loadSettings(db);
    let count = 0;
    for (const { id } of await db.organisation.findMany({ select: { id: true } })) {
      const before = BigInt(at - retentionOf(settings.of(id)).evidence * dayMs);
      for (;;) {
        const rows = await db.evidence.findMany({
          where: { organisationId: id, decidedAt: { lt: before }, files: { some: { destroyedAt: null } } },
          select: { id: true },
          take: piece,
        });
        if (rows.length === 0) break;
        count += await destroyFiles(deps, { evidence: rows.map((row) => row.id), by: "system" });
      }
    }
    if (count > 0)
      await createAudit(db, deps.now)({ actor: "system", action: "retention", detail: { EvidenceFile: count } });
  };
}
