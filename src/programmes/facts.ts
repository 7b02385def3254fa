import { join } from "node:path";
import { z } from "zod";
import { day, words } from "./fields.ts";
import type { Files } from "./files.ts";
import { type Read, readYaml } from "./pack-files.ts";
import type { YamlFile } from "./yaml-file.ts";

/** The file of what lessons rest on. It stands for authors: nobody who learns sees it. */
export const factsFile = "facts.yaml";

/** The id of a fact or a rule, such as F53 or R3.4. */
export const factId = (what: string) => {
  const expected = `expected ${what}: letters, digits, points and hyphens, such as F53 or R3.4`;
  return z.string({ error: expected }).regex(/^(?=.{1,40}$)[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*$/, { error: expected });
};

const factsSchema = z.record(
  factId("the id of a fact"),
  z.strictObject(
    {
      source: words("where it can be read again"),
      review: day("the day from which somebody must have looked again whether it still holds"),
    },
    { error: "expected a fact: source and review" },
  ),
  { error: "expected the facts by their ids" },
);

/** What lessons rest on, by id. */
export interface FactsPack {
  readonly facts: z.output<typeof factsSchema>;
  readonly file: YamlFile;
}

/** Reads the facts where a programme has them: without the file there is neither a value nor a problem. */
export async function readFacts(files: Files, folder: string): Promise<Read<FactsPack>> {
  if (!(await files.names(folder)).includes(factsFile)) return { problems: [] };
  const { value, file, problems } = await readYaml(files, join(folder, factsFile), factsSchema, "structure");
  return value === undefined || file === undefined ? { problems } : { value: { facts: value, file }, problems };
}
