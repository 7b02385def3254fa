import { z } from "zod";
import { placeOf } from "../inbox/responsible.ts";
import type { Job } from "../store/types.ts";
import { destroyFiles } from "./destroy.ts";
import { goStep } from "./news.ts";
import { factsOf, filesOf, itemOf, textPurpose } from "./read.ts";
import { type EvidenceDeps, type EvidenceItem, earlierSchema, evidenceKinds, openStates } from "./types.ts";

/** What a chat knows of an item before it is handed in. Texts come one by one; what is not said stays as it was. */
export const draftSchema = z.object({
  id: z.string().min(1).max(64),
  programme: z.string(),
  version: z.string(),
  kind: z.enum(evidenceKinds),
  prior: z.boolean(),
  competences: z.array(z.string()).max(50),
  earlier: earlierSchema.optional(),
  // Longer than what a dialog takes: it counts characters, and one of them may be two here.
  title: z.string().max(600).optional(),
  text: z.string().max(4_000).optional(),
  link: z.string().max(3_000).optional(),
  recordKey: z.string().max(120).optional(),
});
export type Draft = z.infer<typeof draftSchema>;

/** Items that one person may have beside those that are withdrawn. */
export const mostItems = 60;

/** Keeps what somebody said of an item; again the same is the same. False where it is not theirs to change, or they have too many. */
export async function keepDraft(deps: EvidenceDeps, personId: string, draft: Draft): Promise<boolean> {
  const { store, now } = deps;
  const { db } = store;
  const found = await db.evidence.findUnique({ where: { id: draft.id } });
  const { id, programme, version, kind, prior } = draft;
  const sealed = (name: "title" | "text" | "link") => {
    const said = draft[name];
    return said === undefined ? undefined : new Uint8Array(deps.seal(textPurpose, said, `${id}:${name}`));
  };
  const changed = found !== null && found.kind !== kind;
  // Of what it was before nothing stays: nobody would see it again and know that it is there.
  const or = <T>(value: T | undefined): T | null | undefined => (value === undefined && changed ? null : value);
  const data = {
    ...{ programme, version, kind, prior },
    competences: JSON.stringify(draft.competences),
    earlier: draft.earlier === undefined ? null : JSON.stringify(draft.earlier),
    title: or(sealed("title")),
    text: or(sealed("text")),
    link: or(sealed("link")),
    recordKey: or(draft.recordKey),
    changedAt: BigInt(now()),
  };
  if (found !== null) {
    const open = { id, personId, state: { in: [...openStates] } };
    const { count } = await db.evidence.updateMany({
      where: open,
      data: Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined)),
    });
    if (count > 0 && kind !== "file") await destroyFiles(deps, { evidence: [id], by: personId });
    return count > 0;
  }
  if ((await db.person.count({ where: { id: personId } })) === 0) return false;
  if ((await db.evidence.count({ where: { personId, state: { not: "withdrawn" } } })) >= mostItems) return false;
  const organisationId = await organisationFor(db, personId, programme);
  const { title = null, text = null, link = null, recordKey = null, ...rest } = data;
  const texts = { title, text, link, recordKey };
  const state = { state: "draft", shared: false, createdAt: BigInt(now()) };
  await db.evidence.create({ data: { id, personId, organisationId, ...rest, ...texts, ...state } });
  return true;
}

/** Where an item belongs: to the organisation of the course in its programme, else where the person's questions go. */
async function organisationFor(db: EvidenceDeps["store"]["db"], personId: string, programme: string): Promise<string> {
  const own = await db.membership.findFirst({
    where: { personId, state: { in: ["active", "paused", "finished", "alumni"] }, cohort: { programme } },
    orderBy: { changedAt: "desc" },
  });
  return own?.organisationId ?? (await placeOf(db, personId)).organisationId;
}

/** Why an item cannot be handed in: what is missing, or that it is not theirs to change. */
export type NotReady = "gone" | "file" | "text" | "link" | "record" | "title";

/** Hands an item in. Undefined where that worked. Throws where what was said of it is still on its way, so that the job is done again. */
export async function submitItem(deps: EvidenceDeps, job: Job, id: string): Promise<NotReady | undefined> {
  const { db } = deps.store;
  const { personId } = job;
  const onTheWay = await db.job.count({
    where: { personId, name: "evidence", id: { not: job.id }, data: { contains: '"op":"keep"' } },
  });
  if (onTheWay > 0) throw new Error("what was said of this item has not been kept yet");
  const row = await db.evidence.findFirst({ where: { id, personId } });
  if (row === null || !openStates.some((state) => state === row.state)) {
    // This job ran before.
    return row?.state === "submitted" ? undefined : "gone";
  }
  const lacks = await missingIn(deps, itemOf(row), row);
  if (lacks !== undefined) return lacks;
  const at = deps.now();
  const organisationId = await organisationFor(db, personId, row.programme);
  await db.$transaction(async (tx) => {
    const { count } = await tx.evidence.updateMany({
      where: { id, personId, state: row.state },
      data: { state: "submitted", organisationId, accepted: null, decidedAt: null, changedAt: BigInt(at) },
    });
    if (count > 0) await goStep(tx, { evidenceId: id, personId, state: "submitted", by: personId, at });
  });
  return undefined;
}

async function missingIn(
  deps: EvidenceDeps,
  item: EvidenceItem,
  row: { readonly text: Uint8Array | null; readonly link: Uint8Array | null; readonly title: Uint8Array | null },
): Promise<NotReady | undefined> {
  const { db } = deps.store;
  switch (item.kind) {
    case "text":
      return row.text === null ? "text" : undefined;
    case "link":
      return row.link === null ? "link" : row.title === null ? "title" : undefined;
    case "file":
      return (await filesOf(db, deps, item.id)).length === 0 ? "file" : row.title === null ? "title" : undefined;
    case "record":
      return (await factsOf(db, item)).count === 0 ? "record" : undefined;
  }
}

/** Takes an item back for good: its words and files go, and that there was one stays. A draft goes altogether. False where it is too late. */
export async function withdrawItem(
  deps: EvidenceDeps,
  personId: string,
  id: string,
): Promise<"withdrawn" | "gone" | false> {
  const { db } = deps.store;
  const row = await db.evidence.findFirst({ where: { id, personId } });
  if (row === null) return "gone";
  if (row.state === "withdrawn") return "withdrawn";
  if (row.state === "accepted") return false;
  await destroyFiles(deps, { evidence: [id], by: personId });
  if ((await db.evidenceStep.count({ where: { evidenceId: id } })) === 0) {
    await db.evidence.deleteMany({ where: { id, personId, state: "draft" } });
    return "gone";
  }
  const at = deps.now();
  await db.$transaction(async (tx) => {
    const nothing = { title: null, text: null, link: null };
    const { count } = await tx.evidence.updateMany({
      where: { id, personId, state: row.state },
      data: { ...nothing, state: "withdrawn", shared: false, decidedAt: BigInt(at), changedAt: BigInt(at) },
    });
    if (count > 0) await goStep(tx, { evidenceId: id, personId, state: "withdrawn", by: personId, at });
  });
  return "withdrawn";
}

/** Lets coordinators see what an item says, or no longer. False where it is not theirs. */
export async function shareItem(deps: EvidenceDeps, personId: string, id: string, shared: boolean): Promise<boolean> {
  const where = { id, personId, state: { not: "withdrawn" } };
  return (await deps.store.db.evidence.updateMany({ where, data: { shared } })).count > 0;
}

/** An item as its owner's chat shows it. */
export interface Shown extends EvidenceItem {
  /** Why it came back, in the words of whoever looked at it. */
  readonly reason: string | null;
}

/** The items of a person, or one of them; what changed last comes first. */
export async function itemsOf(deps: EvidenceDeps, personId: string, id?: string): Promise<readonly Shown[]> {
  const { db } = deps.store;
  const rows = await db.evidence.findMany({
    where: { personId, ...(id === undefined ? {} : { id }) },
    include: { steps: { where: { reason: { not: null } }, orderBy: { n: "desc" }, take: 1 } },
    orderBy: [{ changedAt: "desc" }, { id: "asc" }],
  });
  return rows.map(({ steps, ...row }) => {
    const [step] = row.state === "returned" ? steps : [];
    const reason = step?.reason == null ? null : deps.open(textPurpose, step.reason, `${step.id}:reason`);
    return { ...itemOf(row), reason };
  });
}
