import { outboxStatus } from "../store/types.ts";
import type { Unsent } from "./unsent.ts";

/** What a code of a platform means for a coordinator; each has a reason and a remedy in words (`today.reason.…`, `today.remedy.…`). */
export type Reason = "blocked" | "uninstalled" | "closed" | "unsubscribed" | "mailbox" | "left" | "unknown";

/** Why nothing arrives at an address: what is kept with it, else what the code of the last message says, else nobody knows. */
export function whyGone(kept: string | null, code: string | null): Reason {
  if (kept === "deactivated") return "closed";
  if (kept === "blocked" || kept === "uninstalled" || kept === "left") return kept;
  return code === null ? "unknown" : reasonOf(code);
}

/** Reads the code that a message ended with. Codes are the platforms' own, so only what most of them have in common is told apart. */
function reasonOf(code: string): Reason {
  if (code === "unsubscribed") return "unsubscribed";
  if (/block/iu.test(code)) return "blocked";
  if (/^5\d\d( 5\.[12]\.\d+)?$/u.test(code)) return "mailbox";
  return /deactivat|not.?found|inactive|invalid|disabled|deleted/iu.test(code) ? "closed" : "left";
}

/** Why persons cannot be reached: the code of the newest message that found nobody there. `messages`: the newest first. */
export function goneCodes(messages: readonly Unsent[]): ReadonlyMap<string, string> {
  const gone = messages.filter(({ status }) => status === outboxStatus.gone).reverse();
  return new Map(gone.flatMap(({ personId, code }) => (code === null ? [] : [[personId, code]])));
}
