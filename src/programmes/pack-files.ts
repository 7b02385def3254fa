import type { z } from "zod";
import { breath } from "./breath.ts";
import type { Files } from "./files.ts";
import type { Problem, RuleName } from "./problem.ts";
import { parseYaml, type ValuePath, type YamlFile } from "./yaml-file.ts";

/** What was read; without a `value` the problems say why. */
export type Read<T> = { readonly value?: T; readonly problems: readonly Problem[] };

/** Reads a YAML file of a pack and holds it to its schema. */
export async function readYaml<T extends z.ZodType>(
  files: Files,
  path: string,
  schema: T,
  rule: "structure" | "words",
): Promise<Read<z.output<T>> & { readonly file?: YamlFile }> {
  await breath();
  const text = await readText(files, path);
  if (typeof text !== "string") return { problems: [text] };
  const { file, problems } = parseYaml(text, path);
  if (file === undefined) return { problems };
  const parsed = schema.safeParse(file.value);
  if (parsed.success) return { file, value: parsed.data, problems: [] };
  return { problems: parsed.error.issues.flatMap((issue) => fromIssue(issue, file, rule)) };
}

async function readText(files: Files, path: string): Promise<string | Problem> {
  try {
    const bytes = await files.read(path);
    if (bytes === undefined)
      return { rule: "files", path, line: 1, message: "this file is missing: write it, with every text in it" };
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    const message =
      error instanceof TypeError ? "this file is not in UTF-8: save it as UTF-8" : "this file cannot be read";
    return { rule: "files", path, line: 1, message };
  }
}

function fromIssue(issue: z.core.$ZodIssue, file: YamlFile, rule: RuleName): Problem[] {
  const at = issue.path.filter((part): part is string | number => typeof part !== "symbol");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const place: ValuePath = [...at, key];
      const message = `${show(place)} is not known here: compare its spelling with programme.yaml and the guide, or take it out`;
      return { rule, path: file.path, line: file.lineOf(place), message };
    });
  }
  const what = file.has(at) ? "is wrong" : "is missing";
  return [{ rule, path: file.path, line: file.lineOf(at), message: `${show(at)} ${what}: ${issue.message}` }];
}

function show(at: ValuePath): string {
  return at.length === 0
    ? "the file"
    : at.map((part) => (typeof part === "number" ? `${part + 1}.` : part)).join(" → ");
}
