import { z } from "zod";
import type { TrainingDay } from "../src/domain/training-day.ts";
import type { Command, CommandResult, Context, TimerHandler } from "../src/engine/dialog.ts";
import { join } from "../src/engine/markup.ts";
import type { Effect } from "../src/engine/session.ts";
import { dayArgs, dayButtons, dayFacts, dayLine } from "./days-facts.ts";
import { useCode } from "./link.ts";
import { gatherAll, lastPushDay } from "./reminder.ts";
import { localTime } from "./support.ts";
import type { Waiting } from "./waiting.ts";

/** `days`: my training days. Behind its buttons: one of them, an answer to it, where I sleep, my calendar. */
export const daysCommand: Command = {
  takesArgs: true,
  run(given) {
    const [event = "", what = ""] = given.trim().split(/\s+/u);
    const data = event === "" ? {} : { event, ...(what === "" ? {} : { what }) };
    return { effects: [{ type: "job", name: "days", data }] };
  },
};

/** `here K7M2QX`: I am there. */
export const hereCommand: Command = {
  takesArgs: true,
  run(given, ctx) {
    const code = given.replace(/\s+/gu, "");
    if (code === "") return { says: [{ text: ctx.t("events.here.ask"), actions: ctx.here() }] };
    return { effects: [useCode({ kind: "here", code }, ctx.now)] };
  },
};

const shown = z.union([
  z.object({ list: z.array(dayFacts), calendar: z.string() }),
  z.object({ feed: z.enum(["made", "gone"]), calendar: z.string() }),
  z.object({ missing: z.literal(true) }),
  z.object({ day: dayFacts, said: z.enum(["coming", "declined", "waiting", "late", "night", "home"]).optional() }),
]);

/** What `days` was asked for. */
export const daysTimer: TimerHandler = {
  kind: "reply",
  run(data, _due, ctx) {
    const found = shown.parse(data);
    if ("missing" in found) return { says: [{ text: ctx.t("events.missing"), actions: ctx.here() }] };
    if ("feed" in found) return feed(ctx, found);
    if ("list" in found) return list(ctx, found);
    const { day, said } = found;
    const effects = said === undefined ? [] : remembered(ctx, day);
    const text = said === undefined ? undefined : ctx.t(`events.said.${said}`);
    return { says: [{ text: join(text, dayLine(ctx, day)), actions: dayButtons(ctx, day) }], effects };
  },
};

function feed(ctx: Context, found: { readonly feed: "made" | "gone"; readonly calendar: string }): CommandResult {
  const stop = { label: ctx.s("events.b.unfeed"), command: "days", args: "calendar off" };
  if (found.feed === "gone") return { says: [{ text: ctx.t("events.feed.gone"), actions: ctx.here() }] };
  const open = { label: ctx.s("events.b.feed"), url: `${found.calendar}.ics` };
  return { says: [{ text: ctx.t("events.feed.made"), actions: [open, stop] }] };
}

/** Days as one list; each that can be answered has a button. */
function list(ctx: Context, { list: days }: { readonly list: readonly TrainingDay[] }): CommandResult {
  if (days.length === 0) return { says: [{ text: ctx.t("events.none"), actions: ctx.here() }] };
  const items = days.map((day) =>
    dayLine(ctx, day).flatMap((block) => (block.type === "paragraph" ? block.children : [])),
  );
  const open = days.filter(({ startsAt, state }) => state === "planned" && startsAt > ctx.now);
  const buttons = open.slice(0, 4).map((day) => ({
    label: short(dayArgs(ctx, day).title),
    command: "days",
    args: day.id,
  }));
  const calendar = { label: ctx.s("events.b.feed"), command: "days", args: "calendar" };
  return {
    says: [
      {
        text: [...ctx.t("events.list"), { type: "list", ordered: false, items }],
        actions: [...buttons, ...(open.length === 0 ? ctx.here() : [calendar])],
      },
    ],
  };
}

/** A label of a button. */
function short(title: string): string {
  const letters = [...title];
  return letters.length <= 20 ? title : `${letters.slice(0, 19).join("").trimEnd()}…`;
}

const news = z.object({
  what: z.enum(["planned", "moved", "cancelled", "offered", "passed", "in", "out", "makeup"]),
  day: dayFacts,
});

/** What the person must know at once: a day was moved or cancelled, a place is kept for them, somebody decided. */
export const dayTimer: TimerHandler = {
  kind: "reply",
  run(data, _due, ctx) {
    const { what, day } = news.parse(data);
    const until = day.seat.offeredUntil;
    const args = { ...dayArgs(ctx, day), reason: day.reason, until: localTime(ctx, until ?? day.startsAt) };
    const reasoned = what === "cancelled" && day.reason !== "" ? "cancelled.reason" : what;
    return {
      says: [{ text: ctx.t(`events.news.${reasoned}`, args), actions: dayButtons(ctx, day) }],
      effects: remembered(ctx, day),
    };
  },
};

/** A day was planned: it waits for the next push, and the reminders before it as well. One that is near is told at once by `dayTimer`. */
export const daySoonTimer: TimerHandler = {
  kind: "reminder",
  run(data, _due, ctx) {
    const { what, day } = news.parse(data);
    const told = { ...thing(ctx, day, "told", `events.gathered.${what}`), until: day.startsAt };
    return { effects: gatherAll(ctx, [told, ...reminders(ctx, day)], idsOf(day)) };
  },
};

/** The reminders that fit what is known now, in place of those that were set before. */
function remembered(ctx: Context, day: TrainingDay): readonly Effect[] {
  return gatherAll(ctx, reminders(ctx, day), idsOf(day));
}

/** On the last push before the days that are asked for; two that fall on one push are one. */
function reminders(ctx: Context, day: TrainingDay): readonly Waiting[] {
  const { state } = day.seat;
  const isOn = state === "invited" || state === "coming" || state === "walk-in";
  if (day.state !== "planned" || !isOn) return [];
  const words = state === "invited" ? "events.remind.invited" : "events.remind.coming";
  const starts = new Map(
    day.reminders.map((days): [number | undefined, number] => [lastPushDay(ctx, day.startsAt, days), days]),
  );
  return [...starts].flatMap(([from, days]) =>
    from === undefined ? [] : [{ ...thing(ctx, day, String(days), words), from, until: day.startsAt }],
  );
}

function thing(ctx: Context, day: TrainingDay, name: string, words: string): Waiting {
  const label = day.seat.state === "invited" ? "events.b.answer" : "events.b.show";
  return { id: `event:${day.id}:${name}`, words, label, args: dayArgs(ctx, day), command: "days", commandArgs: day.id };
}

/** What may wait of a day. */
function idsOf(day: TrainingDay): readonly string[] {
  return ["told", ...day.reminders.map(String)].map((name) => `event:${day.id}:${name}`);
}
