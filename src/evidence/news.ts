import type { Json } from "../engine/types.ts";
import type { EvidenceDeps } from "./types.ts";

type Inside = Parameters<Parameters<EvidenceDeps["store"]["db"]["$transaction"]>[0]>[0];

/** The step that an item goes: what is written into its history. */
export interface Going {
  readonly evidenceId: string;
  readonly personId: string;
  readonly state: string;
  /** Who did it, a person's id. */
  readonly by: string;
  readonly reason?: (id: string) => Uint8Array;
  readonly competences?: readonly string[];
  readonly at: number;
}

/**
 * Adds a step to an item's history and has its owner told by a job of the same transaction, whose turn also keeps it in the record.
 * Returns the number of the step.
 */
export async function goStep(tx: Pick<Inside, "evidenceStep" | "job">, going: Going): Promise<number> {
  const { evidenceId, personId, state, by, reason, competences, at } = going;
  const n = (await tx.evidenceStep.count({ where: { evidenceId } })) + 1;
  const id = `${evidenceId}:${n}`;
  const sealed = reason === undefined ? null : new Uint8Array(reason(id));
  const list = competences === undefined ? null : JSON.stringify(competences);
  await tx.evidenceStep.create({
    data: { id, evidenceId, n, state, by, reason: sealed, competences: list, at: BigInt(at) },
  });
  await addJob(tx, { id: `evidence:${id}`, personId, name: "evidenceNews", data: { evidence: evidenceId, n }, at });
  return n;
}

/** Leaves work for after this transaction. */
export async function addJob(
  tx: Pick<Inside, "job">,
  given: {
    readonly id: string;
    readonly personId: string;
    readonly name: string;
    readonly data: Json;
    readonly at: number;
  },
): Promise<void> {
  const { id, personId, name, data, at } = given;
  const instant = BigInt(at);
  await tx.job.create({
    data: { id, personId, name, data: JSON.stringify(data), attempts: 0, notBefore: instant, createdAt: instant },
  });
}
