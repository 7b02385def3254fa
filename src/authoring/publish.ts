import type { Programme } from "../domain/programme.ts";
import { compile } from "../programmes/compiled.ts";
import { isSameStructure } from "../programmes/version.ts";
import type { Store } from "../store/types.ts";
import { writeArchive } from "./archive.ts";
import { type Draft, moveDraft } from "./drafts.ts";
import { addStep } from "./steps.ts";

/** What publishing a draft would be for learners. */
export type Reach = "first" | "correction" | "version";

/** A correction changes words and reaches everybody at their next card; a version moves them when they end a unit. */
export function reachOf(programme: Programme, taught: Programme | undefined): Reach {
  if (taught === undefined) return "first";
  return isSameStructure(programme.version, taught.version) ? "correction" : "version";
}

/**
 * Publishes the asked revision of a draft: its files, what they say, and who said yes, all or nothing. False where it was decided or
 * changed meanwhile. The caller has found nothing wrong in it.
 */
export async function publish(
  { db }: Pick<Store, "db">,
  draft: Draft,
  programme: Programme,
  by: string,
  now: number,
): Promise<boolean> {
  const { id, version, hash } = programme;
  return db.$transaction(async (tx) => {
    if (!(await moveDraft(tx, draft, ["asked"], "published", now))) return false;
    const at = BigInt(now);
    const content = { hash, content: compile(programme), at };
    const files = new Uint8Array(writeArchive(draft.files));
    await tx.programmeSource.upsert({
      where: { id_version: { id, version } },
      create: { id, version, files, at },
      update: { files, at },
    });
    await tx.programmeVersion.upsert({
      where: { id_version: { id, version } },
      create: { id, version, ...content },
      update: content,
    });
    await addStep(tx, { draftId: draft.id, by, what: "published", rev: draft.rev }, now);
    return true;
  });
}
