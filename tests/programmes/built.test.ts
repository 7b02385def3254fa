import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { builtProgramme, sumOf } from "../../src/programmes/built.ts";
import { inMemory, onDisk } from "../../src/programmes/files.ts";
import { loadProgrammes, taughtProgrammes } from "../../src/programmes/load.ts";
import { sampleFolder } from "./sample.ts";

const file = (text: string): Uint8Array => new TextEncoder().encode(text);

test("what stands for the files changes with every name and byte, and with nothing else", async () => {
  const sum = (files: Readonly<Record<string, string>>) =>
    sumOf(inMemory(new Map(Object.entries(files).map(([path, text]) => [`p/${path}`, file(text)]))), "p");
  const first = await sum({ "a.yaml": "one", "words/en/b.yaml": "two" });
  expect(await sum({ "words/en/b.yaml": "two", "a.yaml": "one" })).toBe(first);
  const others: readonly Readonly<Record<string, string>>[] = [
    { "a.yaml": "one!", "words/en/b.yaml": "two" },
    { "a.yaml": "one", "words/da/b.yaml": "two" },
    { "a.yaml": "onetwo", "words/en/b.yaml": "" },
    { "a.yaml": "one" },
  ];
  for (const files of others) expect(await sum(files)).not.toBe(first);
});

test("a programme that no build compiled is read from its files", async () => {
  const folder = await sampleFolder();
  expect(await builtProgramme(onDisk, `${folder}/sample`)).toBeUndefined();
  const { programmes } = await loadProgrammes(folder);
  expect(await taughtProgrammes(folder)).toEqual({ programmes, problems: [] });
});

test("what the build compiled is what the files say", async () => {
  const { programmes } = await loadProgrammes(fileURLToPath(new URL("../../programmes", import.meta.url)));
  const { compile, parseCompiled } = await import("../../src/programmes/compiled.ts");
  for (const programme of programmes) expect(parseCompiled(compile(programme))).toEqual(programme);
});
