import { cryptosuite } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import fc from "fast-check";
import { expect, test } from "vitest";
import { badgeCredential, type CredentialPlace } from "../../src/certificates/credential.ts";
import type { CertificateFacts } from "../../src/certificates/facts.ts";
import { badgeContexts, listContexts } from "../../src/certificates/names.ts";
import { localLoader } from "../../src/certificates/proof.ts";
import { createShapes } from "../../src/certificates/shapes.ts";
import type { Json } from "../../src/engine/types.ts";
import { factsFor } from "./world.ts";

const documentLoader = localLoader();
const expanded = createShapes(documentLoader);

/** Every sign there is, and those that canonical forms treat in a way of their own. */
const text = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1 }),
  fc.string({ unit: "binary", minLength: 1 }),
  fc.constantFrom(
    '"',
    "\\",
    "a\nb\r\tc\u0000\u007f",
    "Ødegård",
    "Петрова",
    "漢字 العربية",
    "e\u0301",
    "@id",
    "_:b0",
    "urn:uuid:x",
  ),
);
const address = fc.oneof(
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
  fc.uuid().map((id) => `urn:uuid:${id}`),
);
const at = fc.integer({ min: 0, max: 4e12 });
const facts: fc.Arbitrary<CertificateFacts> = fc
  .record({
    name: text,
    title: text,
    description: text,
    level: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    hours: fc.uniqueArray(fc.record({ kind: text, name: text, minutes: fc.nat(1e6) }), { maxLength: 3 }),
    competences: fc.array(fc.record({ uri: fc.webUrl(), name: text, code: text, level: text }), { maxLength: 4 }),
    issuer: text,
    url: fc.option(fc.webUrl(), { nil: undefined }),
    logo: fc.option(fc.webUrl(), { nil: undefined }),
  })
  .map(({ title, description, level, issuer, url, logo, ...rest }) => ({
    ...factsFor("anna"),
    ...rest,
    certificate: { ...factsFor("anna").certificate, title: { en: title }, description: { en: description } },
    ...(level === undefined ? {} : { level: { number: level, all: factsFor("anna").level?.all ?? [] } }),
    hours: rest.hours.map((one) => ({ ...one, name: { en: one.name } })),
    competences: rest.competences.map((one) => ({ ...one, name: { en: one.name } })),
    issuer: { organisationId: null, name: issuer, ...(url && { url }), ...(logo && { logo }) },
  }));
const place: fc.Arbitrary<CredentialPlace> = fc.record({
  id: address,
  subject: address,
  origin: fc.webUrl(),
  issuer: fc.constantFrom("did:key:z6Mk", "did:web:example.org%3A8443"),
  issuedAt: at,
  validFrom: at,
  validUntil: fc.option(at),
  status: fc.record({ list: fc.webUrl(), index: fc.nat(131_071) }),
});

/** The canonical form by shapes, and by the library from the whole document. */
async function both(document: Json) {
  const known = await expanded(document);
  const plain = cryptosuite.canonize(document, { documentLoader }).catch(() => "refused");
  const quick = cryptosuite.canonize(known ?? document, { documentLoader, skipExpansion: known !== undefined });
  return { known: known !== undefined, plain: await plain, quick: await quick.catch(() => "refused") };
}

const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value));

test("a credential with any texts has byte for byte the canonical form that the library finds", async () => {
  let quick = 0;
  await fc.assert(
    fc.asyncProperty(facts, place, async (given, where) => {
      const found = await both(asJson(badgeCredential(given, where)));
      expect(found.quick).toBe(found.plain);
      quick += Number(found.known && found.plain !== "refused");
    }),
    { numRuns: 150 },
  );
  expect(quick).toBeGreaterThan(50);
}, 60_000);

test("proofs and lists too, and a word that means something by itself is never taken for a text", async () => {
  const proof = {
    "@context": badgeContexts,
    type: "DataIntegrityProof",
    created: "2027-01-04T09:00:00Z",
    verificationMethod: "did:key:z6Mk#z6Mk",
    cryptosuite: "eddsa-rdfc-2022",
    proofPurpose: "assertionMethod",
  };
  const list = {
    "@context": listContexts,
    id: "https://example.org/status/1",
    type: ["VerifiableCredential", "BitstringStatusListCredential"],
    issuer: "did:key:z6Mk",
    credentialSubject: { id: "https://example.org/status/1#list", type: "BitstringStatusList", encodedList: "uH4s" },
  };
  const documents = [
    proof,
    { ...proof, created: "2028-01-04T09:00:00Z" },
    { ...proof, proofPurpose: "authentication" },
  ];
  const forms = new Set<string>();
  for (const document of [...documents, list, { ...list, issuer: "did:key:z6Mn" }]) {
    const found = await both(asJson(document));
    expect(found).toMatchObject({ known: true, quick: found.plain });
    forms.add(found.plain);
  }
  expect(forms.size).toBe(5);
});

test("an address that a context could read differently is left to the library", async () => {
  const document = (id: string) => asJson({ "@context": listContexts, id, type: "BitstringStatusList" });
  for (const id of ["https://example.org/1", "relative", "cred:VerifiableCredential", "@type", "_:b0", "a b:c", ""]) {
    const found = await both(document(id));
    expect([id, found.known]).toEqual([id, id.startsWith("https:")]);
    expect(found.quick).toBe(found.plain);
  }
});
