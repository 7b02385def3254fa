import { z } from "zod";
import { each, list, name, needed, whole, words } from "./fields.ts";
import { language } from "./language.ts";
import type { PartKind } from "./part.ts";

const scale = z.strictObject(
  {
    id: name("the id of the scale"),
    values: list(whole(0, 100, "a value"), "the values, the lowest first"),
    holds: whole(0, 100, "the value from which on a statement counts as held"),
  },
  { error: "expected a scale: id, values, holds" },
);

/** Ids of categories and competences stand in records and addresses for years: letters and digits alone. */
const short = (what: string) =>
  needed(`${what}: small letters and digits, such as a1`).regex(/^[a-z][a-z0-9]{0,9}$/, {
    error: `expected ${what}: small letters and digits, such as a1`,
  });

const competence = z.strictObject(
  {
    id: short("the id of the competence"),
    lessons: z.array(name("the id of a lesson"), { error: "expected the lessons: a list of ids" }).default([]),
    scale: name("the id of a scale").optional(),
  },
  { error: "expected a competence: id, lessons, and where needed scale" },
);

const category = z.strictObject(
  {
    id: short("the id of the category"),
    mayLag: whole(0, 50, "how many competences may lie one level lower").default(0),
    scale: name("the id of a scale").optional(),
    competences: list(competence, "the competences"),
  },
  { error: "expected a category: id, competences, and where needed mayLag and scale" },
);

/** What `framework.yaml` holds: everything that is the same in every language. */
export const frameworkSchema = z.strictObject(
  {
    id: name("the id of the framework"),
    version: needed("a version such as 1.0.0").regex(/^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}$/, {
      error: "expected a version such as 1.0.0",
    }),
    unreviewed: z.array(language, { error: "expected a list of languages" }).default([]),
    levels: list(whole(1, 20, "a level"), "the levels, the lowest first"),
    required: whole(1, 20, "the level that the programme wants").optional(),
    scales: list(scale, "the scales"),
    stopAfter: whole(1, 50, "after how many of the lowest answers a competence stops"),
    status: z.strictObject(
      {
        gate: needed("the id of the category that must be held"),
        others: whole(0, 50, "how many other categories must hold the level"),
        lag: whole(0, 20, "how many levels the rest may lie lower"),
      },
      { error: "expected the rule of the status: gate, others, lag" },
    ),
    categories: list(category, "the categories"),
  },
  { error: "expected the framework: id, version, levels, scales, stopAfter, status, categories" },
);

export type FrameworkStructure = z.output<typeof frameworkSchema>;

/** The schema of `words/<language>/framework.yaml`, made from the structure: what is missing and what is too much both fail. */
export function frameworkWordsSchema(of: FrameworkStructure) {
  const levels = of.levels.map(String);
  const competences = of.categories.flatMap((one) => one.competences.map(({ id }) => id));
  const scales = new Map(of.scales.map(({ id, values }) => [id, values.map(String)]));
  return z.strictObject(
    {
      title: words("the title of the framework"),
      about: words("what the framework is about"),
      levels: each(
        levels,
        (level) =>
          z.strictObject(
            { name: words(`the name of level ${level}`), short: words(`what level ${level} means, in one line`) },
            { error: "expected a level: name, short" },
          ),
        "the levels",
      ),
      scales: each(
        [...scales.keys()],
        (id) => each(scales.get(id) ?? [], () => words("what the value means"), "the values of the scale"),
        "the scales",
      ),
      categories: each(
        of.categories.map(({ id }) => id),
        () => words("the title of the category"),
        "the categories",
      ),
      competences: each(
        competences,
        () =>
          z.strictObject(
            {
              title: words("the title of the competence"),
              example: words("an example in one line, without names"),
              statements: each(levels, (level) => words(`the statement of level ${level}`), "the statements"),
            },
            { error: "expected a competence: title, example, statements" },
          ),
        "the competences",
      ),
    },
    { error: "expected the words of the framework: title, about, levels, scales, categories, competences" },
  );
}

export type FrameworkWords = z.output<ReturnType<typeof frameworkWordsSchema>>;

/** How a framework is written: also in languages without lessons. */
export const frameworkPart: PartKind<FrameworkStructure, FrameworkWords> = {
  file: "framework.yaml",
  structure: frameworkSchema,
  words: frameworkWordsSchema,
  ownLanguages: true,
};
