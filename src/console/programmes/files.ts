import { type PackFiles, type Refused, readArchive, writeArchive } from "../../authoring/archive.ts";
import { beginDraft, idIn, isProgrammeId, writeDraft } from "../../authoring/drafts.ts";
import type { Answer, ConsoleDeps, Visit } from "../types.ts";
import { draftOf, homeOf, textOf } from "./common.ts";

/** A folder as a ZIP becomes a draft. */
export async function upload(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const read = archiveOf(visit);
  if ("refused" in read) return refused(read, visit, deps);
  const programme = idIn(read.files) ?? (isProgrammeId(read.folder ?? "") ? read.folder : undefined);
  if (programme === undefined) return refused({ refused: "structure" }, visit, deps);
  return start(programme, read.files, visit, deps);
}

/** A draft of what is taught now. */
export async function begin(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const wanted = visit.form.get("programme") ?? "";
  const programme = deps.catalogue.programmes.find(({ id }) => id === wanted);
  const files = programme && (await deps.authoring.source(programme));
  return files === undefined ? { type: "missing" } : start(wanted, files, visit, deps);
}

async function start(programme: string, files: PackFiles, visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const organisationId = homeOf(visit, programme);
  if (organisationId === undefined) return { type: "missing" };
  const by = visit.person.id;
  const id = await beginDraft(deps.store.db, { programme, organisationId, files, by }, deps.now());
  await deps.audit({ actor: by, action: "programme.begin", organisationId, detail: { draft: id, programme } });
  return { type: "go", to: `/programmes/${id}`, said: "programmes.said.begun" };
}

/** Other files for a whole draft. */
export async function replace(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const draft = await draftOf(visit, deps);
  if (draft === undefined) return { type: "missing" };
  const read = archiveOf(visit);
  if ("refused" in read) return refused(read, visit, deps);
  const to = `/programmes/${draft.id}`;
  const rev = Number(visit.form.get("rev"));
  const done = await writeDraft(deps.store.db, { id: draft.id, rev }, read.files, visit.person.id, deps.now());
  if (!done) return { type: "go", to, said: "programmes.said.changed" };
  const { programme, organisationId } = draft;
  const detail = { draft: draft.id, programme };
  await deps.audit({ actor: visit.person.id, action: "programme.write", organisationId, detail });
  return { type: "go", to, said: "programmes.said.written" };
}

/** A draft that nobody wants any more. What was published stays. */
export async function remove(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const draft = await draftOf(visit, deps);
  if (draft === undefined) return { type: "missing" };
  const { id, programme, organisationId } = draft;
  await deps.store.db.programmeDraft.deleteMany({ where: { id } });
  const detail = { draft: id, programme };
  await deps.audit({ actor: visit.person.id, action: "programme.remove", organisationId, detail });
  return { type: "go", to: "/programmes", said: "programmes.said.removed" };
}

/** A draft as a ZIP, to go on with it elsewhere. */
export async function zip(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const draft = await draftOf(visit, deps);
  return draft === undefined ? { type: "missing" } : zipOf(draft.programme, draft.files);
}

/** The files of a programme as a ZIP with its folder. */
export function zipOf(programme: string, files: PackFiles): Answer {
  const body = writeArchive(files, programme);
  return { type: "file", name: `${programme}.zip`, mime: "application/zip", body };
}

function archiveOf(visit: Visit): ReturnType<typeof readArchive> {
  const file = visit.files.get("pack");
  return file === undefined ? { refused: "none" } : readArchive(file.bytes);
}

/** Why nothing was taken, on a page of its own: it names a file of the archive. */
function refused({ refused: why, name = "" }: Refused, visit: Visit, deps: ConsoleDeps): Answer {
  const t = textOf(visit, deps);
  const body = t(`upload.${why}`, { name });
  return { type: "page", status: 400, title: t("upload.refused"), body };
}
