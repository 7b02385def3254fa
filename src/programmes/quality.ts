import { z } from "zod";
import { type Quality, qualityAims, qualityOwners } from "../domain/quality.ts";
import { day, each, list, name, whole, words } from "./fields.ts";
import type { Part, PartKind } from "./part.ts";
import { type PlacedText, plain } from "./placed-text.ts";
import type { Problem } from "./problem.ts";

const owner = `expected who looks after the content, a role and no person: ${qualityOwners.join(", ")}`;
const aim = `expected what it is about: ${qualityAims.join(", ")}`;

/** What `quality.yaml` holds. */
const qualitySchema = z.strictObject(
  {
    owner: z.enum(qualityOwners, { error: owner }),
    review: z.strictObject(
      {
        on: day("the day of the last review"),
        everyMonths: whole(1, 60, "after how many months it is reviewed again"),
      },
      { error: "expected the review: on and everyMonths" },
    ),
    criteria: list(
      z.strictObject(
        { id: name("the id of the criterion"), aim: z.enum(qualityAims, { error: aim }) },
        { error: "expected a criterion: id and aim" },
      ),
      "the criteria, in the order shown",
    ),
  },
  { error: "expected the quality framework: owner, review, criteria" },
);

export type QualityStructure = z.output<typeof qualitySchema>;

/** The schema of `words/<language>/quality.yaml`, made from the structure. */
function qualityWordsSchema({ criteria }: QualityStructure): z.ZodType<QualityWords> {
  const ids = criteria.map(({ id }) => id);
  return z.strictObject(
    { criteria: each(ids, () => words("the criterion in one sentence"), "the criteria") },
    { error: "expected the words of the quality framework: criteria" },
  );
}

/** Each criterion in one language. */
export interface QualityWords {
  readonly criteria: Readonly<Record<string, string>>;
}

/** The quality framework of a programme as its authors wrote it. */
export type QualityPack = Part<QualityStructure, QualityWords>;

/** How it is written. */
export const qualityPart: PartKind<QualityStructure, QualityWords> = {
  file: "quality.yaml",
  structure: qualitySchema,
  words: qualityWordsSchema,
};

/** The criteria in one language, parsed. */
export interface PlacedQuality {
  readonly language: string;
  readonly criteria: ReadonlyMap<string, PlacedText>;
}

/** Parses every text of the quality framework. */
export function placeQuality({ words: all }: QualityPack, problems: Problem[]): readonly PlacedQuality[] {
  return all.map(({ language, words: own, file }) => ({
    language,
    criteria: new Map(
      Object.entries(own.criteria).map(([id, text]) => [
        id,
        plain({ language, file, problems }, "title", text, ["criteria", id]),
      ]),
    ),
  }));
}

/** Makes what a programme says about its quality: one tree of structure and words. */
export function buildQuality({ structure }: QualityPack, placed: readonly PlacedQuality[]): Quality {
  return {
    owner: structure.owner,
    review: structure.review,
    criteria: structure.criteria.map(({ id, aim: own }) => ({
      id,
      aim: own,
      text: Object.fromEntries(
        placed.flatMap(({ language, criteria }): [string, string][] => {
          const text = criteria.get(id);
          return text === undefined ? [] : [[language, text.plain]];
        }),
      ),
    })),
  };
}
