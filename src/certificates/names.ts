/** The data model of credentials, version 2. https://www.w3.org/TR/vc-data-model-2.0/ */
const model = "https://www.w3.org/ns/credentials/v2";

/** The contexts of a certificate, in the order that the standard asks for; the last names the type of schema it points at. */
export const badgeContexts: readonly string[] = [
  model,
  // https://www.imsglobal.org/spec/ob/v3p0
  "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
  "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
];

/** The context of a list of states. */
export const listContexts: readonly string[] = [model];

/** How the credential of a certificate is called. */
export function credentialId(award: string): string {
  return `urn:uuid:${award}`;
}

/** An instant (epoch milliseconds) as credentials write it: seconds, UTC. */
export function instant(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
