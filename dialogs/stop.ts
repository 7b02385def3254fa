import type { Command } from "../src/engine/dialog.ts";
import { codeOf, useCode } from "./link.ts";
import { rearm } from "./reminder.ts";

/** `stop`: believed at once, in any language. Places and progress stay. */
export const stopCommand: Command = {
  run: (_given, ctx) => ({
    effects: [{ type: "person", changes: { stopped: true } }, ...rearm],
    says: [{ text: ctx.t("stop.done") }],
  }),
};

/** `start`: back after a stop, else where I am. */
export const startCommand: Command = {
  takesArgs: true,
  run(given, ctx) {
    const found = codeOf("start", given);
    const deep = found ? [useCode(found, ctx.now)] : [];
    if (!ctx.person.stopped)
      return {
        effects: deep,
        says: [{ text: ctx.t(found ? "link.wait" : "start.here"), actions: found ? [] : ctx.here() }],
      };
    return {
      effects: [{ type: "person", changes: { stopped: false, pausedUntil: null } }, ...rearm, ...deep],
      says: [{ text: ctx.t("start.again"), actions: ctx.here() }],
    };
  },
};
