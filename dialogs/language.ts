import { z } from "zod";
import { type Command, type Context, defineDialog } from "../src/engine/dialog.ts";

const args = z.object({});
const state = z.object({ at: z.literal("choose") });

/** The interface language, changed at any time. */
export const language = defineDialog<Record<string, never>, z.infer<typeof state>>({
  id: "language",
  version: 1,
  args,
  state,
  activity: () => "language",
  start: () => ({ state: { at: "choose" } }),
  steps: {
    choose: {
      ask: (_now, ctx) => ({ text: ctx.t("language.question"), choices: languageChoices(ctx) }),
      take(_now, answer, ctx) {
        if (answer.type !== "choice") return { unclear: true };
        return { effects: [changeTo(answer.id)], says: [saidIn(ctx, answer.id)], end: true };
      },
    },
  },
});

/** `language`, or at once with a name: `language dansk`, `language bg`. */
export const languageCommand: Command = {
  takesArgs: true,
  run(given, ctx) {
    const wanted = given.trim().toLowerCase();
    const found = ctx.words.languages.find(
      (code) =>
        code === wanted ||
        ctx.words.languages.some((shown) => ctx.words.text(shown, `language.${code}`).toLowerCase() === wanted),
    );
    if (found === undefined) return { start: { dialog: "language", args: {} } };
    return { effects: [changeTo(found)], says: [saidIn(ctx, found)] };
  },
};

/** Every language by its own name, so that nobody has to read another one first. */
export function languageChoices(ctx: Context): { readonly id: string; readonly label: string }[] {
  return ctx.words.languages.map((code) => ({ id: code, label: ctx.words.text(code, `language.${code}`) }));
}

const changeTo = (code: string) => ({ type: "person", changes: { language: code } }) as const;

/** Said in the new language: the context of this turn still speaks the old one. */
function saidIn(ctx: Context, code: string) {
  return {
    text: ctx.words.markup(code, "language.done", { language: ctx.words.text(code, `language.${code}`) }),
    actions: [
      { label: ctx.words.text(code, "b.continue"), command: "next", primary: true },
      { label: ctx.words.text(code, "b.menu"), command: "menu" },
    ],
  };
}
