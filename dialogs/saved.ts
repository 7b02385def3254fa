import type { Programme } from "../src/domain/programme.ts";
import type { Command, Context } from "../src/engine/dialog.ts";
import { join, type Markup } from "../src/engine/markup.ts";
import { ownProgramme, ownProgress, read } from "./support.ts";

/** Cards in one message; the latest come first, `saved 2` goes on. */
const page = 4;

/** The cards somebody saved, to read again. */
export const savedCommand: Command = {
  takesArgs: true,
  run(given, ctx) {
    const programme = ownProgramme(ctx);
    const saved = [...ownProgress(ctx, programme).saved].reverse();
    if (saved.length === 0) return { says: [{ text: ctx.t("saved.none"), actions: ctx.here() }] };
    const pages = Math.ceil(saved.length / page);
    const at = Math.min(pages, Math.max(1, Number.parseInt(given, 10) || 1));
    const shown = saved.slice((at - 1) * page, at * page);
    return {
      says: [
        {
          text: join(
            ctx.t("saved.heading", { n: saved.length }),
            ...shown.map((card) => cardText(ctx, programme, card)),
          ),
          actions: [
            ...(at < pages ? [{ label: ctx.s("b.more"), command: "saved", args: String(at + 1) }] : []),
            ...ctx.here(),
          ],
        },
      ],
    };
  },
};

function cardText(ctx: Context, programme: Programme, id: string): Markup {
  for (const unit of programme.units) {
    for (const lesson of unit.lessons) {
      const card = lesson.cards.find((one) => one.id === id);
      if (card)
        return join(
          ctx.t("saved.card", { id: lesson.id, title: read(ctx, programme, lesson.title) }),
          read(ctx, programme, card.text),
        );
    }
  }
  return [];
}
