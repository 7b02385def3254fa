import { z } from "zod";
import { hoursText, titleOf } from "../src/domain/missing.ts";
import type { TimerHandler } from "../src/engine/dialog.ts";
import type { Json } from "../src/engine/types.ts";
import { sayingTo } from "./standing.ts";
import { dayText, ownProgress, pinned, record } from "./support.ts";

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/u);
const booked = { id: z.string(), kind: z.string(), unit: z.string().nullable(), minutes: z.number().int(), day };

/** Something that somebody responsible wrote into a person's record. */
const credit = z.intersection(
  z.object({ programme: z.string(), version: z.string(), by: z.string() }),
  z.discriminatedUnion("type", [
    z.object({ type: z.literal("hours"), why: z.string(), ...booked }),
    /** Takes a booking back; it says again what was booked, since the record only grows. */
    z.object({ type: z.literal("hours.undone"), ...booked }),
    z.object({ type: z.literal("checked"), id: z.string(), check: z.string(), day }),
    z.object({ type: z.literal("consultation"), id: z.string(), day, minutes: z.number().int() }),
  ]),
);

/** Writes it down and says so, so that nobody finds a number that they never heard of. */
export const creditedTimer: TimerHandler = {
  kind: "reply",
  run(data, _due, ctx) {
    const found = credit.parse(data);
    const programme = pinned(ctx, found.programme, found.version);
    const actions = [{ label: ctx.s("b.path.hours"), command: "hours" }, ...ctx.here()];
    const keep = (key: string, entry: Json) => [record(ctx, programme, { type: found.type, key, data: entry })];
    const { by } = found;
    switch (found.type) {
      case "hours":
      case "hours.undone": {
        const { type, id, kind, unit, minutes } = found;
        // What was taken back before is not taken back again: the key is the booking's.
        const text = ctx.t(type === "hours" ? "credited.hours" : "credited.undone", {
          hours: hoursText(ctx, programme, minutes),
          kind: titleOf(sayingTo(ctx), programme, programme.hours?.kinds, kind),
        });
        const why = type === "hours" ? { why: found.why } : {};
        return {
          effects: keep(`${type}:${id}`, { id, kind, unit, minutes, day: found.day, by, ...why }),
          says: [{ text, actions }],
        };
      }
      case "checked": {
        const title = titleOf(sayingTo(ctx), programme, programme.certification?.checks, found.check);
        if (ownProgress(ctx, programme).facts?.checks?.[found.check] === found.day) return {};
        const entry = { check: found.check, day: found.day, by };
        const path = [{ label: ctx.s("b.path"), command: "path" }, ...ctx.here()];
        return {
          effects: keep(`checked:${found.id}`, entry),
          says: [{ text: ctx.t("credited.check", { title }), actions: path }],
        };
      }
      case "consultation": {
        const { id, minutes } = found;
        return {
          effects: keep(`consultation:${id}`, { id, day: found.day, minutes, by }),
          says: [{ text: ctx.t("credited.consultation", { day: dayText(ctx, found.day) }), actions: ctx.here() }],
        };
      }
    }
  },
};
