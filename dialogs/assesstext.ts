import { z } from "zod";
import { defineDialog } from "../src/engine/dialog.ts";
import { join } from "../src/engine/markup.ts";
import type { Json } from "../src/engine/types.ts";

const args = z.object({
  what: z.enum(["return", "award", "refuse", "appeal"]),
  assessment: z.string(),
  /** Who it is about, so that it goes with the person who is erased. */
  person: z.string(),
});
type Args = z.infer<typeof args>;
const asking = z.object({ at: z.literal("text") });

/** One guarded text about an assessment: what is to be added, why it is decided so, or why somebody appeals. */
export const assesstext = defineDialog<Args, z.infer<typeof asking>>({
  id: "assesstext",
  version: 1,
  args,
  state: asking,
  activity: ({ what, assessment }) => `assesstext:${what}:${assessment}`,
  start: () => ({ state: { at: "text" } }),
  steps: {
    text: {
      ask: (_now, ctx, { what }) => ({
        text: join(ctx.t(`assess.text.${what}`), ctx.t("m.no_names")),
        actions: [{ id: "cancel", label: ctx.s("b.cancel") }],
        free: true,
      }),
      take(_now, answer, ctx, given) {
        if (answer.type === "choice")
          return { says: [{ text: ctx.t("assess.cancelled"), actions: ctx.here() }], end: true };
        const [name, data] = workOf(given, answer.text);
        return { effects: [{ type: "job", name, data }], end: true };
      },
    },
  },
});

function workOf({ what, assessment: id }: Args, text: string): readonly [name: string, data: Json] {
  switch (what) {
    case "appeal":
      return ["assessment", { do: "appeal", id, text }];
    case "return":
      return ["assessing", { do: "return", id, text }];
    case "award":
    case "refuse":
      return ["assessing", { do: "decide", id, verdict: what === "award" ? "awarded" : "refused", text }];
  }
}
