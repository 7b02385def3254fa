import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { cryptosuite } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import { verifyCredential } from "@digitalbazaar/vc";
import { checkStatus } from "@digitalbazaar/vc-bitstring-status-list";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { localLoader } from "../../src/certificates/proof.ts";
import { eraseEverything } from "../../src/privacy/erase.ts";
import type { Store } from "../../src/store/types.ts";
import { createDatabase, databaseKinds, type TestDatabase } from "../support/databases.ts";
import { createPart, factsFor, start } from "./world.ts";

describe.each(databaseKinds)("issuing on %s", (kind) => {
  let database: TestDatabase;
  let store: Store;
  let part: ReturnType<typeof createPart>;
  beforeEach(async () => {
    database = await createDatabase(kind);
    store = await database.open();
    part = createPart(store);
    await part.person("anna");
  });
  afterEach(() => database.drop());

  test("a certificate says what was decided, in its owner's language, and keeps no name in the open", async () => {
    const award = await part.awarded(factsFor("anna", { language: "bg" }));
    const credential = JSON.parse(part.credential(award));
    expect(credential).toMatchObject({
      id: `urn:uuid:${award.id}`,
      type: ["VerifiableCredential", "OpenBadgeCredential"],
      name: "Сертифициран семеен ментор",
      issuer: { name: "The Centre", id: expect.stringMatching(/^did:key:z6Mk/u) },
      validFrom: "2027-01-04T09:00:00Z",
      validUntil: "2030-01-03T09:00:00Z",
      credentialSubject: {
        identifier: [{ identityHash: "Åse Ødegård-Петрова" }],
        achievement: {
          alignment: [{ targetType: "CFItem", targetUrl: "https://example.org/framework/a1", targetCode: "a1" }, {}],
        },
        result: [{}, { value: "20 h" }, { value: "12.5 h" }],
      },
      credentialStatus: { type: "BitstringStatusListEntry", statusListIndex: String(award.statusIndex) },
      proof: [{ cryptosuite: "eddsa-rdfc-2022" }],
    });
    expect(credential.credentialSubject.result[0].achievedLevel).toMatch(/:level:2$/u);
    const open = JSON.stringify(award, (_, value) => (value instanceof Uint8Array ? "sealed" : String(value)));
    expect(open).not.toMatch(/Ødegård|Петрова/u);
    for (const sealed of [award.name, award.credential])
      expect(Buffer.from(sealed).toString()).not.toMatch(/Ødegård|Петрова/u);
  });

  test("twice for one assessment is once, also at the same time", async () => {
    const facts = factsFor("anna", { assessmentId: "assessment-1" });
    const both = await Promise.all([part.awarded(facts), part.awarded(facts)]);
    both.push(await part.awarded(facts));
    expect(new Set(both.map(({ id }) => id)).size).toBe(1);
    expect(await store.db.award.count()).toBe(1);
    const other = await part.awarded(factsFor("anna", { assessmentId: "assessment-2" }));
    expect(other.id).not.toBe(both[0]?.id);
  });

  test("nobody, an empty or strange name, dates that end before they begin and a clock set back are refused", async () => {
    const refused = async (personId: string, given = {}) => {
      const issued = await part.certificates.issue(factsFor(personId, given), "assessor");
      return "refused" in issued ? issued.refused : "issued";
    };
    expect(await refused("nobody")).toBe("erased");
    for (const name of ["", "  ", "\u200b", "12345", "x".repeat(121), "a<b>c", "Anna\u202egnp"])
      expect([name, await refused("anna", { name })]).toEqual([name, "name"]);
    expect(await refused("anna", { validUntil: start })).toBe("validity");
    expect(await refused("anna", { validFrom: start + 10_000, validUntil: start + 5_000 })).toBe("validity");
    expect(await refused("anna", { certificate: { ...factsFor("a").certificate, title: {} } })).toBe("facts");
    expect(await refused("anna", { competences: [{ uri: "no address", name: { en: "x" } }] })).toBe("facts");
    expect(await store.db.award.count()).toBe(0);
    await part.awarded(factsFor("anna"));
    part.clock.now -= 3_600_000;
    expect(await refused("anna")).toBe("clock");
    await eraseEverything(store, "anna", start);
    part.clock.now = start;
    expect(await refused("anna")).toBe("erased");
    expect(await store.db.award.count({ where: { state: "valid" } })).toBe(0);
  });

  test("places in the list are drawn, not counted, and none is given twice", async () => {
    const places: number[] = [];
    for (let times = 0; times < 12; times += 1) places.push((await part.awarded(factsFor("anna"))).statusIndex);
    expect(new Set(places).size).toBe(12);
    expect(places).not.toEqual([...places].sort((one, other) => one - other));
    expect(Math.max(...places)).toBeGreaterThan(1000);
    expect(await store.db.statusList.count()).toBe(1);
  });

  test("a taken place is drawn again", async () => {
    const first = await part.awarded(factsFor("anna"));
    const draws = [first.statusIndex, first.statusIndex, 7];
    part.status.place = () => draws.shift() ?? 0;
    expect((await part.awarded(factsFor("anna"))).statusIndex).toBe(7);
    expect(draws).toEqual([]);
  });

  test("a newer one takes the place of an older one of the same person, never of somebody else's", async () => {
    await part.person("bo");
    const [old, others] = [await part.awarded(factsFor("anna")), await part.awarded(factsFor("bo"))];
    const renewed = await part.awarded(factsFor("anna", { supersedes: old.id }));
    await part.awarded(factsFor("anna", { supersedes: others.id }));
    const states = async (id: string) => store.db.award.findUnique({ where: { id } });
    expect(await states(old.id)).toMatchObject({ state: "superseded", supersededBy: renewed.id });
    expect(await states(others.id)).toMatchObject({ state: "valid", supersededBy: null });
    expect((await part.verify(part.credential(old))).kind).toBe("revoked");
  });

  test("an extension signs a newer credential, and the file from before says that there is one", async () => {
    const award = await part.awarded(factsFor("anna"));
    const until = Number(award.validUntil);
    const later = until + 86_400_000;
    part.clock.now += 60_000;
    expect(await part.extend(award.id, until - 1, "assessor")).toBe(false);
    expect(await part.extend(award.id, later, "assessor")).toBe(true);
    const now = await store.db.award.findUniqueOrThrow({ where: { id: award.id } });
    const [before, after] = [part.credential(award), part.credential(now)];
    // Of credentials with one id, Open Badges takes the one that begins later; the day of the award stays.
    expect(JSON.parse(after)).toMatchObject({
      id: JSON.parse(before).id,
      awardedDate: "2027-01-04T09:00:00Z",
      validFrom: "2027-01-04T09:01:00Z",
      validUntil: "2030-01-04T09:00:00Z",
      credentialStatus: JSON.parse(before).credentialStatus,
    });
    // The old end is no end for the file from before, neither on the day before it nor on the day after.
    for (const at of [start + 120_000, until + 1]) {
      part.clock.now = at;
      expect((await part.verify(after)).kind).toBe("valid");
      expect(await part.verify(before)).toMatchObject({
        kind: "extended",
        why: "superseded by an extended one, valid until 2030-01-04T09:00:00Z",
        until: later,
      });
    }
    const changed = before.replace("2030-01-03T09:00:00Z", "2030-01-04T09:00:00Z");
    expect((await part.verify(changed)).kind).toBe("tampered");
    part.clock.now = later;
    for (const file of [before, after])
      expect(await part.verify(file)).toMatchObject({ kind: "expired", why: expect.stringContaining("2030-01-04") });
    part.clock.now = until + 1;
    await part.withdraw(award.id, "request", "assessor");
    for (const file of [before, after]) expect((await part.verify(file)).kind).toBe("revoked");
    expect(await part.extend(award.id, until + 2 * 86_400_000, "assessor")).toBe(false);
    expect((await store.db.audit.findMany({ orderBy: { id: "asc" } })).map(({ action }) => action)).toEqual([
      "certificate.award",
      "certificate.extend",
      "certificate.withdraw",
    ]);
  });
});

describe("checking", () => {
  let database: TestDatabase;
  let store: Store;
  let part: ReturnType<typeof createPart>;
  beforeEach(async () => {
    database = await createDatabase("sqlite");
    store = await database.open();
    part = createPart(store);
    await part.person("anna");
  });
  afterEach(() => database.drop());

  const kindOf = async (credential: unknown) =>
    (await part.verify(typeof credential === "string" ? credential : JSON.stringify(credential))).kind;

  test("says valid, not yet valid, expired and revoked, each with its reason", async () => {
    const award = await part.awarded(factsFor("anna", { validFrom: start + 1_000 }));
    const text = part.credential(award);
    expect(await part.verify(text)).toMatchObject({
      kind: "early",
      why: expect.stringContaining("valid from 2027-01-04"),
    });
    part.clock.now += 1_000;
    expect(await part.verify(text)).toMatchObject({ kind: "valid", said: { name: "Åse Ødegård-Петрова" } });
    part.clock.now = Number(award.validUntil);
    expect(await part.verify(text)).toMatchObject({
      kind: "expired",
      why: expect.stringContaining("until 2030-01-03"),
    });
    part.clock.now = start + 1_000;
    expect(await part.withdraw(award.id, "conduct", "assessor")).toBe(true);
    expect(await part.withdraw(award.id, "conduct", "assessor")).toBe(false);
    expect(await part.verify(text)).toMatchObject({ kind: "revoked" });
  });

  test("finds every change: of a name, a date, a level, a state, a proof, a key", async () => {
    const own = JSON.parse(part.credential(await part.awarded(factsFor("anna"))));
    const other = JSON.parse(part.credential(await part.awarded(factsFor("anna", { name: "Bo" }))));
    const changed = (change: (credential: typeof own) => void) => {
      const copy = structuredClone(own);
      change(copy);
      return copy;
    };
    const changes = [
      changed((one) => {
        one.credentialSubject.identifier[0].identityHash = "Bo";
      }),
      changed((one) => {
        one.validUntil = "2040-01-01T00:00:00Z";
      }),
      changed((one) => {
        one.credentialSubject.result[0].achievedLevel += "0";
      }),
      changed((one) => {
        one.credentialStatus.statusListIndex = other.credentialStatus.statusListIndex;
      }),
      changed((one) => {
        delete one.credentialStatus;
      }),
      changed((one) => {
        one.proof = other.proof;
      }),
      changed((one) => {
        one.proof[0].created = "2027-01-04T09:00:01Z";
      }),
      changed((one) => {
        one.proof[0].verificationMethod = "did:key:zNobody#zNobody";
      }),
      changed((one) => {
        one["@context"].push("https://example.org/a-context-of-mine");
      }),
      changed((one) => {
        one["@context"] = [...one["@context"], { name: "https://schema.org/alternateName" }];
      }),
      changed((one) => {
        one.unknownWord = "x";
      }),
    ];
    for (const [index, one] of changes.entries()) expect([index, await kindOf(one)]).toEqual([index, "tampered"]);
    expect(await kindOf(own)).toBe("valid");
  });

  test("tells what somebody else signed, what is no credential, and what nobody knows any more", async () => {
    const elsewhere = await createDatabase("sqlite");
    try {
      const others = createPart(await elsewhere.open());
      await others.person("anna");
      const text = others.credential(await others.awarded(factsFor("anna")));
      expect(await part.verify(text)).toMatchObject({ kind: "foreign", why: expect.stringContaining("did:key:z6Mk") });
    } finally {
      await elsewhere.drop();
    }
    for (const text of ["", "hello", "[]", "null", "{}", '{"id":"x","issuer":"y"}', "x".repeat(400_000)])
      expect(await kindOf(text)).toBe("unknown");
    const award = await part.awarded(factsFor("anna"));
    await store.db.award.deleteMany();
    expect(await part.verify(part.credential(award))).toMatchObject({
      kind: "unregistered",
      why: "this house signed it, but its register knows nothing of it; ask the house",
    });
    // Another one that got its place says nothing about it.
    part.status.place = () => award.statusIndex;
    const other = await part.awarded(factsFor("anna"));
    expect([await kindOf(part.credential(award)), await kindOf(part.credential(other))]).toEqual([
      "unregistered",
      "valid",
    ]);
    await part.withdraw(other.id, "mistake", "assessor");
    expect(await kindOf(part.credential(award))).toBe("unregistered");
  });

  test("a rotated key signs what is new; what the old one signed goes on to be valid, also with did:web", async () => {
    for (const publicUrl of [undefined, "https://certificates.example.org"]) {
      const mine = createPart(store, publicUrl === undefined ? {} : { publicUrl });
      const before = await mine.awarded(factsFor("anna"));
      const { from, to } = await mine.keys.rotate();
      const after = await mine.awarded(factsFor("anna"));
      expect([before.keyId, after.keyId]).toEqual([from, to]);
      for (const award of [before, after]) expect((await mine.verify(mine.credential(award))).kind).toBe("valid");
      const document = await mine.keys.webDocument();
      if (publicUrl === undefined) expect(document).toBeUndefined();
      else {
        expect(document?.id).toBe("did:web:certificates.example.org");
        expect(document?.verificationMethod.map(({ publicKeyMultibase }) => publicKeyMultibase).slice(0, 2)).toContain(
          to,
        );
        expect(document?.assertionMethod).toContain(`did:web:certificates.example.org#${from}`);
      }
      expect(mine.credential(after)).toContain(publicUrl === undefined ? "did:key:" : "did:web:certificates");
    }
    // What was signed before the house had an address of its own goes on too.
    const first = await store.db.award.findFirstOrThrow({ orderBy: { issuedAt: "asc" } });
    const web = createPart(store, { publicUrl: "https://certificates.example.org" });
    expect((await web.verify(web.credential(first))).kind).toBe("valid");
  });

  test("the private key stands in the store sealed, and one start makes one", async () => {
    await Promise.all([part.keys.ready(), part.keys.ready()]);
    await part.keys.ready();
    const rows = await store.db.signingKey.findMany();
    expect(rows.length).toBeLessThanOrEqual(2);
    for (const row of rows) expect(Buffer.from(row.secret).toString("latin1")).not.toContain("MC4CAQAwBQYDK2Vw");
  });

  test("the signed list says it too, and a library that calls a revoked credential verified is not asked alone", async () => {
    // The library looks at the list by the real clock.
    part.clock.now = Date.now() - 60_000;
    const facts = factsFor("anna", { validUntil: part.clock.now + 3_600_000 });
    const [kept, gone] = [await part.awarded(facts), await part.awarded(facts)];
    await part.withdraw(gone.id, "conduct", "assessor");
    const list = JSON.parse((await part.status.credential(gone.statusList)) ?? "");
    const document = await part.keys.document(list.issuer);
    const local = localLoader(document === undefined ? [] : [document]);
    const documentLoader = async (url: string) =>
      url === list.id ? { contextUrl: null, documentUrl: url, document: list } : local(url);
    const check = async (text: string) =>
      verifyCredential({
        credential: JSON.parse(text),
        suite: new DataIntegrityProof({ cryptosuite }),
        documentLoader,
        checkStatus: (given) => checkStatus({ ...given, suite: new DataIntegrityProof({ cryptosuite }) }),
      });
    const [good, bad] = [await check(part.credential(kept)), await check(part.credential(gone))];
    expect([good.error, good.verified, good.statusResult?.results?.[0]?.status]).toEqual([undefined, true, false]);
    // The trap: verified, although it is revoked.
    expect([bad.verified, bad.statusResult?.results?.[0]?.status]).toEqual([true, true]);
    expect(await kindOf(part.credential(kept))).toBe("valid");
    expect(await kindOf(part.credential(gone))).toBe("revoked");
  });

  test("nothing is loaded from an address that a credential names", async () => {
    const seen: unknown[] = [];
    const { fetch } = globalThis;
    globalThis.fetch = async (url) => {
      seen.push(url);
      throw new Error("no network in this test");
    };
    try {
      const award = await part.awarded(factsFor("anna"));
      const credential = JSON.parse(part.credential(award));
      await kindOf(credential);
      await kindOf({ ...credential, "@context": [...credential["@context"], "https://example.org/context"] });
      await kindOf({ ...credential, issuer: { ...credential.issuer, id: "did:web:example.org" } });
    } finally {
      globalThis.fetch = fetch;
    }
    expect(seen).toEqual([]);
  });
});
