import type { Category, Framework } from "../domain/framework.ts";
import type { Localised } from "../domain/programme.ts";
import type { FrameworkStructure, FrameworkWords } from "./framework-schema.ts";
import type { Part } from "./part.ts";
import { type PlacedText, type Placing, plain, rich } from "./placed-text.ts";
import type { Problem } from "./problem.ts";
import type { ValuePath } from "./yaml-file.ts";

/** A framework as its authors wrote it. It may have more languages than the lessons. */
export type FrameworkPack = Part<FrameworkStructure, FrameworkWords>;

/** The texts of a framework in one language, parsed, by the way to them. */
export interface PlacedFramework {
  readonly language: string;
  readonly texts: ReadonlyMap<string, PlacedText>;
}

/** Parses every text of a framework. */
export function placeFramework({ words }: FrameworkPack, problems: Problem[]): readonly PlacedFramework[] {
  return words.map(({ language, words: own, file }) => {
    const placing: Placing = { language, file, problems };
    const texts = leaves(own, []).map(({ at, text }): [string, PlacedText] => {
      // Only what it is about may have several lines: everything else stands on cards and buttons.
      const placed = at[0] === "about" ? rich(placing, "title", text, at) : plain(placing, "title", text, at);
      return [at.join("/"), placed];
    });
    return { language, texts: new Map(texts) };
  });
}

function leaves(value: unknown, at: ValuePath): readonly { readonly at: ValuePath; readonly text: string }[] {
  if (typeof value === "string") return [{ at, text: value }];
  return Object.entries(value as object).flatMap(([key, inner]) => leaves(inner, [...at, key]));
}

/** Makes the framework that is taught: one tree of structure and words. */
export function buildFramework({ structure }: FrameworkPack, placed: readonly PlacedFramework[]): Framework {
  const text = (...at: readonly (string | number)[]): Localised<string> =>
    Object.fromEntries(
      placed.flatMap(({ language, texts }): [string, string][] => {
        const found = texts.get(at.join("/"));
        return found === undefined ? [] : [[language, found.plain]];
      }),
    );
  const [first] = structure.scales;
  const category = ({ id, mayLag, scale, competences }: FrameworkStructure["categories"][number]): Category => ({
    id,
    title: text("categories", id),
    mayLag,
    competences: competences.map((one) => ({
      id: one.id,
      title: text("competences", one.id, "title"),
      example: text("competences", one.id, "example"),
      scale: one.scale ?? scale ?? first?.id ?? "",
      lessons: one.lessons,
      statements: structure.levels.map((level) => ({
        level,
        text: text("competences", one.id, "statements", level),
      })),
    })),
  });
  return {
    id: structure.id,
    version: structure.version,
    languages: placed.map(({ language }) => language),
    unreviewed: structure.unreviewed,
    title: text("title"),
    about: text("about"),
    levels: structure.levels.map((level) => ({
      level,
      name: text("levels", level, "name"),
      short: text("levels", level, "short"),
    })),
    scales: structure.scales.map(({ id, values, holds }) => ({
      id,
      values: values.map((value) => ({ value, text: text("scales", id, value) })),
      holds,
    })),
    stopAfter: structure.stopAfter,
    required: structure.required ?? structure.levels[0] ?? 1,
    status: structure.status,
    categories: structure.categories.map(category),
  };
}
