import { z } from "zod";
import type { Command, TimerHandler } from "../src/engine/dialog.ts";

/** `console`: a link into the coordinators' pages. Whether somebody may is decided where roles are kept. */
export const consoleCommand: Command = {
  run: (_args, ctx) => ({
    effects: [{ type: "job", name: "console", data: {} }],
    says: [{ text: ctx.t("console.chat.wait") }],
  }),
};

const answered = z.union([z.object({ url: z.string(), minutes: z.number() }), z.object({ denied: z.literal(true) })]);

/** The link, or why there is none. */
export const consoleTimer: TimerHandler = {
  kind: "reply",
  run(data, _due, ctx) {
    const found = answered.parse(data);
    if ("denied" in found) return { says: [{ text: ctx.t("console.chat.denied"), actions: ctx.here() }] };
    return {
      says: [
        {
          text: ctx.t("console.chat.link", { minutes: found.minutes }),
          actions: [{ label: ctx.s("console.chat.open"), url: found.url }],
        },
      ],
    };
  },
};

const changed = z.object({
  roles: z.array(z.string()),
  role: z.string(),
  given: z.boolean(),
  /** The organisation's name. */
  organisation: z.string(),
});

/** An administrator gave or took a role: the person hears it, and dialogs see it from this turn on. */
export const rolesTimer: TimerHandler = {
  kind: "reply",
  run(data, _due, ctx) {
    const { roles, role, given, organisation } = changed.parse(data);
    const args = { role: ctx.s(`role.${role}`), organisation };
    return {
      effects: [{ type: "person", changes: { roles } }],
      says: [{ text: ctx.t(given ? "console.chat.given" : "console.chat.taken", args), actions: ctx.here() }],
    };
  },
};
