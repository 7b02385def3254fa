import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import type { Framework } from "../domain/framework.ts";
import type { Localised } from "../domain/programme.ts";
import { frameworkPart } from "./framework-schema.ts";

/**
 * Writes a framework into the folder of a programme, as authors would: its structure and, per language, its words. Returns the paths.
 * Throws where one of the files is there already: nothing of an author's is written over.
 */
export async function writeFramework(folder: string, framework: Framework): Promise<readonly string[]> {
  const files = [
    { path: join(folder, frameworkPart.file), data: structureOf(framework) },
    ...framework.languages.map((language) => ({
      path: join(folder, "words", language, frameworkPart.file),
      data: wordsOf(framework, language),
    })),
  ];
  for (const { path, data } of files) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, stringify(data, { lineWidth: 130 }), { flag: "wx" });
  }
  return files.map(({ path }) => path);
}

function structureOf(framework: Framework) {
  const { id, version, unreviewed, levels, required, scales, stopAfter, status, categories } = framework;
  return {
    id,
    version,
    ...(unreviewed.length === 0 ? {} : { unreviewed }),
    levels: levels.map(({ level }) => level),
    required,
    scales: scales.map(({ id: own, values, holds }) => ({ id: own, values: values.map(({ value }) => value), holds })),
    stopAfter,
    status,
    categories: categories.map((category) => ({
      id: category.id,
      mayLag: category.mayLag,
      competences: category.competences.map(({ id: own, scale, lessons }) => ({ id: own, scale, lessons })),
    })),
  };
}

function wordsOf(framework: Framework, language: string) {
  const read = (text: Localised<string>): string => text[language] ?? "";
  const { levels, scales, categories } = framework;
  const competences = categories.flatMap((category) => category.competences);
  return {
    title: read(framework.title),
    about: read(framework.about),
    levels: Object.fromEntries(levels.map((one) => [one.level, { name: read(one.name), short: read(one.short) }])),
    scales: Object.fromEntries(
      scales.map((scale) => [scale.id, Object.fromEntries(scale.values.map((one) => [one.value, read(one.text)]))]),
    ),
    categories: Object.fromEntries(categories.map((one) => [one.id, read(one.title)])),
    competences: Object.fromEntries(
      competences.map((one) => [
        one.id,
        {
          title: read(one.title),
          example: read(one.example),
          statements: Object.fromEntries(one.statements.map(({ level, text }) => [level, read(text)])),
        },
      ]),
    ),
  };
}
