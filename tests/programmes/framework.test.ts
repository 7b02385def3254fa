import { describe, expect, test } from "vitest";
import { compile, parseCompiled } from "../../src/programmes/compiled.ts";
import { loadProgrammes } from "../../src/programmes/load.ts";
import { showProblem } from "../../src/programmes/problem.ts";
import { FRAMEWORK_WORDS, withFramework } from "./faults/framework-sample.ts";
import { editSample, STRUCTURE, sampleFolder } from "./sample.ts";

async function load(folder: string) {
  const { programmes, problems } = await loadProgrammes(folder);
  const [programme] = programmes;
  if (programme === undefined) throw new Error(problems.map(showProblem).join("\n"));
  return programme;
}

describe("a framework in a programme", () => {
  test("is one tree of structure and words, with its defaults", async () => {
    const { framework } = await load(await sampleFolder(...withFramework()));
    expect(framework).toMatchObject({ id: "sample-framework", version: "1.0.0", languages: ["en"], required: 1 });
    expect(framework?.levels.map(({ level, name }) => [level, name.en])).toEqual([
      [1, "Beginner"],
      [2, "Independent"],
    ]);
    const [a, b] = framework?.categories ?? [];
    expect([a?.mayLag, b?.mayLag]).toEqual([1, 0]);
    expect(a?.competences.map(({ scale, lessons }) => [scale, lessons])).toEqual([
      ["doing", ["1.1"]],
      ["often", []],
    ]);
    expect(b?.competences[0]?.statements[1]).toEqual({ level: 2, text: { en: "I can call it in time." } });
  });

  test("may be there in languages in which no lessons are, and need not be in all that have some", async () => {
    const folder = await sampleFolder(...withFramework("fi", "bg"));
    expect(await load(folder)).toMatchObject({ languages: ["en"], framework: { languages: ["en", "bg", "fi"] } });
    await editSample(folder, ["words/fi/other.yaml", "title: x\n"]);
    expect((await loadProgrammes(folder)).problems).toMatchObject([{ rule: "languages" }]);
  });

  test("is part of what is taught: another word is another hash, the public page is not", async () => {
    const folder = await sampleFolder(...withFramework());
    const before = await load(folder);
    await editSample(folder, [STRUCTURE, "version: 0.1.0", "version: 0.1.0\nselfCheck: yes"]);
    expect(await load(folder)).toMatchObject({ selfCheck: true, hash: before.hash });
    await editSample(folder, [FRAMEWORK_WORDS, "in time", "at once"]);
    expect((await load(folder)).hash).not.toBe(before.hash);
  });

  test("survives the round trip through one text", async () => {
    const programme = await load(await sampleFolder(...withFramework("sv")));
    expect(parseCompiled(compile(programme))).toEqual(programme);
  });
});
