import { randomUUID } from "node:crypto";
import { parseYaml } from "../programmes/yaml-file.ts";
import type { Database } from "../store/client.ts";
import { openStored, type PackFiles, writeArchive } from "./archive.ts";
import { addStep, type What } from "./steps.ts";

/** Where a draft stands. */
export type DraftState = "writing" | "asked" | "refused" | "published";

/** A draft without its files. */
export interface DraftRow {
  readonly id: string;
  readonly programme: string;
  readonly organisationId: string;
  readonly rev: number;
  readonly state: string;
  readonly changedAt: bigint;
}

export interface Draft extends DraftRow {
  readonly files: PackFiles;
}

const row = { id: true, programme: true, organisationId: true, rev: true, state: true, changedAt: true } as const;
type DraftTables = Pick<Database, "programmeDraft" | "programmeStep">;
type Writing = Pick<Database, "$transaction">;

/** The drafts of some organisations, what changed last first. */
export function listDrafts(db: DraftTables, organisations: readonly string[]): Promise<readonly DraftRow[]> {
  return db.programmeDraft.findMany({
    where: { organisationId: { in: [...organisations] } },
    select: row,
    orderBy: [{ changedAt: "desc" }, { id: "asc" }],
    take: 200,
  });
}

/** A draft with its files; undefined where there is none. */
export async function readDraft(db: DraftTables, id: string): Promise<Draft | undefined> {
  const found = await db.programmeDraft.findUnique({ where: { id } });
  return found === null ? undefined : { ...found, files: openStored(found.files) };
}

/** Begins a draft; returns its id. `now` is epoch milliseconds. */
export async function beginDraft(
  db: Writing,
  given: {
    readonly programme: string;
    readonly organisationId: string;
    readonly files: PackFiles;
    readonly by: string;
  },
  now: number,
): Promise<string> {
  const id = randomUUID();
  const { programme, organisationId, files, by } = given;
  const at = BigInt(now);
  const stored = new Uint8Array(writeArchive(files));
  const times = { createdAt: at, changedAt: at };
  await db.$transaction(async (tx) => {
    await tx.programmeDraft.create({
      data: { id, programme, organisationId, files: stored, rev: 1, state: "writing", ...times },
    });
    await addStep(tx, { draftId: id, by, what: "begun", rev: 1 }, now);
  });
  return id;
}

/**
 * Puts other files in the place of a draft's; a request to publish it ends with that, because it was for the old ones. False where
 * somebody else changed it since `rev`, or where it is published.
 */
export async function writeDraft(
  db: Writing,
  draft: Pick<Draft, "id" | "rev">,
  files: PackFiles,
  by: string,
  now: number,
): Promise<boolean> {
  const { id, rev } = draft;
  const stored = new Uint8Array(writeArchive(files));
  return db.$transaction(async (tx) => {
    const { count } = await tx.programmeDraft.updateMany({
      where: { id, rev, state: { not: "published" } },
      data: { files: stored, rev: rev + 1, state: "writing", changedAt: BigInt(now) },
    });
    if (count === 0) return false;
    await addStep(tx, { draftId: id, by, what: "written", rev: rev + 1 }, now);
    return true;
  });
}

/** Moves a draft from one state to the next and writes down who did, once: of two who do it at once one gets false. */
export function decideDraft(
  db: Writing,
  draft: Pick<Draft, "id" | "rev">,
  what: "asked" | "refused",
  by: string,
  now: number,
  seal?: (id: string) => Uint8Array,
): Promise<boolean> {
  const from: readonly DraftState[] = what === "asked" ? ["writing", "refused"] : ["asked"];
  return db.$transaction(async (tx) => {
    if (!(await moveDraft(tx, draft, from, what, now))) return false;
    await addStep(tx, { draftId: draft.id, by, what, rev: draft.rev }, now, seal);
    return true;
  });
}

/** Moves a draft from one state to the next; false where it is in another one by now. */
export async function moveDraft(
  db: Pick<Database, "programmeDraft">,
  { id, rev }: Pick<Draft, "id" | "rev">,
  from: readonly DraftState[],
  to: Extract<What, DraftState>,
  now: number,
): Promise<boolean> {
  const { count } = await db.programmeDraft.updateMany({
    where: { id, rev, state: { in: [...from] } },
    data: { state: to, changedAt: BigInt(now) },
  });
  return count === 1;
}

/** The id that a structure file gives its programme; undefined where it gives none that can name a folder. */
export function idIn(files: PackFiles): string | undefined {
  const bytes = files.get("programme.yaml");
  if (bytes === undefined) return undefined;
  const { file } = parseYaml(new TextDecoder().decode(bytes), "programme.yaml");
  const value = file?.value;
  const id = typeof value === "object" && value !== null && "id" in value ? value.id : undefined;
  return typeof id === "string" && isProgrammeId(id) ? id : undefined;
}

/** Whether this can be the id of a programme. */
export function isProgrammeId(id: string): boolean {
  return /^(?=.{1,40}$)[a-z0-9]+(?:[.-][a-z0-9]+)*$/u.test(id);
}
