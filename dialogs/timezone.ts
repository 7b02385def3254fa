import { z } from "zod";
import { parseZone } from "../src/domain/clock.ts";
import { type Command, type Context, defineDialog } from "../src/engine/dialog.ts";
import { rearm } from "./reminder.ts";
import { localeOf } from "./support.ts";

const state = z.object({ at: z.literal("choose") });
const common = ["Europe/Copenhagen", "Europe/Stockholm", "Europe/Helsinki", "Europe/Sofia"];

/** The time zone of reminders, by city or country; the answer shows what time it is there, so that a mistake is seen. */
export const timezone = defineDialog<Record<string, never>, z.infer<typeof state>>({
  id: "timezone",
  version: 1,
  args: z.object({}),
  state,
  activity: () => "timezone",
  start: () => ({ state: { at: "choose" } }),
  steps: {
    choose: {
      ask: (_now, ctx) => ({
        text: ctx.t("timezone.question", { zone: ctx.person.timeZone, time: timeIn(ctx, ctx.person.timeZone) }),
        choices: common.map((zone) => ({ id: zone, label: zone.slice(zone.indexOf("/") + 1) })),
        free: true,
      }),
      take(_now, answer, ctx) {
        const zone = answer.type === "choice" ? answer.id : parseZone(answer.text);
        return zone === null ? { unclear: true } : { ...changed(zone, ctx), end: true };
      },
    },
  },
});

/** `timezone`, or at once: `timezone Sofia`. */
export const timezoneCommand: Command = {
  takesArgs: true,
  run(given, ctx) {
    const zone = given.trim() === "" ? null : parseZone(given);
    return zone === null ? { start: { dialog: "timezone", args: {} } } : changed(zone, ctx);
  },
};

function changed(zone: string, ctx: Context) {
  return {
    effects: [{ type: "person", changes: { timeZone: zone, timeZoneKnown: true } } as const, ...rearm],
    says: [{ text: ctx.t("timezone.done", { zone, time: timeIn(ctx, zone) }), actions: ctx.here() }],
  };
}

function timeIn(ctx: Context, zone: string): string {
  return new Intl.DateTimeFormat(localeOf(ctx.language), { timeZone: zone, hour: "2-digit", minute: "2-digit" }).format(
    ctx.now,
  );
}
