import type { Framework, Levels } from "./framework.ts";
import type { Localised } from "./programme.ts";

/** What a radar picture shows (`src/images/radar.ts`): nothing in it names a person. */
export type RadarData = {
  readonly title: string;
  /** How many rings there are. */
  readonly levels: number;
  /** One for each competence, clockwise from the top. */
  readonly axes: readonly string[];
  /** What the first letter of the axes stands for. */
  readonly groups: readonly { readonly code: string; readonly label: string }[];
  readonly series: readonly {
    readonly kind: "self" | "required" | "assessor" | "earlier";
    readonly label: string;
    /** A level for each axis; null where nobody said one. */
    readonly values: readonly (number | null)[];
  }[];
};

/** Draws up the picture of one attempt beside what is wanted, what assessors said, and the attempt before. */
export function radarOf(
  framework: Framework,
  given: {
    readonly words: Readonly<Record<"title" | RadarData["series"][number]["kind"], string>>;
    readonly read: (text: Localised<string>) => string;
    readonly self: Levels;
    readonly assessor?: Levels | undefined;
    readonly earlier?: Levels | undefined;
  },
) {
  const { words, read } = given;
  const all = framework.categories.flatMap(({ competences }) => competences.map(({ id }) => id));
  const line = (kind: RadarData["series"][number]["kind"], levels: Levels, none: number | null) => ({
    kind,
    label: words[kind],
    values: all.map((id) => levels[id] ?? none),
  });
  const required = Object.fromEntries(all.map((id) => [id, framework.required]));
  return {
    title: words.title,
    levels: framework.levels.length,
    axes: all.map((id) => id.toUpperCase()),
    groups: framework.categories.map(({ id, title }) => ({ code: id.toUpperCase(), label: read(title) })),
    series: [
      line("required", required, null),
      ...(given.earlier === undefined ? [] : [line("earlier", given.earlier, 0)]),
      line("self", given.self, 0),
      ...(given.assessor === undefined ? [] : [line("assessor", given.assessor, null)]),
    ],
  } satisfies RadarData;
}
