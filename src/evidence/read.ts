import { z } from "zod";
import type { Database } from "../store/client.ts";
import {
  type EvidenceDeps,
  type EvidenceItem,
  type EvidenceTexts,
  earlierSchema,
  evidenceKinds,
  evidenceStates,
  type KeptFile,
} from "./types.ts";

/** What the texts of an item are sealed for; each is bound to the item's id and its own name. */
export const textPurpose = "evidence";
/** The same for names and bytes of files, bound to the file's id. */
export const filePurpose = "evidence-file";

type Stored = NonNullable<Awaited<ReturnType<Database["evidence"]["findUnique"]>>>;
type Opening = Pick<EvidenceDeps, "open">;

const ids = z.array(z.string());

/** An item as it is stored, without what is sealed. */
export function itemOf(row: Stored): EvidenceItem {
  const { id, personId, programme, version, organisationId, prior, recordKey, shared } = row;
  return {
    ...{ id, personId, programme, version, organisationId, prior, recordKey, shared },
    kind: z.enum(evidenceKinds).parse(row.kind),
    state: z.enum(evidenceStates).parse(row.state),
    competences: ids.parse(JSON.parse(row.competences)),
    earlier: row.earlier === null ? null : earlierSchema.parse(JSON.parse(row.earlier)),
    accepted: row.accepted === null ? null : ids.parse(JSON.parse(row.accepted)),
    createdAt: Number(row.createdAt),
    changedAt: Number(row.changedAt),
    decidedAt: row.decidedAt === null ? null : Number(row.decidedAt),
  };
}

/** What an item says. */
export function textsOf({ open }: Opening, row: Pick<Stored, "id" | "title" | "text" | "link">): EvidenceTexts {
  const opened = (name: "title" | "text" | "link"): string | null => {
    const sealed = row[name];
    return sealed === null ? null : open(textPurpose, sealed, `${row.id}:${name}`);
  };
  return { title: opened("title"), text: opened("text"), link: opened("link") };
}

/** The files of an item that are still there, without their bytes; the newest first. */
export async function filesOf(
  db: Pick<Database, "evidenceFile">,
  { open }: Opening,
  evidenceId: string,
): Promise<readonly KeptFile[]> {
  const rows = await db.evidenceFile.findMany({
    where: { evidenceId, destroyedAt: null },
    select: { id: true, name: true, mime: true, size: true, tickedAt: true },
    orderBy: [{ tickedAt: "desc" }, { id: "asc" }],
  });
  return rows.map(({ name, tickedAt, ...row }) => ({
    ...row,
    name: name === null ? "" : open(filePurpose, name, `${row.id}:name`),
    tickedAt: Number(tickedAt),
  }));
}

/** One step of an item's history. */
export interface HistoryStep {
  readonly n: number;
  readonly state: string;
  /** A person's id. */
  readonly by: string;
  readonly reason: string | null;
  readonly competences: readonly string[] | null;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What became of an item, the first step first. */
export async function historyOf(
  db: Pick<Database, "evidenceStep">,
  { open }: Opening,
  evidenceId: string,
): Promise<readonly HistoryStep[]> {
  const rows = await db.evidenceStep.findMany({ where: { evidenceId }, orderBy: { n: "asc" } });
  return rows.map(({ id, n, state, by, reason, competences, at }) => ({
    ...{ n, state, by },
    reason: reason === null ? null : open(textPurpose, reason, `${id}:reason`),
    competences: competences === null ? null : ids.parse(JSON.parse(competences)),
    at: Number(at),
  }));
}

/** What an item of the kind `record` names: days and hours that count, or whether the unit's check was passed. */
export async function factsOf(
  db: Pick<Database, "record">,
  item: Pick<EvidenceItem, "personId" | "programme" | "recordKey">,
): Promise<{ readonly count: number; readonly minutes: number }> {
  const { personId, programme, recordKey } = item;
  const [type, check] = (recordKey ?? "").split(":");
  const where = { personId, programme };
  if (type === "passed") {
    const rows = await db.record.findMany({ where: { ...where, type: "check.done" }, select: { data: true } });
    const passed = z.object({ passed: z.literal(true), check: z.literal(check ?? "") });
    return { count: rows.some(({ data }) => passed.safeParse(JSON.parse(data)).success) ? 1 : 0, minutes: 0 };
  }
  if (type !== "attended" && type !== "hours") return { count: 0, minutes: 0 };
  const types = type === "hours" ? ["hours", "hours.undone"] : ["attended"];
  const rows = await db.record.findMany({
    where: { ...where, type: { in: types } },
    orderBy: [{ at: "asc" }, { id: "asc" }],
  });
  const found = new Map<string, number>();
  for (const row of rows) {
    const read = z
      .object({ id: z.string().optional(), event: z.string().optional(), minutes: z.number().optional() })
      .safeParse(JSON.parse(row.data));
    const key = read.data?.id ?? read.data?.event;
    if (key === undefined) continue;
    // A later entry about the same day takes the place of the earlier one.
    found.set(key, row.type === "hours.undone" ? 0 : (read.data?.minutes ?? 0));
  }
  const minutes = [...found.values()].filter((one) => one > 0);
  return { count: minutes.length, minutes: minutes.reduce((sum, one) => sum + one, 0) };
}
