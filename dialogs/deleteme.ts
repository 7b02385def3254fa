import { z } from "zod";
import { type Command, defineDialog, type TimerHandler } from "../src/engine/dialog.ts";
import { localeOf } from "./support.ts";

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

const away = z.object({ since: z.number(), eraseAt: z.number(), notice: z.number(), told: z.boolean() });

/**
 * Somebody has been away for a long time: first they are told when everything about them goes, then a job takes care of it. Whoever did
 * anything since stays; whoever said stop is not written to.
 */
export const inactiveTimer: TimerHandler = {
  kind: "reply",
  run(data, _due, ctx) {
    const given = away.parse(data);
    if (ctx.session.seenAt > given.since) return {};
    if (given.told) return { effects: [{ type: "job", name: "inactive", data: { since: given.since } }] };
    // Everybody has the whole time to answer, also where the message comes late.
    const due = Math.max(given.eraseAt, ctx.now + given.notice);
    const format = new Intl.DateTimeFormat(localeOf(ctx.language), {
      timeZone: ctx.person.timeZone,
      dateStyle: "long",
    });
    const text = ctx.t("privacy.inactive", { day: format.format(due) });
    return {
      effects: [{ type: "timer.set", name: "inactive", due, data: { ...given, told: true } }],
      says: ctx.person.stopped
        ? []
        : [{ text, actions: [{ label: ctx.s("privacy.inactive.stay"), command: "menu", primary: true }] }],
    };
  },
};
