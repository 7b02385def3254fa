import { join } from "node:path";
import type { z } from "zod";
import type { Files } from "./files.ts";
import { type Read, readYaml } from "./pack-files.ts";
import type { Problem } from "./problem.ts";
import type { YamlFile } from "./yaml-file.ts";

/** A part of a programme with a file of its own, as its authors wrote it: structure, and words in each language. */
export interface Part<Structure, Words> {
  readonly structure: Structure;
  readonly structureFile: YamlFile;
  readonly words: readonly { readonly language: string; readonly words: Words; readonly file: YamlFile }[];
}

/** How a part is written. */
export interface PartKind<Structure, Words> {
  /** The name of its file, of the structure and of the words in each language. */
  readonly file: string;
  readonly structure: z.ZodType<Structure>;
  /** The schema of the words, made from the structure. */
  readonly words: (structure: Structure) => z.ZodType<Words>;
  /**
   * Whether it may have other languages than the lessons: the programme's first language must be there, every other one is taken
   * that has words for it, and whoever reads none of them reads the first.
   */
  readonly ownLanguages?: boolean;
}

/** Reads a part where the programme has it: without the file there is neither a value nor a problem. */
export async function readPart<Structure, Words>(
  files: Files,
  folder: string,
  languages: readonly string[],
  kind: PartKind<Structure, Words>,
): Promise<Read<Part<Structure, Words>>> {
  if (!(await files.names(folder)).includes(kind.file)) return { problems: [] };
  const read = await readYaml(files, join(folder, kind.file), kind.structure, "structure");
  if (read.value === undefined || read.file === undefined) return { problems: read.problems };
  const schema = kind.words(read.value);
  const words: Part<Structure, Words>["words"][number][] = [];
  const problems: Problem[] = [];
  for (const language of kind.ownLanguages ? await languagesHaving(files, folder, languages, kind.file) : languages) {
    const one = await readYaml(files, join(folder, "words", language, kind.file), schema, "words");
    problems.push(...one.problems);
    if (one.value !== undefined && one.file !== undefined) words.push({ language, words: one.value, file: one.file });
  }
  if (problems.length > 0) return { problems };
  return { value: { structure: read.value, structureFile: read.file, words }, problems };
}

/** The first language, whether its words are there or not; then those of the programme, then all others. */
async function languagesHaving(
  files: Files,
  folder: string,
  languages: readonly string[],
  file: string,
): Promise<readonly string[]> {
  const root = join(folder, "words");
  const names = await files.names(root);
  const having = await Promise.all(
    names.map(async (name) => ((await files.names(join(root, name))).includes(file) ? [name] : [])),
  );
  const found = having.flat();
  const declared = languages.filter((language, index) => index === 0 || found.includes(language));
  return [...declared, ...found.filter((language) => !declared.includes(language))];
}
