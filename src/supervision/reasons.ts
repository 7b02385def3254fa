import type { Database } from "../store/client.ts";
import { outboxStatus } from "../store/types.ts";

/** What a code of a platform means for a coordinator; each has a reason and a remedy in words (`today.reason.…`, `today.remedy.…`). */
export type Reason = "blocked" | "closed" | "unsubscribed" | "mailbox" | "left";

/**
 * Reads the code that a message ended with. Codes are the platforms' own, so only what most of them have in common is told apart;
 * without one the platform told the product by itself that the person left.
 */
export function reasonOf(code: string | null): Reason {
  if (code === null) return "left";
  if (code === "unsubscribed") return "unsubscribed";
  if (/block/iu.test(code)) return "blocked";
  if (/^5\d\d( 5\.[12]\.\d+)?$/u.test(code)) return "mailbox";
  return /deactivat|not.?found|inactive|invalid|disabled|deleted/iu.test(code) ? "closed" : "left";
}

/** Why each of these persons cannot be reached: the code of the newest message that found nobody there. */
export async function goneCodes(db: Database, personIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await db.outbox.findMany({
    where: { status: outboxStatus.gone, personId: { in: [...personIds] } },
    select: { personId: true, code: true },
    orderBy: { seq: "asc" },
  });
  return new Map(rows.flatMap(({ personId, code }) => (code === null ? [] : [[personId, code]])));
}
