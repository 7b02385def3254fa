import { z } from "zod";
import type { Card, Lesson, Programme } from "../src/domain/programme.ts";
import { type Command, type Context, defineDialog, type Say } from "../src/engine/dialog.ts";
import { foldPlain } from "../src/engine/fold.ts";
import { join, plainText, toPlain } from "../src/engine/markup.ts";
import { ownProgramme, ownProgress, read } from "./support.ts";

const state = z.object({ at: z.literal("word") });
const mostFound = 5;

/** Asks for the word where none came with the command. */
export const find = defineDialog<Record<string, never>, z.infer<typeof state>>({
  id: "find",
  version: 1,
  args: z.object({}),
  state,
  activity: () => "find",
  start: () => ({ state: { at: "word" } }),
  steps: {
    word: {
      ask: (_now, ctx) => ({ text: ctx.t("find.question"), free: true }),
      take: (_now, answer, ctx) =>
        answer.type === "text" ? { says: [found(answer.text, ctx)], end: true } : { unclear: true },
    },
  },
});

/** `find <word>` over the lessons somebody has met. */
export const findCommand: Command = {
  takesArgs: true,
  run: (given, ctx) => (given.trim() === "" ? { start: { dialog: "find", args: {} } } : { says: [found(given, ctx)] }),
};

function found(text: string, ctx: Context): Say {
  const programme = ownProgramme(ctx);
  const word = foldPlain(text);
  const met = metLessons(ctx, programme);
  const hits = met
    .map((lesson) => ({ lesson, line: lineWith(ctx, programme, lesson, word) }))
    .filter((hit): hit is { lesson: Lesson; line: string } => hit.line !== undefined)
    .slice(0, mostFound);
  if (hits.length === 0) return { text: ctx.t("find.none", { word: text, n: met.length }), actions: ctx.here() };
  return {
    text: join(
      ctx.t("find.some", { word: text, n: hits.length }),
      ...hits.map(({ lesson, line }) =>
        join(ctx.t("find.hit", { id: lesson.id, title: read(ctx, programme, lesson.title) }), plainText(line)),
      ),
    ),
    actions: [
      ...hits.map(({ lesson }) => ({
        label: ctx.s("b.lesson", { id: lesson.id }),
        command: "lesson",
        args: lesson.id,
      })),
      { label: ctx.s("b.menu"), command: "menu" },
    ],
  };
}

/** Finished lessons and the open one. */
function metLessons(ctx: Context, programme: Programme): Lesson[] {
  const progress = ownProgress(ctx, programme);
  const open = ctx.activities().map((activity) => activity.id);
  return programme.units.flatMap((unit) =>
    unit.lessons.filter(
      (lesson) => progress.lessons[lesson.id] !== undefined || open.includes(`lesson:${programme.id}:${lesson.id}`),
    ),
  );
}

/** The first line of a card, or the title, that has the word in it. */
function lineWith(ctx: Context, programme: Programme, lesson: Lesson, word: string): string | undefined {
  if (word === "") return undefined;
  const title = read(ctx, programme, lesson.title);
  const lines = lesson.cards.flatMap((card: Card) => toPlain(read(ctx, programme, card.text)).split("\n"));
  return [...lines, title].find((line) => foldPlain(line).includes(word));
}
