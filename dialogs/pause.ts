import { z } from "zod";
import { parseDate } from "../src/domain/clock-date.ts";
import { dayMs } from "../src/domain/durations.ts";
import { type Command, type CommandResult, type Context, defineDialog } from "../src/engine/dialog.ts";
import { rearm } from "./reminder.ts";
import { localeOf } from "./support.ts";

const state = z.object({ at: z.literal("until") });
const day = dayMs;

/** Pause until a date: it ends by itself. */
export const pause = defineDialog<Record<string, never>, z.infer<typeof state>>({
  id: "pause",
  version: 1,
  args: z.object({}),
  state,
  activity: () => "pause",
  start: () => ({ state: { at: "until" } }),
  steps: {
    until: {
      ask: (_now, ctx) => ({
        text: ctx.t("pause.question"),
        choices: [7, 14, 28].map((days) => ({ id: String(days), label: ctx.s("pause.weeks", { n: days / 7 }) })),
        free: true,
      }),
      take(_now, answer, ctx) {
        const until =
          answer.type === "choice"
            ? parseDate(
                new Date(ctx.now + Number(answer.id) * day).toISOString().slice(0, 10),
                ctx.now,
                ctx.person.timeZone,
              )
            : parseDate(answer.text, ctx.now, ctx.person.timeZone);
        return until === null ? { unclear: true } : { ...pausedUntil(until, ctx), end: true };
      },
    },
  },
});

/** `pause`, or at once: `pause 2 weeks`, `pause 24.12.`. */
export const pauseCommand: Command = {
  takesArgs: true,
  run(given, ctx) {
    const until = given.trim() === "" ? null : parseDate(given, ctx.now, ctx.person.timeZone);
    return until === null ? { start: { dialog: "pause", args: {} } } : pausedUntil(until, ctx);
  },
};

function pausedUntil(until: number, ctx: Context): Pick<CommandResult, "effects" | "says"> {
  const date = new Intl.DateTimeFormat(localeOf(ctx.language), {
    timeZone: ctx.person.timeZone,
    dateStyle: "long",
  }).format(until);
  return {
    effects: [{ type: "person", changes: { pausedUntil: until } }, ...rearm],
    says: [
      {
        text: ctx.t("pause.done", { date }),
        actions: [
          { label: ctx.s("b.resume"), command: "resume" },
          { label: ctx.s("b.menu"), command: "menu" },
        ],
      },
    ],
  };
}

/** `resume`: reminders come again, and the next step is offered. */
export const resumeCommand: Command = {
  run: (_given, ctx) => ({
    effects: [{ type: "person", changes: { pausedUntil: null, stopped: false } }, ...rearm],
    says: [{ text: ctx.t(ctx.person.rhythm ? "resume.done" : "resume.done.never"), actions: ctx.here() }],
  }),
};
