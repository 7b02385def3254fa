import { randomUUID } from "node:crypto";
import type { Database } from "../store/client.ts";

/** What reasons of a no are sealed for; each is bound to its step. */
export const reasons = { purpose: "programme" } as const;

/** What somebody does with a draft. */
export type What = "begun" | "written" | "asked" | "refused" | "published";

/** Writes down who did what with a draft at which revision. `now` is epoch milliseconds. */
export async function addStep(
  db: Pick<Database, "programmeStep">,
  step: { readonly draftId: string; readonly by: string; readonly what: What; readonly rev: number },
  now: number,
  seal?: (id: string) => Uint8Array,
): Promise<void> {
  const id = randomUUID();
  const said = seal === undefined ? null : new Uint8Array(seal(id));
  await db.programmeStep.create({ data: { id, ...step, said, at: BigInt(now) } });
}

/** Whoever wrote in a draft or asked for its publication: none of them may be the second person. */
export async function ownersOf(db: Pick<Database, "programmeStep">, draftId: string): Promise<ReadonlySet<string>> {
  const rows = await db.programmeStep.findMany({
    where: { draftId, what: { in: ["begun", "written", "asked"] } },
    select: { by: true },
    distinct: ["by"],
  });
  return new Set(rows.map(({ by }) => by));
}
