import type { WriteAudit } from "../people/audit.ts";
import type { Standing } from "../people/standing.ts";
import { fileEnding } from "./content.ts";
import { destroyFiles } from "./destroy.ts";
import { goStep } from "./news.ts";
import { factsOf, filePurpose, filesOf, type HistoryStep, historyOf, itemOf, textPurpose, textsOf } from "./read.ts";
import type { EvidenceDeps, EvidenceItem, EvidenceState, EvidenceTexts, KeptFile } from "./types.ts";

/** What reviewing works with: everything that is looked at stands in the trail. */
export interface ReviewDeps extends EvidenceDeps {
  readonly audit: WriteAudit;
}

/** Who reviews, with their rights at this moment. */
export type Reviewer = Pick<Standing, "personId" | "may" | "withinSome">;

/** Why something is refused; `missing` also where the reviewer may not know that it is there. */
export type Refusal = "missing" | "own" | "state" | "competences" | "reason";

/** One line of the list. */
export interface ListedEvidence extends EvidenceItem {
  readonly name: string;
  readonly organisation: string;
}

/** The most characters of a reason. */
export const mostReason = 600;
/** Rows of a list. */
const mostListed = 2_000;

const placeOf = ({ organisationId, programme }: EvidenceItem) => ({ organisationId, programme });

/** The items of the organisations that a reviewer may see, in these states; what has waited longest comes first. No drafts. */
export async function listEvidence(
  { store }: Pick<EvidenceDeps, "store">,
  reviewer: Reviewer,
  states: readonly EvidenceState[],
): Promise<readonly ListedEvidence[]> {
  const { db } = store;
  const rows = await db.evidence.findMany({
    where: {
      organisationId: { in: [...reviewer.withinSome("evidence.see")] },
      state: { in: states.filter((state) => state !== "draft") },
    },
    orderBy: [{ changedAt: "asc" }, { id: "asc" }],
    take: mostListed,
  });
  const items = rows.map(itemOf).filter((item) => reviewer.may("evidence.see", placeOf(item)));
  const [people, organisations] = await Promise.all([
    db.person.findMany({
      where: { id: { in: [...new Set(items.map(({ personId }) => personId))] } },
      select: { id: true, name: true },
    }),
    db.organisation.findMany({ select: { id: true, name: true } }),
  ]);
  const names = new Map([...people, ...organisations].map(({ id, name }) => [id, name]));
  return items.map((item) => ({
    ...item,
    name: names.get(item.personId) ?? "",
    organisation: names.get(item.organisationId) ?? "",
  }));
}

/** An item as a reviewer sees it; `content` only for those who may see what it says. */
export interface OpenedEvidence {
  readonly item: EvidenceItem;
  readonly history: readonly HistoryStep[];
  readonly content:
    | (EvidenceTexts & {
        readonly files: readonly KeptFile[];
        /** Of what the record shows: how many, and how many minutes. */
        readonly record: { readonly count: number; readonly minutes: number } | null;
      })
    | null;
  /** Whether this reviewer may decide about it now, else why not. */
  readonly decide: true | Refusal;
}

/** Opens an item; the trail says so where its content is shown. Undefined where there is none for this reviewer. */
export async function openEvidence(
  deps: ReviewDeps,
  reviewer: Reviewer,
  id: string,
): Promise<OpenedEvidence | undefined> {
  const { db } = deps.store;
  const row = await db.evidence.findUnique({ where: { id } });
  if (row === null || row.state === "draft") return undefined;
  const item = itemOf(row);
  if (!reviewer.may("evidence.see", placeOf(item))) return undefined;
  const decide = refusalFor(reviewer, item);
  // Reasons may say what an item says.
  const sees = reviewer.may("evidence.review", placeOf(item)) || item.shared;
  const history = await historyOf(db, deps, id);
  if (!sees) return { item, history: history.map((step) => ({ ...step, reason: null })), content: null, decide };
  await deps.audit(entry(reviewer, item, "evidence.see"));
  const content = {
    ...textsOf(deps, row),
    files: await filesOf(db, deps, id),
    record: item.kind === "record" ? await factsOf(db, item) : null,
  };
  return { item, history, content, decide };
}

/** A file of an item for a reviewer to take along: under a neutral name, and in the trail each time. Undefined where there is none. */
export async function downloadFile(
  deps: ReviewDeps,
  reviewer: Reviewer,
  given: { readonly evidence: string; readonly file?: string },
): Promise<{ readonly name: string; readonly mime: string; readonly bytes: Uint8Array } | undefined> {
  const { db } = deps.store;
  const row = await db.evidence.findUnique({ where: { id: given.evidence } });
  if (row === null || row.state === "draft") return undefined;
  const item = itemOf(row);
  const shared = item.shared && reviewer.may("evidence.see", placeOf(item));
  if (!shared && !reviewer.may("evidence.review", placeOf(item))) return undefined;
  const file = await db.evidenceFile.findFirst({
    where: { evidenceId: item.id, destroyedAt: null, ...(given.file === undefined ? {} : { id: given.file }) },
    orderBy: { tickedAt: "desc" },
  });
  if (file?.bytes == null) return undefined;
  await deps.audit(entry(reviewer, item, "evidence.download"));
  return {
    name: `evidence.${fileEnding(file.mime)}`,
    mime: file.mime,
    bytes: deps.openBytes(filePurpose, file.bytes, file.id),
  };
}

/** Accepts an item for some or all of its competences. Returns why not, where it is refused. */
export async function acceptEvidence(
  deps: ReviewDeps,
  reviewer: Reviewer,
  given: { readonly id: string; readonly competences: readonly string[] },
): Promise<Refusal | undefined> {
  const found = await decidable(deps, reviewer, given.id);
  if (typeof found === "string") return found;
  const accepted = found.competences.filter((one) => given.competences.includes(one));
  const isWrong = accepted.length !== new Set(given.competences).size;
  if (isWrong || (accepted.length === 0 && found.competences.length > 0)) return "competences";
  const at = BigInt(deps.now());
  const data = { accepted: JSON.stringify(accepted), decidedAt: at };
  return decide(deps, reviewer, found, { state: "accepted", data, competences: accepted });
}

/** Gives an item back to be completed; `reason` is what its owner reads. */
export async function returnEvidence(
  deps: ReviewDeps,
  reviewer: Reviewer,
  given: { readonly id: string; readonly reason: string },
): Promise<Refusal | undefined> {
  const found = await decidable(deps, reviewer, given.id);
  if (typeof found === "string") return found;
  const said = given.reason.trim();
  if (said === "" || said.length > mostReason) return "reason";
  const reason = (id: string) => deps.seal(textPurpose, said, `${id}:reason`);
  return decide(deps, reviewer, found, { state: "returned", data: {}, reason });
}

/**
 * Somebody can be recognised in an item: its words go and its files are destroyed at once, also of one that was accepted. What stays says
 * who did it, when, and of which item.
 */
export async function destroyRecognisable(
  deps: ReviewDeps,
  reviewer: Reviewer,
  id: string,
): Promise<Refusal | undefined> {
  const row = await deps.store.db.evidence.findUnique({ where: { id } });
  const item = row === null || row.state === "draft" ? undefined : itemOf(row);
  if (item === undefined) return "missing";
  const refusal = refusalFor(reviewer, item, ["submitted", "accepted", "returned"]);
  if (refusal !== true) return refusal;
  // Before the state: whatever happens in between, what should be gone is gone.
  await destroyFiles(deps, { evidence: [id], by: reviewer.personId });
  const data = { title: null, text: null, link: null, accepted: null, decidedAt: BigInt(deps.now()) };
  return decide(deps, reviewer, item, { state: "destroyed", data });
}

async function decidable(deps: ReviewDeps, reviewer: Reviewer, id: string): Promise<EvidenceItem | Refusal> {
  const row = await deps.store.db.evidence.findUnique({ where: { id } });
  if (row === null || row.state === "draft") return "missing";
  const item = itemOf(row);
  const refusal = refusalFor(reviewer, item);
  return refusal === true ? item : refusal;
}

/** Nobody decides about what is their own, whatever roles they have. */
function refusalFor(
  reviewer: Reviewer,
  item: EvidenceItem,
  states: readonly EvidenceState[] = ["submitted"],
): true | Refusal {
  if (!reviewer.may("evidence.review", placeOf(item))) return "missing";
  if (item.personId === reviewer.personId) return "own";
  return states.includes(item.state) ? true : "state";
}

/** Writes a decision, once: of two at the same moment the second is refused. */
async function decide(
  deps: ReviewDeps,
  reviewer: Reviewer,
  item: EvidenceItem,
  to: {
    readonly state: EvidenceState;
    readonly data: object;
    readonly competences?: readonly string[];
    readonly reason?: (id: string) => Uint8Array;
  },
): Promise<Refusal | undefined> {
  const { id, personId } = item;
  const { state, data, ...step } = to;
  const at = deps.now();
  const done = await deps.store.db.$transaction(async (tx) => {
    const where = { id, personId, state: item.state };
    const { count } = await tx.evidence.updateMany({ where, data: { ...data, state, changedAt: BigInt(at) } });
    if (count === 0) return false;
    await goStep(tx, { evidenceId: id, personId, state, by: reviewer.personId, at, ...step });
    return true;
  });
  if (!done) return "state";
  await deps.audit(entry(reviewer, item, `evidence.${state}`));
  deps.store.tell({ lanes: [], chats: [], jobs: true });
  return undefined;
}

/** A line of the trail: which item, and nothing of what it says. */
function entry(reviewer: Reviewer, item: EvidenceItem, action: string) {
  const { id, personId: subject, organisationId } = item;
  return { actor: reviewer.personId, action, subject, organisationId, detail: { evidence: id } };
}
