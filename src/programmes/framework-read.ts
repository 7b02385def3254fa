import { join } from "node:path";
import type { Files } from "./files.ts";
import type { FrameworkPack } from "./framework.ts";
import { frameworkSchema, frameworkWordsSchema } from "./framework-schema.ts";
import { readYaml } from "./pack-files.ts";
import type { Problem } from "./problem.ts";
import type { Structure } from "./schema.ts";

/** The file of a framework, of its structure and of its words in each language. */
export const frameworkFile = "framework.yaml";

/**
 * Reads a programme's framework, where it has one. The programme's own first language must be there; every other one that has words
 * for it is taken, also one without lessons, and whoever reads none of them reads the first.
 */
export async function readFramework(
  files: Files,
  folder: string,
  programme: Structure,
): Promise<{ readonly value?: FrameworkPack; readonly problems: readonly Problem[] }> {
  if (!(await files.names(folder)).includes(frameworkFile)) return { problems: [] };
  const read = await readYaml(files, join(folder, frameworkFile), frameworkSchema, "structure");
  if (read.value === undefined || read.file === undefined) return { problems: read.problems };
  const schema = frameworkWordsSchema(read.value);
  const words: FrameworkPack["words"][number][] = [];
  const problems: Problem[] = [];
  for (const language of await languagesOf(files, folder, programme)) {
    const one = await readYaml(files, join(folder, "words", language, frameworkFile), schema, "words");
    problems.push(...one.problems);
    if (one.value !== undefined && one.file !== undefined) words.push({ language, words: one.value, file: one.file });
  }
  if (problems.length > 0) return { problems };
  return { value: { structure: read.value, structureFile: read.file, words }, problems };
}

/** The first language, whether its words are there or not; then those of the programme, then all others. */
async function languagesOf(files: Files, folder: string, { languages }: Structure): Promise<readonly string[]> {
  const root = join(folder, "words");
  const names = await files.names(root);
  const having = await Promise.all(
    names.map(async (name) => ((await files.names(join(root, name))).includes(frameworkFile) ? [name] : [])),
  );
  const found = having.flat();
  const declared = languages.filter((language, index) => index === 0 || found.includes(language));
  return [...declared, ...found.filter((language) => !declared.includes(language))];
}
