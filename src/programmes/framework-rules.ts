import { z } from "zod";
import type { Framework } from "../domain/framework.ts";

const lessons = z.array(z.string());

/** What of a framework no exchange format has a place for: how answers become levels, and which lessons help. */
export const rulesSchema = z.object({
  id: z.string(),
  version: z.string(),
  unreviewed: z.array(z.string()),
  scales: z.array(z.object({ id: z.string(), values: z.array(z.number().int()), holds: z.number().int() })),
  stopAfter: z.number().int(),
  required: z.number().int(),
  status: z.object({ gate: z.string(), others: z.number().int(), lag: z.number().int() }),
  mayLag: z.record(z.string(), z.number().int()),
  competences: z.record(z.string(), z.object({ scale: z.string(), lessons })),
});

export type FrameworkRules = z.infer<typeof rulesSchema>;

/** The rules of a framework, as one text that travels with it. */
export function rulesOf(framework: Framework): string {
  const { id, version, unreviewed, scales, stopAfter, required, status, categories } = framework;
  const rules: FrameworkRules = {
    ...{ id, version, stopAfter, required },
    unreviewed: [...unreviewed],
    status: { ...status },
    scales: scales.map((scale) => ({ ...scale, values: scale.values.map(({ value }) => value) })),
    mayLag: Object.fromEntries(categories.map((category) => [category.id, category.mayLag])),
    competences: Object.fromEntries(
      categories.flatMap(({ competences }) =>
        competences.map(({ id: own, scale, lessons: all }) => [own, { scale, lessons: [...all] }]),
      ),
    ),
  };
  return JSON.stringify(rules);
}

/** Reads what `rulesOf` wrote; undefined where a text is something else, as in files of others. */
export function parseRules(text: string | undefined): FrameworkRules | undefined {
  try {
    return rulesSchema.safeParse(JSON.parse(text ?? "")).data;
  } catch {
    return undefined;
  }
}

/** A file that cannot be read as a framework, and what to do about it. */
export class FrameworkFileError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "FrameworkFileError";
  }
}
