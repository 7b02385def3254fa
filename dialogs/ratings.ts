import { z } from "zod";
import { competencesOf, type Levels } from "../src/domain/framework.ts";
import { inLanguage, languageFor, type Programme } from "../src/domain/programme.ts";
import type { Context } from "../src/engine/dialog.ts";
import type { Markup } from "../src/engine/markup.ts";
import { sayingTo } from "./standing.ts";

/** One rating as it travels. */
export const ratingSchema = z.object({
  role: z.enum(["first", "second", "appeal"]),
  competence: z.string(),
  level: z.number().int(),
  reason: z.string().optional(),
});
export type ShownRating = z.infer<typeof ratingSchema>;

/** Every rating side by side, a line for each competence; none is averaged and none hides another. */
export function ratingLines(
  ctx: Context,
  programme: Programme,
  ratings: readonly ShownRating[],
  self: Levels | null,
): readonly Markup[] {
  const { framework } = programme;
  if (framework === undefined) return [];
  return competencesOf(framework).flatMap(({ id }) => {
    const own = ratings.filter(({ competence }) => competence === id);
    if (own.length === 0) return [];
    const levels = [
      ...(self === null ? [] : [ctx.s("assess.level.of", { role: ctx.s("assess.role.self"), level: self[id] ?? 0 })]),
      ...own.map(({ role, level }) => ctx.s("assess.level.of", { role: ctx.s(`assess.role.${role}`), level })),
    ];
    return [ctx.t("assess.line", { title: competenceTitle(ctx, programme, id), levels: levels.join(" · ") })];
  });
}

/** A competence's title; the framework may be there in other languages than the lessons. */
export function competenceTitle(ctx: Context, { framework }: Programme, id: string): string {
  const found = framework && competencesOf(framework).find((one) => one.id === id);
  if (framework === undefined || found === undefined) return id;
  return inLanguage(found.title, languageFor(framework.languages, sayingTo(ctx).wanted));
}
