import { join } from "node:path";
import type { RequirementsPack } from "./certification.ts";
import type { Files } from "./files.ts";
import { type Read, readYaml } from "./pack-files.ts";
import type { Problem } from "./problem.ts";
import { requirementsSchema, requirementsWordsSchema } from "./requirements.ts";
import type { Structure } from "./schema.ts";

/** The file of hours and certificates, of their structure and of their words in each language. */
export const requirementsFile = "requirements.yaml";

/** Reads what a programme says about hours and certificates, where it says something: in every language of its own. */
export async function readRequirements(
  files: Files,
  folder: string,
  { languages }: Structure,
): Promise<Read<RequirementsPack>> {
  if (!(await files.names(folder)).includes(requirementsFile)) return { problems: [] };
  const read = await readYaml(files, join(folder, requirementsFile), requirementsSchema, "structure");
  if (read.value === undefined || read.file === undefined) return { problems: read.problems };
  const schema = requirementsWordsSchema(read.value);
  const words: RequirementsPack["words"][number][] = [];
  const problems: Problem[] = [];
  for (const language of languages) {
    const one = await readYaml(files, join(folder, "words", language, requirementsFile), schema, "words");
    problems.push(...one.problems);
    if (one.value !== undefined && one.file !== undefined) words.push({ language, words: one.value, file: one.file });
  }
  return problems.length > 0
    ? { problems }
    : { value: { structure: read.value, structureFile: read.file, words }, problems };
}
