import { z } from "zod";
import type { TrainingDay } from "../src/domain/training-day.ts";
import type { Context, TimerHandler } from "../src/engine/dialog.ts";
import type { Effect } from "../src/engine/session.ts";
import { dayArgs, dayButtons, dayFacts } from "./days-facts.ts";
import { gather } from "./reminder.ts";
import { localTime, pinned, record } from "./support.ts";

/** What is recorded of a day that somebody was at. */
const entry = z.object({
  n: z.number(),
  unit: z.string().nullable(),
  kind: z.string(),
  /** That count, of all that could. */
  minutes: z.number(),
  of: z.number(),
  late: z.boolean(),
  /** At the place of the session. */
  day: z.string(),
});

const noted = z.object({ day: dayFacts, entry });

/** Somebody else noted or corrected who was there: the record keeps it, and what counts less than the whole is said with the next push. */
export const attendedTimer: TimerHandler = {
  kind: "reminder",
  run(data, _due, ctx) {
    const { day, entry: found } = noted.parse(data);
    const said = day.seat.attendance;
    const counts = found.minutes === found.of;
    const line = {
      id: `event:${day.id}:noted`,
      words: `events.noted.${said === "partial" || said === "excused" ? said : "absent"}`,
      label: "events.b.show",
      args: { ...dayArgs(ctx, day), minutes: found.minutes, of: found.of },
      command: "days",
      commandArgs: day.id,
    };
    return { effects: [attended(ctx, day, found), ...(counts ? [] : gather(ctx, line))] };
  },
};

const taken = z.union([
  z.object({ result: z.enum(["ok", "late"]), day: dayFacts, entry }),
  z.object({ result: z.enum(["already", "asking", "over", "stale", "other", "cancelled"]), day: dayFacts }),
  z.object({ result: z.literal("early"), day: dayFacts, opensAt: z.number() }),
  z.object({ result: z.enum(["wrong", "often", "form"]) }),
]);

/** What became of a check-in code. */
export const checkedInTimer: TimerHandler = {
  kind: "reply",
  run(data, _due, ctx) {
    const found = taken.parse(data);
    if (!("day" in found)) return { says: [{ text: ctx.t(`events.here.${found.result}`), actions: ctx.here() }] };
    const { day, result } = found;
    const opens = "opensAt" in found ? localTime(ctx, found.opensAt) : "";
    const text = ctx.t(`events.here.${result}`, { ...dayArgs(ctx, day), opens });
    const noted = result === "ok" || result === "late";
    const night = noted && day.overnight && day.seat.overnight === null ? dayButtons(ctx, day) : ctx.here();
    return {
      says: [{ text, actions: night }],
      effects: "entry" in found ? [attended(ctx, day, found.entry)] : [],
    };
  },
};

function attended(ctx: Context, day: TrainingDay, found: z.infer<typeof entry>): Effect {
  const { n, unit, kind, minutes, of, late } = found;
  return record(
    ctx,
    { ...pinned(ctx, day.programme, day.version), version: day.version },
    {
      type: "attended",
      key: `attended:${day.id}:${n}`,
      // Two notes may come out of order: the higher number counts.
      data: { event: day.id, n, template: day.template, unit, kind, minutes, of, late, day: found.day },
    },
  );
}
