/** A verification method of a DID document. */
export interface Method {
  readonly id: string;
  readonly type: "Multikey";
  readonly controller: string;
  readonly publicKeyMultibase: string;
}

/** A DID document: who signs, and with which keys. */
export interface DidDocument {
  readonly "@context": readonly string[];
  readonly id: string;
  readonly verificationMethod: readonly Method[];
  readonly assertionMethod: readonly string[];
}

/** The did:web of a public https address; undefined where nobody could look it up there. https://w3c-ccg.github.io/did-method-web/ */
export function didWeb(publicUrl: string | undefined): string | undefined {
  if (publicUrl === undefined || !publicUrl.startsWith("https:")) return undefined;
  return `did:web:${new URL(publicUrl).host.replace(":", "%3A")}`;
}

/** The did:key of a public key, which needs nobody to look it up. https://w3c-ccg.github.io/did-key-spec/ */
export function didKey(multikey: string): string {
  return `did:key:${multikey}`;
}

/** How a proof names a key of a DID. */
export function methodId(did: string, multikey: string): string {
  return `${did}#${multikey}`;
}

/** The document of a DID with these keys, the present one first. Retired ones stay in it: what they signed is to be checked. */
export function didDocument(did: string, multikeys: readonly string[]): DidDocument {
  const verificationMethod = multikeys.map(
    (multikey): Method => ({
      id: methodId(did, multikey),
      type: "Multikey",
      controller: did,
      publicKeyMultibase: multikey,
    }),
  );
  return {
    "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
    id: did,
    verificationMethod,
    assertionMethod: verificationMethod.map(({ id }) => id),
  };
}
