import type { Database } from "../store/client.ts";
import { tellBoth } from "./news.ts";
import { openStates } from "./types.ts";

/**
 * Calls off what is open about something that ended, within the transaction that ends it; both of the two hear it. `withId`: only what
 * this person proposed. `now` is epoch milliseconds.
 */
export async function callOff(
  tx: Pick<Database, "appointment" | "job">,
  about: { readonly kind: string; readonly about: string; readonly withId?: string },
  now: number,
): Promise<void> {
  const where = { ...about, state: { in: [...openStates] } };
  const rows = await tx.appointment.findMany({ where, orderBy: { id: "asc" } });
  for (const { id, personId, withId } of rows) {
    const { sequence } = await tx.appointment.update({
      where: { id },
      // Counted on by the database: one that somebody changes at this moment is called off all the same.
      data: { state: "cancelled", sequence: { increment: 1 }, changedAt: BigInt(now) },
    });
    await tellBoth(tx, { id, sequence, between: [personId, withId], at: now });
  }
}
