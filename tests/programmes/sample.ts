import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { createProgramme } from "../../src/programmes/create.ts";

/** The files of the small programme every fault is put into. */
export const STRUCTURE = "programme.yaml";
export const WORDS = "words/en/unit-1.yaml";

/** A change of one file: a text that stands there once and what takes its place, or what to make of the whole file. */
export type Edit =
  | readonly [file: string, from: string, to: string]
  | readonly [file: string, text: string | Uint8Array | null];

/** A folder of programmes with one small programme, `sample`, changed by `edits`. It goes when the test is over. */
export async function sampleFolder(...edits: readonly Edit[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "fadder-programmes-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await createProgramme(folder, "sample");
  await editSample(folder, ...edits);
  return folder;
}

/** Changes files of the sample. */
export async function editSample(folder: string, ...edits: readonly Edit[]): Promise<void> {
  for (const edit of edits) {
    const path = join(folder, "sample", edit[0]);
    if (edit.length === 3) {
      const text = await readFile(path, "utf8");
      if (text.split(edit[1]).length !== 2) throw new Error(`"${edit[1]}" does not stand once in ${edit[0]}`);
      await writeFile(
        path,
        text.replace(edit[1], () => edit[2]),
      );
    } else if (edit[1] === null) {
      await rm(path);
    } else {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, edit[1]);
    }
  }
}

/** The number of the line where a text begins for the first time, counted from 1. */
export async function lineWith(path: string, text: string): Promise<number> {
  const [before, found] = (await readFile(path, "utf8")).split(text);
  if (before === undefined || found === undefined) throw new Error(`"${text}" is not in ${path}`);
  return before.split("\n").length;
}
