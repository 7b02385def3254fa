import { type CertificateDeps, createCertificates } from "../../src/certificates/certificates.ts";
import type { CertificateFacts } from "../../src/certificates/facts.ts";
import { createAudit } from "../../src/people/audit.ts";
import { createBox } from "../../src/store/box.ts";
import type { Store } from "../../src/store/types.ts";

const secret = "a secret for tests only, thirty-two characters";
const dayMs = 86_400_000;
/** A Monday morning. */
export const start = Date.UTC(2027, 0, 4, 9);

/** Everything a certificate may say, about somebody of these tests. */
export function factsFor(personId: string, given: Partial<CertificateFacts> = {}): CertificateFacts {
  return {
    personId,
    name: "Åse Ødegård-Петрова",
    programme: {
      id: "family-mentor",
      version: "1.1.0",
      title: { en: "Family mentor", bg: "Семеен ментор" },
    },
    certificate: {
      id: "mentor",
      title: { en: "Certified family mentor", bg: "Сертифициран семеен ментор" },
      description: { en: "Accompanies families on equal terms.", bg: "Придружава семейства като равен." },
      criteria: { en: "All unit checks, evidence and a talk with an assessor." },
    },
    language: "en",
    level: {
      number: 2,
      all: [1, 2, 3, 4].map((number) => ({ number, name: { en: `Level ${number}`, bg: `Ниво ${number}` } })),
    },
    hours: [
      { kind: "live", name: { en: "Live days", bg: "Присъствени дни" }, minutes: 1200 },
      { kind: "practice", name: { en: "Practice", bg: "Практика" }, minutes: 750 },
    ],
    competences: [
      { uri: "https://example.org/framework/a1", code: "a1", name: { en: "Listening" }, framework: "Mentors" },
      { uri: "https://example.org/framework/b2", name: { en: "Boundaries" }, level: "2" },
    ],
    issuer: { organisationId: null, name: "The Centre", url: "https://example.org" },
    validUntil: start + 3 * 365 * dayMs,
    ...given,
  };
}

/** The part under test over a store; `publicUrl` makes the issuer a did:web. */
export function createPart(store: Store, given: { readonly publicUrl?: string; readonly origin?: string } = {}) {
  const box = createBox(secret);
  const clock = { now: start };
  const { publicUrl } = given;
  const deps: CertificateDeps = {
    db: store.db,
    now: () => clock.now,
    origin: given.origin ?? publicUrl ?? "http://127.0.0.1:3000",
    publicUrl,
    seal: (purpose, text, context) => box.seal(purpose, Buffer.from(text), context),
    open: (purpose, sealed, context) => Buffer.from(box.open(purpose, sealed, context)).toString(),
    audit: createAudit(store.db, () => clock.now),
  };
  const certificates = createCertificates(deps);
  return {
    ...certificates,
    certificates,
    deps,
    clock,
    /** Somebody to award. */
    async person(id: string, language = "en"): Promise<string> {
      const row = { id, name: `Name of ${id}`, language, timeZone: "Europe/Copenhagen", timeZoneKnown: true };
      const rest = { stopped: false, roles: "[]", addressId: `chat:bot:${id}`, createdAt: BigInt(start) };
      await store.db.person.create({ data: { ...row, ...rest } });
      const address = { channel: "chat", tenant: "bot", user: id, ref: "{}", state: "reachable" };
      await store.db.address.create({
        data: { id: `chat:bot:${id}`, personId: id, ...address, changedAt: BigInt(start) },
      });
      return id;
    },
    /** Issues one that must succeed. */
    async awarded(facts: CertificateFacts) {
      const issued = await certificates.issue(facts, "assessor");
      if ("refused" in issued) throw new Error(`refused: ${issued.refused}`);
      return issued.award;
    },
    /** The signed text of an award. */
    credential(award: { readonly id: string; readonly credential: Uint8Array }): string {
      return deps.open("certificate", award.credential, `${award.id}:credential`);
    },
  };
}
