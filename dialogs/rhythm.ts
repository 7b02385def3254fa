import { z } from "zod";
import { quietHours } from "../src/domain/clock.ts";
import { parseTime } from "../src/domain/clock-time.ts";
import { parseDays, weekdays } from "../src/domain/days.ts";
import { type Answer, type Command, type Context, defineDialog, type Move, type Say } from "../src/engine/dialog.ts";
import { join } from "../src/engine/markup.ts";
import type { PersonState } from "../src/engine/session.ts";
import { rearm } from "./reminder.ts";

/** `first`: part of the welcome, which ends with the way to the first lesson. */
const args = z.object({ first: z.boolean() });
type Args = z.infer<typeof args>;
const state = z.discriminatedUnion("at", [
  z.object({ at: z.literal("days") }),
  z.object({ at: z.literal("hour"), days: z.array(z.number().int()), again: z.boolean() }),
]);
type State = z.infer<typeof state>;

const daySets: Readonly<Record<string, readonly number[]>> = {
  weekdays: [1, 2, 3, 4, 5],
  mwf: [1, 3, 5],
  tt: [2, 4],
  weekend: [6, 7],
};
const hours = ["08:00", "12:00", "16:00", "19:00"];

/** Days and hour of reminders, "or only when I ask". */
export const rhythm = defineDialog<Args, State>({
  id: "rhythm",
  version: 1,
  args,
  state,
  activity: () => "rhythm",
  start: () => ({ state: { at: "days" } }),
  steps: {
    days: {
      ask: (_now, ctx) => ({
        text: ctx.t("rhythm.days"),
        choices: [
          { id: "weekdays", label: ctx.s("rhythm.weekdays") },
          { id: "mwf", label: weekdays(ctx.language, [1, 3, 5]) },
          { id: "tt", label: weekdays(ctx.language, [2, 4]) },
          { id: "weekend", label: weekdays(ctx.language, [6, 7]) },
          { id: "never", label: ctx.s("rhythm.never") },
        ],
        free: true,
      }),
      take(_now, answer, ctx, given) {
        // "Tue" is the beginning of "Tue, Thu" and still one day.
        const typed = answer.type === "text" ? answer.text : (answer.typed ?? "");
        const named = parseDays(typed);
        if (answer.type === "choice" && answer.id === "never") return done(null, ctx, given);
        const days = answer.type === "text" || named.length === 1 ? named : daySets[answer.id];
        return days && days.length > 0 ? { state: { at: "hour", days: [...days], again: false } } : { unclear: true };
      },
    },
    hour: {
      ask: (now, ctx) => ({
        text: join(
          now.again ? ctx.t("rhythm.quiet", { ...quietHours }) : undefined,
          ctx.t("rhythm.hour", { zone: ctx.person.timeZone }),
        ),
        choices: hours.map((hour) => ({ id: hour, label: hour })),
        free: true,
      }),
      take: takeHour,
    },
  },
});

function takeHour(now: Extract<State, { at: "hour" }>, answer: Answer, ctx: Context, given: Args): Move<State> {
  const time = answer.type === "choice" ? answer.id : parseTime(answer.text);
  if (time === null) return { unclear: true };
  if (time < quietHours.to || time >= quietHours.from) return { state: { ...now, again: true } };
  return done({ days: now.days, time }, ctx, given);
}

function done(chosen: PersonState["rhythm"], ctx: Context, given: Args): Move<State> {
  const text = chosen
    ? ctx.t("rhythm.done", { days: weekdays(ctx.language, chosen.days), time: chosen.time, zone: ctx.person.timeZone })
    : ctx.t("rhythm.done.never");
  const ready: Say = {
    text: given.first ? join(text, ctx.t("welcome.ready")) : text,
    actions: given.first
      ? [
          { label: ctx.s("b.firstlesson"), command: "next", primary: true },
          { label: ctx.s("b.menu"), command: "menu" },
        ]
      : ctx.here(),
  };
  return { effects: [{ type: "person", changes: { rhythm: chosen } }, ...rearm], says: [ready], end: true };
}

export const rhythmCommand: Command = { run: () => ({ start: { dialog: "rhythm", args: { first: false } } }) };
