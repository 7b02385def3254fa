import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import type { Problem, RuleName } from "./problem.ts";
import {
  type Structure,
  structureSchema,
  type TestWords,
  testWordsSchema,
  titleSchema,
  type UnitWords,
  unitWordsSchema,
} from "./schema.ts";
import { parseYaml, type ValuePath, type YamlFile } from "./yaml-file.ts";

/** A programme as its authors wrote it, read and complete, with the place of every value. */
export interface Pack {
  readonly folder: string;
  readonly structure: Structure;
  readonly structureFile: YamlFile;
  /** In the order of `structure.languages`. */
  readonly words: readonly LanguageWords[];
}

/** The words of a pack in one language. `units` is in the order of the structure. */
export interface LanguageWords {
  readonly language: string;
  readonly title: string;
  readonly titleFile: YamlFile;
  readonly units: readonly { readonly words: UnitWords; readonly file: YamlFile }[];
  /** Where the programme has a test over all units. */
  readonly test?: { readonly words: TestWords; readonly file: YamlFile };
}

type Result<T> = { readonly value?: T; readonly problems: readonly Problem[] };

/** Reads the folder of one programme. Without a `value` the problems say why. */
export async function readPack(folder: string): Promise<Result<Pack>> {
  const {
    file,
    value: structure,
    problems,
  } = await readYaml(join(folder, "programme.yaml"), structureSchema, "structure");
  if (structure === undefined || file === undefined) return { problems };
  const languages = await Promise.all(structure.languages.map((language) => readLanguage(folder, language, structure)));
  const found = [...(await undeclared(folder, structure, file)), ...languages.flatMap((one) => one.problems)];
  if (found.length > 0) return { problems: found };
  const words = languages.flatMap((one) => one.value ?? []);
  return { value: { folder, structure, structureFile: file, words }, problems: [] };
}

async function readLanguage(folder: string, language: string, structure: Structure): Promise<Result<LanguageWords>> {
  const at = join(folder, "words", language);
  const title = await readYaml(join(at, "programme.yaml"), titleSchema, "words");
  const problems = [...title.problems];
  const units: { words: UnitWords; file: YamlFile }[] = [];
  for (const unit of structure.units) {
    const read = await readYaml(join(at, `unit-${unit.id}.yaml`), unitWordsSchema(unit), "words");
    problems.push(...read.problems);
    if (read.value !== undefined && read.file !== undefined) units.push({ words: read.value, file: read.file });
  }
  const test = structure.test && (await readYaml(join(at, "test.yaml"), testWordsSchema(structure.test.bank), "words"));
  problems.push(...(test?.problems ?? []));
  if (problems.length > 0 || title.value === undefined || title.file === undefined) return { problems };
  const ofTest = test?.value && test.file ? { test: { words: test.value, file: test.file } } : {};
  return { value: { language, title: title.value.title, titleFile: title.file, units, ...ofTest }, problems };
}

// A file with a slip in its name would otherwise be ignored in silence.
async function undeclared(folder: string, structure: Structure, file: YamlFile): Promise<Problem[]> {
  const problems: Problem[] = [];
  const root = join(folder, "words");
  const expected = new Set([
    "programme.yaml",
    ...structure.units.map((unit) => `unit-${unit.id}.yaml`),
    ...(structure.test ? ["test.yaml"] : []),
  ]);
  for (const language of await visibleIn(root)) {
    if (!structure.languages.includes(language)) {
      const message = `there are words in "${language}", which is not among the languages: add it here, or take ${join(root, language)} away`;
      problems.push({ rule: "languages", path: file.path, line: file.lineOf(["languages"]), message });
      continue;
    }
    for (const name of await visibleIn(join(root, language))) {
      if (expected.has(name)) continue;
      const message = `this file belongs to no unit: expected one of ${[...expected].join(", ")}`;
      problems.push({ rule: "files", path: join(root, language, name), line: 1, message });
    }
  }
  return problems;
}

/** The names in a folder that are not hidden, sorted; none where there is no such folder. */
export async function visibleIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => !name.startsWith(".")).sort();
}

async function readYaml<T extends z.ZodType>(
  path: string,
  schema: T,
  rule: "structure" | "words",
): Promise<Result<z.output<T>> & { readonly file?: YamlFile }> {
  const text = await readText(path);
  if (typeof text !== "string") return { problems: [text] };
  const { file, problems } = parseYaml(text, path);
  if (file === undefined) return { problems };
  const parsed = schema.safeParse(file.value);
  if (parsed.success) return { file, value: parsed.data, problems: [] };
  return { problems: parsed.error.issues.flatMap((issue) => fromIssue(issue, file, rule)) };
}

async function readText(path: string): Promise<string | Problem> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
  } catch (error) {
    const isAbsent = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (isAbsent)
      return { rule: "files", path, line: 1, message: "this file is missing: write it, with every text in it" };
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
