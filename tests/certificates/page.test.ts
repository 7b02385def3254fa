import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fileLink } from "../../src/certificates/links.ts";
import { mountCertificatePages } from "../../src/certificates/page.tsx";
import { credentialIn } from "../../src/certificates/read-file.ts";
import { createSigning } from "../../src/compose/signing.ts";
import { eraseEverything } from "../../src/privacy/erase.ts";
import type { Store } from "../../src/store/types.ts";
import { words } from "../support/chat.ts";
import { createDatabase, type TestDatabase } from "../support/databases.ts";
import { createPart, factsFor, start } from "./world.ts";

const signing = createSigning("a secret for tests only, thirty-two characters", undefined);
const neutralTitle = { en: "Certificate of training" };

let database: TestDatabase;
let store: Store;
let part: ReturnType<typeof createPart>;
let server: Server;
let url: string;

/** Pages over the store, as one instance has them. */
async function serve(given: { readonly publicUrl?: string } = {}) {
  const app = express();
  const own = app.listen(0, "127.0.0.1");
  await once(own, "listening");
  const origin = `http://127.0.0.1:${(own.address() as AddressInfo).port}`;
  const made = createPart(store, { origin, ...given });
  mountCertificatePages(app, {
    ...made.deps,
    ...signing,
    origin,
    words,
    certificates: made.certificates,
    db: store.db,
    now: () => part?.clock.now ?? made.clock.now,
  });
  return { made, own, origin };
}

beforeEach(async () => {
  database = await createDatabase("sqlite");
  store = await database.open();
  const served = await serve();
  part = served.made;
  server = served.own;
  url = served.origin;
  await part.person("anna");
});
afterEach(async () => {
  server.close();
  await database.drop();
});

const get = async (path: string, language = "en") => {
  const answer = await fetch(path.startsWith("http") ? path : `${url}${path}`, {
    headers: { "accept-language": language },
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};

describe("the public page of a certificate", () => {
  test("says that it is valid and until when, and neither name nor programme without consent", async () => {
    const award = await part.awarded(factsFor("anna"));
    const { status, headers, text } = await get(`/certificates/${award.token}`);
    expect([status, headers.get("x-robots-tag")]).toEqual([200, "noindex, nofollow"]);
    expect(text).toContain("This certificate is valid");
    expect(text).toContain("3 January 2030");
    expect(text).toContain(award.id);
    for (const secret of ["Ødegård", "mentor", "Level", "The Centre"]) expect(text).not.toContain(secret);
  });

  test("shows name and programme by consent, each for itself, and at once takes them back", async () => {
    const award = await part.awarded(factsFor("anna", { shows: { name: true, programme: false } }));
    const page = async () => (await get(`/certificates/${award.token}`)).text;
    expect(await page()).toContain("Åse Ødegård-Петрова");
    expect(await page()).not.toContain("family mentor");
    await store.db.award.update({ where: { id: award.id }, data: { showName: false, showProgramme: true } });
    expect(await page()).toMatch(/Certified family mentor[\s\S]*Level 2[\s\S]*Family mentor[\s\S]*The Centre/u);
    expect(await page()).not.toContain("Ødegård");
  });

  test("calls a certificate by its neutral title where the pack asks, whatever its owner shows", async () => {
    const certificate = { ...factsFor("anna").certificate, neutralTitle };
    const award = await part.awarded(factsFor("anna", { certificate, shows: { name: true, programme: true } }));
    const { text } = await get(`/certificates/${award.token}`);
    expect(text).toContain("Certificate of training");
    expect(text).not.toMatch(/family mentor/iu);
    expect((await get(`/certificates/${award.token}.json`)).status).toBe(403);
  });

  test("says not yet, expired, withdrawn, superseded and unknown, in five languages", async () => {
    const shown = async (token: string) => (await get(`/certificates/${token}`)).text.match(/<h1>([^<]+)/u)?.[1] ?? "";
    const award = await part.awarded(factsFor("anna", { validFrom: start + 1_000 }));
    expect(await shown(award.token)).toBe("This certificate is not valid yet");
    part.clock.now = Number(award.validUntil);
    expect(await shown(award.token)).toBe("This certificate has expired");
    part.clock.now = start + 2_000;
    await part.withdraw(award.id, "conduct", "assessor");
    const page = await get(`/certificates/${award.token}`);
    expect(page.text).toContain("This certificate is not valid");
    // Which reason is nobody's business.
    expect(page.text).not.toMatch(/conduct/iu);
    const [old, newer] = [await part.awarded(factsFor("anna")), await part.awarded(factsFor("anna"))];
    await part.awarded(factsFor("anna", { supersedes: old.id }));
    expect(await shown(old.token)).toBe("A newer certificate stands in its place");
    expect(await shown("there-is-no-such-certificate")).toBe("No such certificate");
    await eraseEverything(store, "anna", part.clock.now);
    const erased = await get(`/certificates/${newer.token}`);
    expect([erased.status, erased.text.includes("No such certificate")]).toEqual([404, true]);
    for (const language of ["da", "sv", "bg", "fi"])
      expect((await get(`/certificates/${award.token}`, language)).text).toContain(`<html lang="${language}"`);
  });

  test("believes no row whose credential was changed in the database", async () => {
    const [award, other] = [await part.awarded(factsFor("anna")), await part.awarded(factsFor("anna"))];
    const swapped = JSON.parse(part.credential(award));
    swapped.credentialSubject.identifier[0].identityHash = "Bo";
    const sealed = part.deps.seal("certificate", JSON.stringify(swapped), `${award.id}:credential`);
    await store.db.award.update({ where: { id: award.id }, data: { credential: new Uint8Array(sealed) } });
    expect((await get(`/certificates/${award.token}`)).status).toBe(404);
    expect((await get(`/certificates/${other.token}`)).status).toBe(200);
  });

  test("a withdrawal on one instance shows on another at once, and in its list within a minute", async () => {
    const second = await serve();
    try {
      const award = await part.awarded(factsFor("anna"));
      const read = async (origin: string) => (await get(`${origin}/certificates/${award.token}`)).text;
      expect(await read(second.origin)).toContain("This certificate is valid");
      const list = `${second.origin}/status/${award.statusList}`;
      const before = await get(list);
      expect(before.headers.get("cache-control")).toBe("public, max-age=30");
      await part.withdraw(award.id, "request", "assessor");
      expect(await read(second.origin)).toContain("This certificate is not valid");
      const { now } = Date;
      const at = now();
      // What others may keep, and then what this instance keeps: together below a minute.
      Date.now = () => at + 59_000 - 30_000;
      try {
        const after = JSON.parse((await get(list)).text);
        expect(after.credentialSubject.encodedList).not.toBe(JSON.parse(before.text).credentialSubject.encodedList);
      } finally {
        Date.now = now;
      }
    } finally {
      second.own.close();
    }
  });
});

describe("files of a certificate", () => {
  test("open for an hour by a link of its owner, each with the same credential in it", async () => {
    const award = await part.awarded(factsFor("anna"));
    const link = (format: "json" | "png" | "svg") => fileLink({ ...signing, origin: url }, award.token, format);
    for (const format of ["json", "png", "svg"] as const) {
      const answer = await fetch(link(format));
      expect([format, answer.status]).toEqual([format, 200]);
      expect(credentialIn(Buffer.from(await answer.arrayBuffer()))).toBe(part.credential(award));
      expect((await get(`/certificates/${award.token}.${format}`)).status).toBe(403);
      expect((await get(link(format).replace("key=", "key=x"))).status).toBe(403);
      expect((await get(link(format).replace(/until=\d/u, "until=9"))).status).toBe(403);
    }
    expect((await get(link("json").replace(".json", ".png"))).status).toBe(403);
    const old = link("json");
    const { now } = Date;
    const at = now();
    Date.now = () => at + 3_600_001;
    try {
      expect((await get(old)).text).toContain("This link does not work any more");
    } finally {
      Date.now = now;
    }
    await eraseEverything(store, "anna", start);
    expect((await get(link("json"))).status).toBe(404);
  });

  test("are open to everybody where the page says both anyway", async () => {
    const award = await part.awarded(factsFor("anna", { shows: { name: true, programme: true } }));
    expect((await get(`/certificates/${award.token}.json`)).status).toBe(200);
  });
});

describe("keys and lists for whoever checks", () => {
  test("the keys stand under the address that did:web names, retired ones too", async () => {
    expect((await get("/.well-known/did.json")).status).toBe(404);
    const web = await serve({ publicUrl: "https://certificates.example.org" });
    try {
      const { from, to } = await web.made.keys.rotate();
      const { headers, text } = await get(`${web.origin}/.well-known/did.json`);
      expect(headers.get("access-control-allow-origin")).toBe("*");
      const document = JSON.parse(text);
      expect(document.id).toBe("did:web:certificates.example.org");
      expect(document.verificationMethod.map((one: { id: string }) => one.id.split("#")[1])).toEqual([to, from]);
    } finally {
      web.own.close();
    }
  });

  test("a list says whose bit is set and is signed; one that nobody made is not there", async () => {
    const award = await part.awarded(factsFor("anna"));
    await part.withdraw(award.id, "mistake", "assessor");
    const { headers, text } = await get(`/status/${award.statusList}`);
    expect(headers.get("content-type")).toContain("application/vc");
    expect((await part.verify(text)).kind).toBe("valid");
    expect((await get("/status/nothing")).status).toBe(404);
  });
});

describe("checking a file", () => {
  const send = async (bytes: Uint8Array | string, language = "en") => {
    const body = new FormData();
    body.set("file", new Blob([bytes as BlobPart]), "certificate");
    const answer = await fetch(`${url}/certificates/check`, {
      method: "POST",
      body,
      headers: { "accept-language": language },
    });
    return { status: answer.status, text: await answer.text() };
  };

  test("says what a file is worth, and keeps nothing of it", async () => {
    const award = await part.awarded(factsFor("anna"));
    const text = part.credential(award);
    const page = await get("/certificates/check");
    expect(page.text).toMatch(/<label for="file">File<\/label>/u);
    expect((await send(text)).text).toMatch(/Genuine and valid[\s\S]*Certified family mentor[\s\S]*Åse Ødegård/u);
    expect((await send(text, "fi")).text).toContain("Aito ja voimassa");
    expect((await send(text.replace("Åse", "Bo"))).text).toContain("Not genuine");
    await part.withdraw(award.id, "mistake", "assessor");
    expect((await send(text)).text).toContain("Genuine, but not valid any more");
    const other = await part.awarded(factsFor("anna"));
    await part.extend(other.id, Number(other.validUntil) + 86_400_000, "assessor");
    part.clock.now = Number(other.validUntil);
    expect((await send(part.credential(other))).text).toMatch(/Genuine, and extended since[\s\S]*4 January 2030/u);
    expect((await send(part.credential(other), "bg")).text).toContain("4 януари 2030");
    expect((await get(`/certificates/${other.token}`)).text).toMatch(/is valid[\s\S]*4 January 2030/u);
    const link = fileLink({ ...signing, origin: url }, other.token, "png");
    const newest = credentialIn(Buffer.from(await (await fetch(link)).arrayBuffer())) ?? "";
    expect((await send(newest)).text).toContain("Genuine and valid");
    await store.db.award.delete({ where: { id: other.id } });
    expect((await send(newest)).text).toContain("Genuine, but not in our register");
    part.clock.now = Number(award.validUntil);
    expect(
      (await send('{"id":"x","issuer":"did:key:z6Mkw","proof":{"verificationMethod":"a","cryptosuite":"b"}}')).text,
    ).toContain("Issued by somebody else");
  });

  test("refuses what has no certificate in it, what is too large, and too many", async () => {
    expect(await send("hello")).toMatchObject({
      status: 400,
      text: expect.stringContaining("No certificate in this file"),
    });
    expect((await send(new Uint8Array(2_000_100))).status).toBe(413);
    const nothing = await fetch(`${url}/certificates/check`, { method: "POST", body: "x" });
    expect(nothing.status).toBe(400);
    const many = await Promise.all(Array.from({ length: 30 }, () => send("hello")));
    expect(many.map(({ status }) => status)).toContain(429);
  });
});
