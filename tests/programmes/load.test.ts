import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createCatalogue } from "../../src/programmes/catalogue.ts";
import { compile, parseCompiled } from "../../src/programmes/compiled.ts";
import { createProgramme } from "../../src/programmes/create.ts";
import { loadProgrammes } from "../../src/programmes/load.ts";
import { showProblem } from "../../src/programmes/problem.ts";
import { single } from "../support/questions.ts";
import { editSample, STRUCTURE, sampleFolder, WORDS } from "./sample.ts";

async function load(folder: string) {
  const { programmes, problems } = await loadProgrammes(folder);
  const [programme] = programmes;
  if (programme === undefined) throw new Error(problems.map(showProblem).join("\n"));
  return programme;
}

describe("loading", () => {
  test("structure and words become one tree", async () => {
    const programme = await load(await sampleFolder());
    expect(programme).toMatchObject({ id: "sample", version: "0.1.0", languages: ["en"], unreviewed: [] });
    const [unit] = programme.units;
    expect(unit?.lessons[0]).toMatchObject({ id: "1.1", minutes: 3, title: { en: "Being on time" } });
    expect(unit?.lessons[0]?.cards[0]?.text.en?.[0]).toEqual({
      type: "paragraph",
      children: [
        { type: "text", value: "Read four cards and answer two questions. This takes about " },
        { type: "strong", children: [{ type: "text", value: "3 minutes" }] },
        { type: "text", value: "." },
      ],
    });
    const danger = unit?.check.bank.find((question) => question.id === "child-in-danger");
    expect(danger).toMatchObject({ right: "b", safety: true, order: "shuffled" });
    expect(danger && single(danger).options[1]?.text).toEqual({ en: "Call 112" });
  });

  test("ids that look like numbers stay what they are", async () => {
    const folder = await sampleFolder([STRUCTURE, "id: 1.1", "id: 1.10"], [WORDS, "  1.1:", "  1.10:"]);
    expect((await load(folder)).units[0]?.lessons[0]?.id).toBe("1.10");
  });

  test("every text stands in every language", async () => {
    const folder = await sampleFolder(
      [STRUCTURE, "[en]", "[en, nl]"],
      ["words/nl/programme.yaml", "title: Mijn programma\n"],
    );
    const { problems } = await loadProgrammes(folder);
    expect(problems.map(showProblem)).toEqual([
      `${join(folder, "sample", "words", "nl", "unit-1.yaml")}:1: this file is missing: write it, with every text in it (files)`,
    ]);
  });

  test("a broken programme leaves the others in place and is named", async () => {
    const folder = await sampleFolder();
    await createProgramme(folder, "second");
    await editSample(folder, [STRUCTURE, "pass: 1", "pass: 9"]);
    const { programmes, problems } = await loadProgrammes(folder);
    expect(programmes.map((programme) => programme.id)).toEqual(["second"]);
    expect(problems).toMatchObject([{ rule: "pass", line: 27 }]);
  });

  test("a rule of style does not stop a server", async () => {
    const folder = await sampleFolder([WORDS, "A short message ends the guessing.", "Word word. ".repeat(40).trim()]);
    expect((await loadProgrammes(folder)).problems).toEqual([]);
  });
});

describe("a new programme", () => {
  test.each(["", "My Course", "../up", "a/b", "-x"])("the id %j is refused", async (id) => {
    await expect(createProgramme(await sampleFolder(), id)).rejects.toThrow(/small letters/);
  });

  test("what is there is never written over", async () => {
    await expect(createProgramme(await sampleFolder(), "sample")).rejects.toThrow(/there already/);
  });
});

describe("compiled", () => {
  test("a programme is the same after the round trip through one text", async () => {
    const programme = await load(await sampleFolder());
    expect(parseCompiled(compile(programme))).toEqual(programme);
  });

  test("something else is refused", async () => {
    const programme = await load(await sampleFolder());
    expect(() => parseCompiled(compile(programme).replace('"pass":1', '"pass":"1"'))).toThrow(/pass/);
  });
});

describe("the catalogue", () => {
  test("gives the newest, a pinned version, and its newest correction", async () => {
    const newest = { ...(await load(await sampleFolder())), version: "1.10.0" };
    const versions = ["1.2.0", "1.2.10", "1.2.9", "1.3.0"];
    const older = versions.map((version) => ({ ...newest, version }));
    const catalogue = createCatalogue([newest], older);
    expect(catalogue.programmes).toEqual([newest]);
    expect(catalogue.get("sample")?.version).toBe("1.10.0");
    expect(catalogue.get("sample", "1.2.0")?.version).toBe("1.2.10");
    expect(catalogue.get("sample", "1.3.0")?.version).toBe("1.3.0");
    expect(catalogue.get("sample", "1.4.0")).toBeUndefined();
    expect(catalogue.get("another")).toBeUndefined();
  });

  test("an attempt of a programme that is no longer on disk goes on", async () => {
    const gone = await load(await sampleFolder());
    const catalogue = createCatalogue([], [gone]);
    expect(catalogue.programmes).toEqual([]);
    expect(catalogue.get("sample", "0.1.0")).toEqual(gone);
  });

  test("of two contents under one version the one on disk is taught", async () => {
    const onDisk = await load(await sampleFolder());
    const stored = { ...onDisk, hash: "another" };
    expect(createCatalogue([onDisk], [stored]).get("sample", "0.1.0")?.hash).toBe(onDisk.hash);
  });
});
