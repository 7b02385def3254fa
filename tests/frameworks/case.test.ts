import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Framework } from "../../src/domain/framework.ts";
import type { Programme } from "../../src/domain/programme.ts";
import { mountCaseService } from "../../src/frameworks/case.ts";
import { createCatalogue } from "../../src/programmes/catalogue.ts";
import { caseId } from "../../src/programmes/framework-case.ts";
import { casePackage, readFrameworkFile } from "../../src/programmes/framework-exchange.ts";
import { programmes } from "../support/chat.ts";
import { createDatabase, databaseKinds, type TestDatabase } from "../support/databases.ts";
import { framework as small } from "../support/frameworks.ts";

const publicUrl = "https://mentors.example";
const [own] = programmes;
if (own?.framework === undefined) throw new Error("there is no framework");
const ownFramework: Framework = own.framework;

/** The small one once had a competence more. */
const older: Framework = {
  ...small,
  version: "0.9.0",
  about: { en: "Three things.", bg: "Три неща." },
  categories: small.categories.map((one, n) => {
    const more = n === 0 ? one.competences.slice(0, 1).map((each) => ({ ...each, id: "a9" })) : [];
    return { ...one, competences: [...one.competences, ...more] };
  }),
};
const now: Programme = { ...own, id: "small-programme", version: "2.0.0", framework: small };
const before: Programme = { ...now, version: "1.4.0", framework: older };
const versions: readonly (readonly [string, Programme, Framework])[] = [
  [`${own.id} as it is taught`, own, ownFramework],
  ["small as it is taught", now, small],
  ["small as it was", before, older],
];

/** Every link and every part in a package: what has an address, with what the package says of it. */
function addressed(value: unknown): { readonly identifier: string; readonly uri: string }[] {
  if (Array.isArray(value)) return value.flatMap(addressed);
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.values(value).flatMap(addressed);
  return "uri" in value ? [value as { identifier: string; uri: string }, ...inner] : inner;
}

describe.each(databaseKinds)("the CASE service, on %s", (kind) => {
  let database: TestDatabase;
  let origin = "";
  let close: () => Promise<unknown>;
  const changedAt = Date.UTC(2026, 1, 1);
  beforeAll(async () => {
    database = await createDatabase(kind);
    const store = await database.open();
    for (const { id, version } of [own, now, before])
      await store.db.programmeVersion.create({ data: { id, version, hash: "", content: "", at: BigInt(changedAt) } });
    const app = express();
    const catalogue = createCatalogue([own, now], [before]);
    mountCaseService(app, { store, catalogue, publicUrl });
    const server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    close = () => new Promise((resolve) => server.close(resolve));
  });
  afterAll(async () => {
    await close();
    await database.drop();
  });

  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${origin}/ims/case/v1p0/${path}`, { headers });
  const at = (uri: string): string => {
    expect(uri.startsWith(`${publicUrl}/ims/case/v1p0/`)).toBe(true);
    return uri.slice(`${publicUrl}/ims/case/v1p0/`.length);
  };

  test.each(versions)(
    "every address in the package of %s leads to what the package says, in each language",
    async (_name, programme, framework) => {
      for (const language of framework.languages.slice(0, 2)) {
        const file = casePackage(programme, framework, { publicUrl, language, changedAt });
        const found = addressed(file);
        expect(found.length).toBeGreaterThan(100);
        for (const uri of new Set(found.map((one) => one.uri))) {
          const answer = await get(`${at(uri)}?version=${framework.version}&lang=${language}`);
          expect([uri, answer.status]).toEqual([uri, 200]);
          const body = await answer.json();
          const kind = at(uri).split("/")[0];
          const said = found.filter((one) => one.uri === uri);
          if (kind === "CFPackages") expect(body).toEqual(JSON.parse(JSON.stringify(file)));
          else if (kind === "CFItemTypes")
            expect(body).toEqual({ CFItemTypes: file.CFDefinitions.CFItemTypes.filter((one) => one.uri === uri) });
          else {
            // The whole part stands in the package once; links name it by id and title.
            const [whole] = [...said].sort((one, other) => Object.keys(other).length - Object.keys(one).length);
            expect(body).toEqual(JSON.parse(JSON.stringify(whole)));
          }
          expect(said.every(({ identifier }) => uri.endsWith(identifier))).toBe(true);
        }
      }
    },
    60_000,
  );

  test("an address alone gives the newest version that has the part, also one that has gone since", async () => {
    const document = caseId("small", "CFDocument", "");
    const newest = await (await get(`CFDocuments/${document}`)).json();
    expect(newest).toMatchObject({ version: "1.0.0", description: "Four things.", language: "en" });
    const gone = await get(`CFItems/${caseId("small", "CFItem", "a9")}`);
    expect(await gone.json()).toMatchObject({ humanCodingScheme: "A9" });
    expect((await get(`CFItems/${caseId("small", "CFItem", "a9")}?version=1.0.0`)).status).toBe(404);
  });

  test("documents are listed once each, packages are asked for by their document, items with what they belong to", async () => {
    const listed = await (await get("CFDocuments")).json();
    const versions = listed.CFDocuments.map(({ identifier, version }: { identifier: string; version: string }) => [
      identifier,
      version,
    ]);
    expect(versions.sort()).toEqual(
      [
        [caseId("small", "CFDocument", ""), "1.0.0"],
        [caseId(ownFramework.id, "CFDocument", ""), ownFramework.version],
      ].sort(),
    );
    expect((await (await get("CFDocuments?limit=1&offset=1")).json()).CFDocuments).toHaveLength(1);
    expect((await get("CFDocuments?limit=many")).status).toBe(400);
    const whole = await (await get(`CFPackages/${caseId("small", "CFDocument", "")}?lang=bg`)).text();
    expect(readFrameworkFile(whole, "case")).toMatchObject({ id: "small", version: "1.0.0", languages: ["bg"] });
    const item = caseId("small", "CFItem", "a1");
    const around = await (await get(`CFItemAssociations/${item}`)).json();
    expect(around.CFItem.identifier).toBe(item);
    expect(around.CFAssociations).toHaveLength(1 + small.levels.length);
  });

  test("answers may be kept, in the language that is wanted, and read by pages of others", async () => {
    const path = `CFDocuments/${caseId("small", "CFDocument", "")}`;
    const first = await get(path, { "accept-language": "bg, en;q=0.5" });
    expect(Object.fromEntries(first.headers)).toMatchObject({
      "content-type": "application/json; charset=utf-8",
      "cache-control": "public, max-age=3600",
      "content-language": "bg",
      "access-control-allow-origin": "*",
      vary: "Accept-Language",
    });
    const etag = first.headers.get("etag") ?? "";
    const again = await get(path, { "accept-language": "bg", "if-none-match": etag });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    expect((await get(path, { "accept-language": "en", "if-none-match": etag })).status).toBe(200);
  });

  test.each([
    ["CFItems/00000000-0000-4000-8000-000000000000", "unknownobject"],
    [`CFDocuments/${caseId("small", "CFItem", "a1")}`, "unknownobject"],
    [`CFDocuments/${caseId("small", "CFDocument", "")}?version=7.0.0`, "unknownobject"],
    ["CFItems/a1", "invaliduuid"],
    ["CFItems", "unknownobject"],
  ])("%s is not there, in the service's own words", async (path, minor) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({
      imsx_codeMajor: "failure",
      imsx_severity: "error",
      imsx_codeMinor: { imsx_codeMinorField: [{ imsx_codeMinorFieldValue: minor }] },
    });
  });

  test("nothing is written there, and whoever asks without end waits", async () => {
    const posted = await fetch(`${origin}/ims/case/v1p0/CFItems/${caseId("small", "CFItem", "a1")}`, {
      method: "POST",
    });
    expect(posted.status).toBe(404);
    let status = 200;
    for (let n = 0; n < 40 && status !== 429; n += 1)
      for (const one of await Promise.all(Array.from({ length: 100 }, () => get("CFItems")))) {
        status = one.status;
        await one.text();
      }
    expect(status).toBe(429);
    expect(await (await get("CFItems")).json()).toMatchObject({
      imsx_codeMinor: { imsx_codeMinorField: [{ imsx_codeMinorFieldValue: "server_busy" }] },
    });
  });
});
