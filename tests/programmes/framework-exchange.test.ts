import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Framework } from "../../src/domain/framework.ts";
import { caseId, toCase } from "../../src/programmes/framework-case.ts";
import { fromCase } from "../../src/programmes/framework-case-read.ts";
import { exportFramework, importFramework, readFrameworkFile } from "../../src/programmes/framework-exchange.ts";
import { fromTable, toTable } from "../../src/programmes/framework-table.ts";
import { loadProgrammes } from "../../src/programmes/load.ts";
import { framework } from "../support/frameworks.ts";
import { withFramework } from "./faults/framework-sample.ts";
import { sampleFolder } from "./sample.ts";

const options = { publicUrl: "https://mentors.example", language: "en", creator: "Somebody", changedAt: 0 };
const own = await loadProgrammes(fileURLToPath(new URL("../../programmes", import.meta.url)));
const all: readonly Framework[] = [framework, ...own.programmes.flatMap((one) => one.framework ?? [])];

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "fadder-framework-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

describe.each(all.map((one): [string, Framework] => [one.id, one]))("%s as CASE", (_id, one) => {
  const file = toCase(one, options);

  test("has an item for each part and hangs it where it belongs", () => {
    const competences = one.categories.flatMap((category) => category.competences);
    const parts = one.categories.length + competences.length * (1 + one.levels.length);
    expect(file.CFItems).toHaveLength(parts);
    expect(file.CFAssociations).toHaveLength(parts);
    const known = new Set([file.CFDocument.identifier, ...file.CFItems.map(({ identifier }) => identifier)]);
    expect(known.size).toBe(parts + 1);
    for (const { originNodeURI, destinationNodeURI } of file.CFAssociations) {
      expect(known.has(originNodeURI.identifier)).toBe(true);
      expect(known.has(destinationNodeURI.identifier)).toBe(true);
    }
    const rubric = file.CFRubrics.at(-1);
    expect(rubric?.CFRubricCriteria).toHaveLength(competences.length);
    expect(rubric?.CFRubricCriteria[0]?.CFRubricCriterionLevels.map(({ score }) => score)).toEqual(
      one.levels.map(({ level }) => level),
    );
  });

  test("comes back whole: exported, imported and exported again it is the same", () => {
    for (const language of one.languages) {
      const first = toCase(one, { ...options, language });
      expect(toCase(fromCase(JSON.parse(JSON.stringify(first))), { ...options, language })).toEqual(first);
    }
  });

  // The schema is somebody else's and not ours to hand on: CASE_SCHEMA names a copy of
  // core/config/schema/case-v1p0-cfpackage-schema.json from github.com/opensalt/opensalt (MIT).
  const schema = process.env.CASE_SCHEMA ?? "";
  const judged = async (): Promise<void> => {
    const ajv = new Ajv({ strict: false, allErrors: true, formats: { int32: true, float: true } });
    formats.default(ajv);
    const validate = ajv.compile(JSON.parse(await readFile(schema, "utf8")));
    for (const language of one.languages)
      for (const publicUrl of [options.publicUrl, undefined]) {
        const made: unknown = JSON.parse(JSON.stringify(toCase(one, { ...options, language, publicUrl })));
        expect([validate(made), validate.errors]).toEqual([true, null]);
      }
    // It can say no as well.
    expect(validate({ ...file, CFItems: file.CFItems.map(({ uri: _, ...rest }) => rest) })).toBe(false);
  };
  // Where nobody has it, nothing is left out: everything else about the file is tested above.
  if (existsSync(schema)) test("passes a schema of others, in every language", judged);

  test("as a table it comes back whole, with all its languages", () => {
    expect(fromTable(toTable(one))).toEqual(one);
  });
});

describe("ids", () => {
  test("are UUIDs of version 5, the same each time and in every deployment", () => {
    expect(caseId("small", "CFItem", "a1")).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(caseId("small", "CFItem", "a1")).toBe(caseId("small", "CFItem", "a1"));
    expect(caseId("other", "CFItem", "a1")).not.toBe(caseId("small", "CFItem", "a1"));
    const elsewhere = toCase(framework, { ...options, publicUrl: undefined });
    expect(elsewhere.CFItems.map(({ identifier }) => identifier)).toEqual(
      toCase(framework, options).CFItems.map(({ identifier }) => identifier),
    );
    expect(elsewhere.CFDocument.uri).toMatch(/^urn:uuid:/);
  });
});

describe("a file of others", () => {
  const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
  const item = (n: number, fullStatement: string, humanCodingScheme?: string) => ({
    identifier: uuid(n),
    fullStatement,
    ...(humanCodingScheme === undefined ? {} : { humanCodingScheme }),
  });
  const below = (n: number, parent: number, sequenceNumber: number) => ({
    associationType: "isChildOf",
    sequenceNumber,
    originNodeURI: { identifier: uuid(n) },
    destinationNodeURI: { identifier: uuid(parent) },
  });
  const theirs = {
    CFDocument: { identifier: uuid(0), title: "Theirs", language: "sv" },
    CFItems: [item(1, "Ansvar", "1."), item(2, "Lyssna", "K-1"), item(3, "Jag kan höra."), item(4, "Jag kan fråga.")],
    CFAssociations: [below(4, 2, 2), below(3, 2, 1), below(2, 1, 1), below(1, 0, 1)],
  };

  test("is read in its order, with ids that packs can have and the usual rules", () => {
    expect(fromCase(theirs)).toMatchObject({
      id: "case-00000000",
      languages: ["sv"],
      title: { sv: "Theirs" },
      scales: [{ id: "doing", holds: 2 }],
      status: { gate: "a", others: 0, lag: 1 },
      categories: [
        {
          id: "a",
          competences: [
            {
              id: "k1",
              statements: [
                { level: 1, text: { sv: "Jag kan höra." } },
                { level: 2, text: { sv: "Jag kan fråga." } },
              ],
            },
          ],
        },
      ],
    });
  });

  test.each([
    [
      "a level less in one of them",
      {
        ...theirs,
        CFItems: [...theirs.CFItems, item(5, "Tala")],
        CFAssociations: [...theirs.CFAssociations, below(5, 1, 2)],
      },
      /one statement for each level/,
    ],
    ["nothing below the document", { ...theirs, CFAssociations: [] }, /nothing stands below/],
    ["no package at all", { hello: "world" }, /no CASE 1\.0 package: CFDocument/],
  ])("with %s is refused with its reason", (_what, json, says) => {
    expect(() => fromCase(json)).toThrow(says);
  });

  test.each([
    ["another head", "kind;id\n", /expected the columns kind, id, rules/],
    [
      "an empty text",
      toTable(framework).replace("I can do a1 at level 2.,", ","),
      /"statement a1\.2" has no text in "en"/,
    ],
    ["a lost line", toTable(framework).replace(/^about.*\r\n/mu, ""), /"about small" is missing/],
    ["lost rules", toTable(framework).replace(/^title,small,"[^\r]*\r\n/mu, "title,small,,x,y\r\n"), /lost its rules/],
    ["a quotation mark left open", 'kind,id,rules,en\n"title', /no table/],
  ])("a table with %s is refused with its reason", (_what, csv, says) => {
    expect(() => readFrameworkFile(csv, "csv")).toThrow(says);
  });

  test("that is no JSON is refused", () => {
    expect(() => readFrameworkFile("kind,id", "case")).toThrow(/no JSON/);
  });
});

describe("on the command line", () => {
  test.each(["case", "csv"] as const)("%s goes out, comes in and goes out the same", async (format) => {
    const programmes = await sampleFolder(...withFramework("fi"));
    const given = { folder: programmes, programme: "sample", format, publicUrl: undefined };
    const first = await exportFramework(given);
    const into = await folder();
    const file = join(into, format === "case" ? "file.json" : "file.csv");
    await writeFile(file, first);
    const written = await importFramework(file, into);
    expect(written).toHaveLength(format === "case" ? 2 : 3);
    await expect(importFramework(file, into)).rejects.toThrow(/EEXIST/);

    // What came in is a framework that loads, in the place of the one that went out.
    const again = await sampleFolder();
    await importFramework(file, join(again, "sample"));
    const second = await exportFramework({ ...given, folder: again });
    const undated = (text: string) => text.replace(/"lastChangeDateTime": "[^"]+"/gu, "");
    expect(undated(second)).toBe(undated(first));
  });

  test("a programme without one, and a language it is not in, are refused", async () => {
    const given = { programme: "sample", format: "case", publicUrl: undefined } as const;
    await expect(exportFramework({ ...given, folder: await sampleFolder() })).rejects.toThrow(/no framework here/);
    const folder = await sampleFolder(...withFramework());
    await expect(exportFramework({ ...given, folder, language: "fi" })).rejects.toThrow(/expected one of en/);
  });
});
