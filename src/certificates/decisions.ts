import { standingOf, termsOf } from "../domain/certification.ts";
import { localDay } from "../domain/clock.ts";
import { assessorLevels } from "../domain/facts.ts";
import type { Catalogue } from "../domain/programme.ts";
import { progressIn } from "../domain/progress.ts";
import type { Database } from "../store/client.ts";
import type { Decided } from "./gather.ts";
import { learnerOf } from "./learner.ts";

/** Reads a decision that gives a certificate; undefined where nothing was decided (any more), or something else. */
export function decisions({
  db,
  catalogue,
  now,
}: {
  readonly db: Database;
  readonly catalogue: Pick<Catalogue, "get">;
  readonly now: () => number;
}): (assessment: string) => Promise<(Decided & { readonly by: string }) | undefined> {
  return async (id) => {
    const row = await db.assessment.findUnique({ where: { id } });
    const by = row?.countersignedBy ?? row?.decidedBy;
    if (!row || !by || row.state !== "decided" || row.decision !== "awarded") return undefined;
    const programme = catalogue.get(row.programme, row.version);
    const kind = programme?.certification?.certificates.find((one) => one.id === row.certificate);
    const person = await learnerOf(db, row.personId);
    if (programme === undefined || kind === undefined || person === undefined) return undefined;
    const facts = progressIn(person.state, programme.id).facts ?? {};
    const held = termsOf(facts).get(kind.id);
    const standing = held && standingOf(held.term, kind.validity, localDay(now(), person.timeZone));
    return {
      assessmentId: id,
      personId: row.personId,
      programme,
      kind,
      organisationId: row.organisationId,
      levels: assessorLevels(facts) ?? {},
      by,
      // What is still valid gives way to its renewal; what lapsed or was taken back stays as it is.
      ...(held !== undefined && standing !== undefined && ["valid", "window", "grace"].includes(standing)
        ? { renews: held.award }
        : {}),
    };
  };
}
