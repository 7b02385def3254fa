import { z } from "zod";
import { type Command, defineDialog, type TimerHandler } from "../src/engine/dialog.ts";

const state = z.discriminatedUnion("at", [z.object({ at: z.literal("explain") }), z.object({ at: z.literal("sure") })]);

/** Deletes everything about the person: explained first, asked twice, done by a job. */
export const deleteme = defineDialog<Record<string, never>, z.infer<typeof state>>({
  id: "deleteme",
  version: 1,
  args: z.object({}),
  state,
  activity: () => "deleteme",
  start: () => ({ state: { at: "explain" } }),
  steps: {
    explain: {
      ask: (_now, ctx) => ({
        text: ctx.t("privacy.delete.explain"),
        actions: [
          { id: "go", label: ctx.s("privacy.delete.go") },
          { id: "no", label: ctx.s("privacy.delete.no"), primary: true },
        ],
      }),
      take(_now, answer, ctx) {
        if (answer.type === "choice" && answer.id === "go") return { state: { at: "sure" } };
        return { says: [{ text: ctx.t("privacy.delete.kept"), actions: ctx.here() }], end: true };
      },
    },
    sure: {
      ask: (_now, ctx) => ({
        text: ctx.t("privacy.delete.sure"),
        actions: [
          { id: "yes", label: ctx.s("privacy.delete.yes") },
          { id: "no", label: ctx.s("privacy.delete.no"), primary: true },
        ],
      }),
      take(_now, answer, ctx) {
        if (answer.type === "choice" && answer.id === "yes")
          return { effects: [{ type: "job", name: "erase", data: {} }], end: true };
        return { says: [{ text: ctx.t("privacy.delete.kept"), actions: ctx.here() }], end: true };
      },
    },
  },
});

export const deletemeCommand: Command = { run: () => ({ start: { dialog: "deleteme", args: {} } }) };

/** The last message; everything goes once it is out. */
export const erasedTimer: TimerHandler = {
  kind: "reply",
  run: (_data, _due, ctx) => ({ says: [{ text: ctx.t("privacy.delete.done") }] }),
};
