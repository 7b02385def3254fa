import type { EvidenceFor } from "../assessments/types.ts";
import { itemOf, textsOf } from "./read.ts";
import type { EvidenceDeps } from "./types.ts";

/** What assessors see of somebody's evidence: everything that was handed in and not destroyed, each with its page in the console. */
export function evidenceForAssessors({
  store,
  open,
  origin,
}: Pick<EvidenceDeps, "store" | "open"> & {
  /** Where people reach the pages, without a trailing slash. */
  readonly origin: string;
}): EvidenceFor {
  return async (personId, programme) => {
    const rows = await store.db.evidence.findMany({
      where: { personId, programme, state: { in: ["submitted", "accepted", "returned"] } },
      orderBy: [{ changedAt: "desc" }, { id: "asc" }],
    });
    return rows.map((row) => {
      const { id, kind, state, accepted, competences } = itemOf(row);
      const title = textsOf({ open }, row).title ?? "";
      return { id, title, kind, state, competences: accepted ?? competences, url: `${origin}/console/evidence/${id}` };
    });
  };
}
