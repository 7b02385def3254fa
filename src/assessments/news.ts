import type { Inside } from "./types.ts";

/** What the person hears about, as a job that their own turn reports. */
export type News = "begun" | "returned" | "decided";

/** Lets a person hear of a step after this transaction, once. */
export async function hear(
  tx: Pick<Inside, "job">,
  personId: string,
  assessment: string,
  what: News,
  at: number,
): Promise<void> {
  await later(tx, personId, `${assessment}:${what}:${at}`, "assessmentNews", { assessment, what }, at);
}

/** Work that is done once after this transaction, for a person. */
export async function later(
  tx: Pick<Inside, "job">,
  personId: string,
  id: string,
  name: string,
  data: Readonly<Record<string, string>>,
  at: number,
): Promise<void> {
  const job = { id, personId, name, data: JSON.stringify(data), attempts: 0 };
  await tx.job.upsert({
    where: { id },
    create: { ...job, notBefore: BigInt(at), createdAt: BigInt(at) },
    update: {},
  });
}
