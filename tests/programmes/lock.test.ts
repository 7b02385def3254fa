import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkFolder, lockFolder } from "../../src/programmes/lock.ts";
import { editSample, lineWith, STRUCTURE, sampleFolder, WORDS } from "./sample.ts";

const LOCK = "programmes.lock.json";

async function lockedSample(): Promise<string> {
  const folder = await sampleFolder();
  expect(await lockFolder(folder)).toEqual({ added: ["sample 0.1.0"], problems: [] });
  return folder;
}

async function findings(folder: string): Promise<string[]> {
  const { problems } = await checkFolder(folder);
  const path = join(folder, "sample", STRUCTURE);
  const line = await lineWith(path, "version:");
  for (const problem of problems) expect(problem).toMatchObject({ rule: "lock", path, line });
  return problems.map((problem) => problem.message);
}

describe("the lock", () => {
  test("a version that is not in it yet is a problem until it is entered", async () => {
    const folder = await sampleFolder();
    expect(await findings(folder)).toEqual([expect.stringMatching(/0\.1\.0 is not in programmes\.lock\.json.*--lock/)]);
    await lockFolder(folder);
    expect(await findings(folder)).toEqual([]);
    expect(await lockFolder(folder)).toEqual({ added: [], problems: [] });
  });

  test("changed words without a new version are a problem, and the lock is left as it is", async () => {
    const folder = await lockedSample();
    const before = await readFile(join(folder, LOCK), "utf8");
    await editSample(folder, [WORDS, "Being on time", "Coming on time"]);
    const changed = expect.stringMatching(/content changed and the version did not: raise the last number/);
    expect(await findings(folder)).toEqual([changed]);
    expect((await lockFolder(folder)).problems).toHaveLength(1);
    expect(await readFile(join(folder, LOCK), "utf8")).toBe(before);
  });

  test("a correction of the words is entered beside the version it corrects", async () => {
    const folder = await lockedSample();
    await editSample(folder, [WORDS, "Being on time", "Coming on time"], [STRUCTURE, "0.1.0", "0.1.1"]);
    expect(await lockFolder(folder)).toEqual({ added: ["sample 0.1.1"], problems: [] });
    const lock: unknown = JSON.parse(await readFile(join(folder, LOCK), "utf8"));
    expect(lock).toMatchObject({ sample: { "0.1.0": {}, "0.1.1": {} } });
  });

  test.each([
    ["the right answer", "right: c\n        - id: promise", "right: a\n        - id: promise"],
    ["the pause", "pauseHours: 24", "pauseHours: 12"],
    ["the order of the cards", "- first-why\n          - first-how", "- first-how\n          - first-why"],
  ])("a changed structure (%s) asks for more than a correction", async (_, from, to) => {
    const folder = await lockedSample();
    await editSample(folder, [STRUCTURE, from, to]);
    expect(await findings(folder)).toEqual([expect.stringMatching(/raise the middle or the first number/)]);
    await editSample(folder, [STRUCTURE, "0.1.0", "0.1.1"]);
    expect(await findings(folder)).toEqual([
      expect.stringMatching(/0\.1\.1 is a correction of 0\.1\.0.*structure changed/),
    ]);
    await editSample(folder, [STRUCTURE, "0.1.1", "0.2.0"]);
    expect(await lockFolder(folder)).toEqual({ added: ["sample 0.2.0"], problems: [] });
  });

  test("a version older than one that was taught is a problem", async () => {
    const folder = await lockedSample();
    await editSample(folder, [STRUCTURE, "0.1.0", "0.0.9"]);
    expect(await findings(folder)).toEqual([expect.stringMatching(/older than 0\.1\.0/)]);
  });

  test("a comment or another order of keys changes nothing", async () => {
    const folder = await lockedSample();
    await editSample(
      folder,
      [STRUCTURE, "languages: [en]", "# The first one counts.\nlanguages: [en]"],
      [STRUCTURE, "      draw: 2\n      pass: 1\n", "      pass: 1\n      draw: 2\n"],
    );
    expect(await findings(folder)).toEqual([]);
  });

  test("a lock that cannot be read is a problem of its own", async () => {
    const folder = await lockedSample();
    await writeFile(join(folder, LOCK), "<<<<<<< ours");
    const { problems } = await checkFolder(folder);
    expect(problems).toMatchObject([{ rule: "lock", path: join(folder, LOCK), line: 1 }]);
    expect((await lockFolder(folder)).added).toEqual([]);
  });

  test("nothing is entered while a rule is broken", async () => {
    const folder = await sampleFolder([STRUCTURE, "pass: 1", "pass: 3"]);
    expect(await lockFolder(folder)).toMatchObject({ added: [], problems: [{ rule: "pass" }] });
  });
});
