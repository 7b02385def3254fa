import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { cryptosuite } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import { issue, verifyCredential } from "@digitalbazaar/vc";
import { contextAt } from "./contexts.ts";
import type { DidDocument } from "./did.ts";
import type { Signer } from "./keys.ts";
import { instant } from "./names.ts";
import { createShapes } from "./shapes.ts";

/** Reads a context or a DID document; never from a network. */
type Loader = (url: string) => Promise<{ contextUrl: null; documentUrl: string; document: unknown; tag?: "static" }>;

/** Says what is at an address from what is here. Everything else is refused: a credential must not choose what is fetched. */
export function localLoader(documents: readonly DidDocument[] = []): Loader {
  return async (url) => {
    const context = contextAt(url);
    // Never changes: the library works each context out once and not for every credential, which takes most of the time.
    if (context !== undefined) return { contextUrl: null, documentUrl: url, document: context, tag: "static" };
    const document = didPart(documents, url);
    if (document === undefined) throw new Error(`nothing is loaded from an address that a credential names: ${url}`);
    return { contextUrl: null, documentUrl: url, document };
  };
}

const multikeyContext = "https://w3id.org/security/multikey/v1";

function didPart(documents: readonly DidDocument[], url: string): object | undefined {
  const own = documents.find(({ id }) => url === id || url.startsWith(`${id}#`));
  if (own === undefined || url === own.id) return own;
  const method = own.verificationMethod.find(({ id }) => id === url);
  return method && { "@context": multikeyContext, ...method };
}

const loader = localLoader();
const expanded = createShapes(loader);

/** Canonicalises what this house signs, and what it keeps of that. What others bring is left to the library alone. */
const quick: typeof cryptosuite = {
  ...cryptosuite,
  async canonize(input, options) {
    const known = await expanded(input);
    return cryptosuite.canonize(known ?? input, known === undefined ? options : { ...options, skipExpansion: true });
  },
};

/**
 * Signs a credential with `eddsa-rdfc-2022`; `at` (epoch milliseconds) is when. The proof stands in an array, as the schema of Open
 * Badges wants it.
 */
export async function signCredential(credential: object, signer: Signer, at: number): Promise<Record<string, unknown>> {
  const suite = new DataIntegrityProof({
    signer: { id: signer.method, algorithm: "Ed25519", sign: async ({ data }) => signer.sign(data) },
    cryptosuite: quick,
    date: instant(at),
  });
  const signed = await issue({ credential, suite, documentLoader: loader, now: new Date(at) });
  return { ...signed, proof: [signed.proof] };
}

/**
 * Whether the proof of a credential is by a key of these DIDs and fits every word of it. Says nothing of dates and states. `kept`:
 * this house signed it and kept it sealed; where it does not fit as it was signed, the library has the last word.
 */
export async function isGenuine(
  credential: object,
  documents: readonly DidDocument[],
  at: number,
  kept = false,
): Promise<{ readonly genuine: true } | { readonly genuine: false; readonly why: string }> {
  const { verified, error } = await verifyCredential({
    credential,
    suite: new DataIntegrityProof({ cryptosuite: kept ? quick : cryptosuite }),
    documentLoader: localLoader(documents),
    now: new Date(at),
    // Asked apart: the library calls a revoked credential verified.
    checkStatus: async () => ({ verified: true }),
  });
  if (verified) return { genuine: true };
  return kept ? isGenuine(credential, documents, at) : { genuine: false, why: reasonOf(error) };
}

function reasonOf(error: unknown): string {
  const inner = (error as { readonly errors?: readonly Error[] } | undefined)?.errors?.[0];
  return (inner ?? (error as Error | undefined))?.message ?? "the proof does not fit";
}
