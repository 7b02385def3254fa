import { type AwardRow, sealed } from "./award.ts";
import type { Verdict, Verify } from "./verify.ts";

/** How long a check of a proof is believed, milliseconds. States and dates are read anew for every page. */
const believedMs = 45_000;
const mostKept = 2_000;

/** Checks the proof of an award's credential once for each of its revisions; several at once are one check. */
export function createGenuine(
  verify: Verify,
  open: (purpose: string, sealed: Uint8Array, context: string) => string,
): (row: AwardRow) => Promise<boolean> {
  const kept = new Map<string, { readonly at: number; readonly verdict: Promise<Verdict> }>();
  return async (row) => {
    const id = `${row.id} ${row.changedAt}`;
    const known = kept.get(id);
    // The real clock: this is about work that was done, not about the certificate.
    if (known !== undefined && Date.now() - known.at < believedMs) return isOurs(await known.verdict);
    const verdict = (async () => verify(open(sealed.purpose, row.credential, sealed.credential(row.id))))();
    kept.delete(id);
    kept.set(id, { at: Date.now(), verdict });
    verdict.catch(() => kept.delete(id));
    const [oldest] = kept.keys();
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
    return isOurs(await verdict);
  };
}

function isOurs({ kind }: Verdict): boolean {
  return !["tampered", "foreign", "unregistered", "unknown"].includes(kind);
}
