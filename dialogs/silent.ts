import { z } from "zod";
import type { TimerHandler } from "../src/engine/dialog.ts";
import { gather } from "./reminder.ts";
import { localeOf } from "./support.ts";

const silent = z.object({ person: z.string(), name: z.string(), since: z.number() });

/**
 * A learner left three reminders unanswered: their coordinator hears of it with the next push, and of several learners in one
 * message. Says nothing itself.
 */
export const silentTimer: TimerHandler = {
  kind: "reminder",
  run(data, _due, ctx) {
    const { person, name, since } = silent.parse(data);
    const shown = name === "" ? ctx.s("coordinator.someone") : name;
    const date = new Intl.DateTimeFormat(localeOf(ctx.language), {
      timeZone: ctx.person.timeZone,
      day: "numeric",
      month: "long",
    }).format(since);
    const thing = {
      id: `silent:${person}`,
      words: "clock.silent",
      label: "clock.write",
      args: { name: shown, date },
      command: "answer",
      commandArgs: `${person} ${shown}`,
    };
    return { effects: gather(ctx, thing) };
  },
};

const country = z.object({ country: z.string() });

/** The country of the person's organisation, for its holidays. */
export const countryTimer: TimerHandler = {
  kind: "reminder",
  run: (data) => ({ effects: [{ type: "session", changes: { country: country.parse(data).country } }] }),
};
