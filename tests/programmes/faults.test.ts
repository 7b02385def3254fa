import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { warnProgramme } from "../../src/programmes/check.ts";
import { checkFolder, lockFolder } from "../../src/programmes/lock.ts";
import { RULES } from "../../src/programmes/problem.ts";
import { authoringFaults } from "./faults/authoring.ts";
import { factFaults, withFacts } from "./faults/facts.ts";
import { WHY } from "./faults/fault.ts";
import { frameworkFaults } from "./faults/framework.ts";
import { integrityFaults } from "./faults/integrity.ts";
import { qualityFaults, withQuality } from "./faults/quality.ts";
import { requirementFaults } from "./faults/requirements.ts";
import { editSample, lineWith, STRUCTURE, sampleFolder, WORDS } from "./sample.ts";

const faults = [
  ...integrityFaults,
  ...frameworkFaults,
  ...requirementFaults,
  ...qualityFaults,
  ...factFaults,
  ...authoringFaults,
];

describe("a fault is named with its rule, file and line", () => {
  test.each(faults)("$rule: $fault", async ({ edits, file, at, rule, says }) => {
    const folder = await sampleFolder();
    await lockFolder(folder);
    await editSample(folder, ...edits);
    const { problems } = await checkFolder(folder);
    const found = problems.filter((problem) => problem.rule !== "lock");
    const path = join(folder, "sample", file);
    const line = at === undefined ? 1 : await lineWith(path, at);
    expect(found).toEqual([{ rule, path, line, message: expect.stringMatching(says) }]);
  });

  test("every rule has a fault", () => {
    // The lock has tests of its own.
    expect(new Set([...faults.map((fault) => fault.rule), "lock"])).toEqual(new Set(RULES));
  });

  test("a programme without a fault has no problems", async () => {
    const folder = await sampleFolder();
    await lockFolder(folder);
    expect((await checkFolder(folder)).problems).toEqual([]);
  });

  test("a number that is listed as a public line may be named", async () => {
    const folder = await sampleFolder(
      [WORDS, WHY, "Call 41 74 90 90 about it."],
      [STRUCTURE, "languages: [en]", "languages: [en]\npublicLines: [4174 9090]"],
    );
    await lockFolder(folder);
    expect((await checkFolder(folder)).problems).toEqual([]);
  });

  test("a review that is over is said, and is no fault", async () => {
    const folder = await sampleFolder(...withQuality());
    await lockFolder(folder);
    const { loaded, problems } = await checkFolder(folder);
    expect(problems).toEqual([]);
    const warned = (today: string) => loaded.flatMap((one) => warnProgramme(one, today));
    expect(warned("2027-10-31")).toEqual([]);
    expect(warned("2027-11-01")).toMatchObject([
      { rule: "quality", line: 2, message: expect.stringContaining("held until 2027-10-31") },
    ]);
  });

  test("a fact that was to be looked at again is said, and is no fault", async () => {
    const folder = await sampleFolder(...withFacts());
    await lockFolder(folder);
    const { loaded, problems } = await checkFolder(folder);
    expect(problems).toEqual([]);
    const warned = (today: string) => loaded.flatMap((one) => warnProgramme(one, today));
    expect(warned("2027-10-31")).toEqual([]);
    expect(warned("2027-11-01")).toMatchObject([
      { rule: "facts", line: 1, message: expect.stringContaining("read a book, page 3, correct what rests on it") },
    ]);
  });

  test("a new review needs no new version, another criterion does", async () => {
    const folder = await sampleFolder(...withQuality());
    await lockFolder(folder);
    await editSample(folder, ["quality.yaml", "2026-11-01", "2027-10-01"]);
    expect((await checkFolder(folder)).problems).toEqual([]);
    await editSample(folder, ["words/en/quality.yaml", "Learners were asked.", "Learners were asked often."]);
    expect((await checkFolder(folder)).problems).toMatchObject([{ rule: "lock" }]);
  });

  test("a folder without any programme is a problem", async () => {
    const { problems } = await checkFolder(join(await sampleFolder(), "sample", "words", "no-such-folder"));
    expect(problems).toMatchObject([{ rule: "files", message: expect.stringContaining("PROGRAMMES_DIR") }]);
  });
});
