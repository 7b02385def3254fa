import { join } from "node:path";
import type { Files } from "./files.ts";
import { type Read, readYaml } from "./pack-files.ts";
import type { Problem } from "./problem.ts";
import { type QualityPack, qualitySchema, qualityWordsSchema } from "./quality.ts";
import type { Structure } from "./schema.ts";

/** The file of the quality framework, of its structure and of its words in each language. */
export const qualityFile = "quality.yaml";

/** Reads what a programme says about its quality, where it says something: in every language of its own. */
export async function readQuality(files: Files, folder: string, { languages }: Structure): Promise<Read<QualityPack>> {
  if (!(await files.names(folder)).includes(qualityFile)) return { problems: [] };
  const read = await readYaml(files, join(folder, qualityFile), qualitySchema, "structure");
  if (read.value === undefined || read.file === undefined) return { problems: read.problems };
  const schema = qualityWordsSchema(read.value);
  const words: QualityPack["words"][number][] = [];
  const problems: Problem[] = [];
  for (const language of languages) {
    const one = await readYaml(files, join(folder, "words", language, qualityFile), schema, "words");
    problems.push(...one.problems);
    if (one.value !== undefined && one.file !== undefined) words.push({ language, words: one.value, file: one.file });
  }
  return problems.length > 0
    ? { problems }
    : { value: { structure: read.value, structureFile: read.file, words }, problems };
}
