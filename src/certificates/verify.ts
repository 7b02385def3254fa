import { z } from "zod";
import type { Keys } from "./keys.ts";
import { credentialId, instant } from "./names.ts";
import type { Status } from "./status.ts";

/** What became of checking a credential. */
export type VerdictKind =
  | "valid"
  /** Its certificate was extended: it counts, and a later file says until when. */
  | "extended"
  | "tampered"
  | "revoked"
  | "expired"
  | "early"
  | "foreign"
  /** This house signed it, and its register knows nothing of it. */
  | "unregistered"
  | "unknown";

export interface Verdict {
  readonly kind: VerdictKind;
  /** The reason, for whoever reads a terminal. */
  readonly why: string;
  /** Until when it is or was valid, where that is later than it says itself; epoch milliseconds. */
  readonly until?: number;
  /** What the credential says, where its proof fits. */
  readonly said?: { readonly id: string; readonly title: string; readonly name: string | undefined };
}

export interface VerifyDeps {
  readonly keys: Pick<Keys, "document">;
  readonly status: Pick<Status, "stateAt">;
  readonly now: () => number;
  /** True for what this house kept sealed itself: its proofs are checked quickly, and by the library alone only where they do not fit. */
  readonly kept?: boolean;
}

/** Whether a credential counts, told by its text alone. */
export type Verify = (text: string) => Promise<Verdict>;

const proof = z.looseObject({ verificationMethod: z.string().max(500), cryptosuite: z.string().max(100) });
const credentialSchema = z.looseObject({
  id: z.string().max(500),
  name: z.string().max(1000).optional(),
  issuer: z.union([z.string().max(500), z.looseObject({ id: z.string().max(500) })]),
  proof: z.union([proof, z.array(proof).length(1)]),
  validFrom: z.iso.datetime({ offset: true }).optional(),
  validUntil: z.iso.datetime({ offset: true }).optional(),
  credentialStatus: z
    .object({ statusListIndex: z.string().regex(/^\d{1,9}$/u), statusListCredential: z.string().max(500) })
    .optional(),
  credentialSubject: z
    .looseObject({ identifier: z.array(z.looseObject({ identityHash: z.string() })).optional() })
    .optional(),
});

/** The most characters of a credential that is looked at. */
const mostText = 300_000;

/**
 * Checks in this order: is it a credential, is it of this house, does the proof fit every word, does it stand in the
 * register, was it withdrawn, has it begun, has it ended. The first that fails is the verdict.
 */
export function createVerify({ keys, status, now, kept }: VerifyDeps): Verify {
  return async (text) => {
    const read = readCredential(text);
    if (read === undefined) return { kind: "unknown", why: "this is no signed credential that can be read" };
    const { raw, credential } = read;
    const issuer = typeof credential.issuer === "string" ? credential.issuer : credential.issuer.id;
    const document = await keys.document(issuer);
    if (document === undefined) return { kind: "foreign", why: `it was issued by somebody else: ${issuer}` };
    const { isGenuine } = await import("./proof.ts");
    const from = credential.validFrom === undefined ? now() : Date.parse(credential.validFrom);
    const genuine = await isGenuine(raw, [document], from, kept);
    if (!genuine.genuine)
      return { kind: "tampered", why: `it was changed, or somebody else signed it: ${genuine.why}` };

    const name = credential.credentialSubject?.identifier?.[0]?.identityHash;
    const said = { id: credential.id, title: credential.name ?? "", name };
    const place = credential.credentialStatus;
    const list = place?.statusListCredential.split("/").at(-1) ?? "";
    const state = place && (await status.stateAt(list, Number(place.statusListIndex)));
    if (place !== undefined && (state === undefined || credential.id !== credentialId(state.award)))
      return {
        kind: "unregistered",
        why: "this house signed it, but its register knows nothing of it; ask the house",
        said,
      };
    if (state?.revoked) return { kind: "revoked", why: "it was withdrawn, or a newer one stands in its place", said };
    if (credential.validFrom !== undefined && now() < from)
      return { kind: "early", why: `it is valid from ${credential.validFrom} on`, said };
    const own = credential.validUntil === undefined ? null : Date.parse(credential.validUntil);
    const later = laterEnd(own, state?.extendedUntil ?? null);
    const until = later ?? own;
    const more = later === null ? {} : { until: later };
    if (until !== null && now() >= until)
      return { kind: "expired", why: `it was valid until ${instant(until)}`, ...more, said };
    if (later !== null)
      return { kind: "extended", why: `superseded by an extended one, valid until ${instant(later)}`, ...more, said };
    return { kind: "valid", why: "its proof fits, it was not withdrawn, and it is valid today", said };
  };
}

/** The end of the extension, where the credential does not say it itself; credentials say seconds. */
function laterEnd(own: number | null, extended: number | null): number | null {
  if (own === null || extended === null) return null;
  return Math.floor(extended / 1_000) * 1_000 > own ? extended : null;
}

function readCredential(text: string) {
  if (text.length > mostText) return undefined;
  try {
    const raw: unknown = JSON.parse(text);
    const read = credentialSchema.safeParse(raw);
    return read.success && typeof raw === "object" && raw !== null ? { raw, credential: read.data } : undefined;
  } catch {
    return undefined;
  }
}
