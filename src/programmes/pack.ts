import { join } from "node:path";
import type { RequirementsPack } from "./certification.ts";
import { type FactsPack, readFacts } from "./facts.ts";
import type { Files } from "./files.ts";
import type { FrameworkPack } from "./framework.ts";
import { frameworkPart } from "./framework-schema.ts";
import { type Read, readYaml } from "./pack-files.ts";
import { readPart } from "./part.ts";
import type { Problem } from "./problem.ts";
import { type QualityPack, qualityPart } from "./quality.ts";
import { requirementsPart } from "./requirements.ts";
import {
  programmeWordsSchema,
  type Structure,
  structureSchema,
  type TestWords,
  testWordsSchema,
  type UnitWords,
  unitWordsSchema,
} from "./schema.ts";
import type { YamlFile } from "./yaml-file.ts";

/** A programme as its authors wrote it, read and complete, with the place of every value. */
export interface Pack {
  readonly folder: string;
  readonly structure: Structure;
  readonly structureFile: YamlFile;
  /** In the order of `structure.languages`. */
  readonly words: readonly LanguageWords[];
  /** What people can do, where the programme says it. */
  readonly framework?: FrameworkPack;
  /** Hours and certificates, where the programme has them. */
  readonly requirements?: RequirementsPack;
  /** What it promises about its own quality, where it does. */
  readonly quality?: QualityPack;
  /** What its lessons rest on, where it says so. */
  readonly facts?: FactsPack;
}

/** The words of a pack in one language. `units` is in the order of the structure. */
export interface LanguageWords {
  readonly language: string;
  readonly title: string;
  readonly titleFile: YamlFile;
  /** The titles of training days. */
  readonly events: Readonly<Record<string, string>>;
  readonly units: readonly { readonly words: UnitWords; readonly file: YamlFile }[];
  /** Where the programme has a test over all units. */
  readonly test?: { readonly words: TestWords; readonly file: YamlFile };
}

/** Reads the folder of one programme. Without a `value` the problems say why. */
export async function readPack(files: Files, folder: string): Promise<Read<Pack>> {
  const {
    file,
    value: structure,
    problems,
  } = await readYaml(files, join(folder, "programme.yaml"), structureSchema, "structure");
  if (structure === undefined || file === undefined) return { problems };
  const languages = await Promise.all(
    structure.languages.map((language) => readLanguage(files, folder, language, structure)),
  );
  const framework = await readPart(files, folder, structure.languages, frameworkPart);
  const requirements = await readPart(files, folder, structure.languages, requirementsPart);
  const quality = await readPart(files, folder, structure.languages, qualityPart);
  const facts = await readFacts(files, folder);
  const isThere = (part: Read<unknown>) => part.value !== undefined || part.problems.length > 0;
  const found = [
    ...(await undeclared(files, folder, structure, file, [
      ...(isThere(framework) ? [frameworkPart.file] : []),
      ...(isThere(requirements) ? [requirementsPart.file] : []),
      ...(isThere(quality) ? [qualityPart.file] : []),
    ])),
    ...[...languages, framework, requirements, quality, facts].flatMap((one) => one.problems),
  ];
  if (found.length > 0) return { problems: found };
  const words = languages.flatMap((one) => one.value ?? []);
  const more = {
    ...(framework.value === undefined ? {} : { framework: framework.value }),
    ...(requirements.value === undefined ? {} : { requirements: requirements.value }),
    ...(quality.value === undefined ? {} : { quality: quality.value }),
    ...(facts.value === undefined ? {} : { facts: facts.value }),
  };
  return { value: { folder, structure, structureFile: file, words, ...more }, problems: [] };
}

async function readLanguage(
  files: Files,
  folder: string,
  language: string,
  structure: Structure,
): Promise<Read<LanguageWords>> {
  const at = join(folder, "words", language);
  const title = await readYaml(files, join(at, "programme.yaml"), programmeWordsSchema(structure), "words");
  const problems = [...title.problems];
  const units: { words: UnitWords; file: YamlFile }[] = [];
  for (const unit of structure.units) {
    const read = await readYaml(files, join(at, `unit-${unit.id}.yaml`), unitWordsSchema(unit), "words");
    problems.push(...read.problems);
    if (read.value !== undefined && read.file !== undefined) units.push({ words: read.value, file: read.file });
  }
  const test =
    structure.test && (await readYaml(files, join(at, "test.yaml"), testWordsSchema(structure.test.bank), "words"));
  problems.push(...(test?.problems ?? []));
  if (problems.length > 0 || title.value === undefined || title.file === undefined) return { problems };
  const ofTest = test?.value && test.file ? { test: { words: test.value, file: test.file } } : {};
  const { title: named, events = {} } = title.value;
  return { value: { language, title: named, events, titleFile: title.file, units, ...ofTest }, problems };
}

// A file with a slip in its name would otherwise be ignored in silence.
async function undeclared(
  files: Files,
  folder: string,
  structure: Structure,
  file: YamlFile,
  parts: readonly string[],
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const root = join(folder, "words");
  const expected = new Set([
    "programme.yaml",
    ...structure.units.map((unit) => `unit-${unit.id}.yaml`),
    ...(structure.test ? ["test.yaml"] : []),
    ...parts,
  ]);
  for (const language of await files.names(root)) {
    if (!structure.languages.includes(language)) {
      // A framework may be there in a language in which no lessons are.
      const names = await files.names(join(root, language));
      if (parts.includes(frameworkPart.file) && names.length > 0 && names.every((name) => name === frameworkPart.file))
        continue;
      const message = `there are words in "${language}", which is not among the languages: add it here, or take ${join(root, language)} away`;
      problems.push({ rule: "languages", path: file.path, line: file.lineOf(["languages"]), message });
      continue;
    }
    for (const name of await files.names(join(root, language))) {
      if (expected.has(name)) continue;
      const message = `this file belongs to no unit: expected one of ${[...expected].join(", ")}`;
      problems.push({ rule: "files", path: join(root, language, name), line: 1, message });
    }
  }
  return problems;
}
