import { z } from "zod";
import { type Command, type Context, defineDialog } from "../src/engine/dialog.ts";
import type { Effect } from "../src/engine/session.ts";
import { ownProgramme, ownProgress, pinned, record } from "./support.ts";

const args = z.object({ programme: z.string(), version: z.string() });
const state = z.object({ at: z.literal("used") });
const answers = ["often", "sometimes", "notyet"] as const;

/** One tap, three months after the end: whether somebody uses what they learned. */
export const used = defineDialog<z.infer<typeof args>, z.infer<typeof state>>({
  id: "used",
  version: 1,
  args,
  state,
  activity: (given) => `used:${given.programme}`,
  title: (_given, _now, ctx) => ctx.s("quality.used.title"),
  start: () => ({ state: { at: "used" } }),
  steps: {
    used: {
      ask: (_now, ctx) => ({
        text: ctx.t("quality.used.ask"),
        choices: answers.map((id) => ({ id, label: ctx.s(`quality.used.${id}`) })),
        actions: [{ id: "skip", label: ctx.s("b.quality.skip") }],
      }),
      take(_now, answer, ctx, given) {
        if (answer.type !== "choice") return { unclear: true };
        const says = [{ text: ctx.t("quality.thanks"), actions: ctx.here() }];
        return { effects: [keep(ctx, given, answer.id)], says, end: true };
      },
    },
  },
});

function keep(ctx: Context, given: z.infer<typeof args>, answer: string): Effect {
  const programme = pinned(ctx, given.programme, given.version);
  // Once, also where somebody skips it.
  return record(ctx, programme, { type: "skills.used", key: `used:${programme.id}`, data: { used: answer } });
}

/** `used`: asks, once. */
export const usedCommand: Command = {
  run(_given, ctx) {
    const programme = ownProgramme(ctx);
    const { joinedAt, used: before } = ownProgress(ctx, programme);
    if (joinedAt === 0 || before !== undefined) return { says: [{ text: ctx.t("quality.none"), actions: ctx.here() }] };
    return { start: { dialog: "used", args: { programme: programme.id, version: programme.version } } };
  },
};
