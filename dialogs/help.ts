import { weekdays } from "../src/domain/days.ts";
import type { Command } from "../src/engine/dialog.ts";
import { join } from "../src/engine/markup.ts";
import { catalogue } from "./support.ts";

/** `help`: what can be typed, and the way to a human; `help settings`: language, clock, rhythm, another platform. */
export const helpCommand: Command = {
  takesArgs: true,
  run(given, ctx) {
    if (given.trim() === "settings") {
      const { person } = ctx;
      const rhythm = person.rhythm
        ? ctx.s("settings.rhythm", { days: weekdays(ctx.language, person.rhythm.days), time: person.rhythm.time })
        : ctx.s("settings.never");
      return {
        says: [
          {
            text: ctx.t("settings.text", {
              rhythm,
              zone: person.timeZone,
              language: ctx.s(`language.${ctx.language}`),
            }),
            actions: [
              { label: ctx.s("b.rhythm"), command: "rhythm" },
              { label: ctx.s("b.language"), command: "language" },
              ...(catalogue(ctx).programmes.length > 1 ? [{ label: ctx.s("b.programme"), command: "programme" }] : []),
              { label: ctx.s("b.timezone"), command: "timezone" },
              { label: ctx.s("b.pause"), command: "pause" },
              { label: ctx.s("b.link"), command: "link" },
              { label: ctx.s("b.stop"), command: "stop" },
            ],
          },
        ],
      };
    }
    const lines = ctx.words
      .commands(ctx.language)
      .map((one) => ctx.t("help.line", { name: one.alias, description: one.description }));
    return {
      says: [
        {
          text: join(ctx.t("help.text"), ...lines, ctx.t("help.human")),
          actions: [
            ...ctx.here(),
            { label: ctx.s("b.contact"), command: "coordinator" },
            { label: ctx.s("b.settings"), command: "help", args: "settings" },
          ],
        },
      ],
    };
  },
};
