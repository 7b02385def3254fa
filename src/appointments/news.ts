import type { Database } from "../store/client.ts";

/** The job that lets one of the two hear how an appointment stands. */
export const newsName = "appointmentNews";

/**
 * Lets both hear of a change after this transaction, each once. Whoever is told late, after another change, is told of that one
 * alone.
 */
export async function tellBoth(
  tx: Pick<Database, "job">,
  given: { readonly id: string; readonly sequence: number; readonly between: readonly string[]; readonly at: number },
): Promise<void> {
  const { id, sequence, between, at } = given;
  const data = JSON.stringify({ id, sequence });
  for (const personId of between) {
    const job = { id: `appointment:${id}:${sequence}:${personId}`, personId, name: newsName, data, attempts: 0 };
    await tx.job.create({ data: { ...job, notBefore: BigInt(at), createdAt: BigInt(at) } });
  }
}
