import { z } from "zod";
import { appointmentPlaces, mostTimes, parseMoment } from "../src/domain/appointment.ts";
import { type Command, type Context, defineDialog, type Say, type TimerHandler } from "../src/engine/dialog.ts";
import { join, type Markup } from "../src/engine/markup.ts";
import type { Effect } from "../src/engine/session.ts";
import type { Json } from "../src/engine/types.ts";
import { gather, gatherAll, lastPushDay } from "./reminder.ts";
import { localeOf, localTime } from "./support.ts";
import { waitingIn } from "./waiting.ts";

const state = z.discriminatedUnion("at", [
  z.object({ at: z.literal("times"), times: z.array(z.number()) }),
  z.object({ at: z.literal("place"), times: z.array(z.number()) }),
]);
type State = z.infer<typeof state>;
/** Somebody was asked about an assessment before there were other reasons to meet. */
const args = z.preprocess(
  (given) => {
    const old = z.object({ assessment: z.string() }).safeParse(given);
    return old.success ? { kind: "assessment", about: old.data.assessment } : given;
  },
  z.object({ kind: z.string(), about: z.string() }),
);
type Args = z.infer<typeof args>;

/** Somebody proposes up to three times for an appointment, by their own clock. */
export const talk = defineDialog<Args, State>({
  id: "talk",
  version: 1,
  args,
  state,
  activity: ({ about }) => `talk:${about}`,
  start: () => ({ state: { at: "times", times: [] } }),
  steps: {
    times: {
      ask: ({ times }, ctx) => ({
        text: join(
          ctx.t("assess.talk.times", { most: mostTimes }),
          ...times.map((at) => ctx.t("path.line", { text: localTime(ctx, at) })),
        ),
        actions: [
          ...(times.length === 0 ? [] : [{ id: "enough", label: ctx.s("b.done"), primary: true }]),
          { id: "cancel", label: ctx.s("b.cancel") },
        ],
        free: true,
      }),
      take({ times }, answer, ctx) {
        if (answer.type === "choice" && answer.id === "enough") return { state: { at: "place", times } };
        if (answer.type === "choice")
          return { says: [{ text: ctx.t("assess.cancelled"), actions: ctx.here() }], end: true };
        const at = parseMoment(answer.text, ctx.now, ctx.person.timeZone);
        if (at === null) return { unclear: true };
        const all = [...new Set([...times, at])];
        return { state: { at: all.length === mostTimes ? "place" : "times", times: all } };
      },
    },
    place: {
      ask: (_now, ctx) => ({
        text: ctx.t("assess.talk.where"),
        choices: appointmentPlaces.map((id) => ({ id, label: ctx.s(`assess.talk.place.${id}`) })),
      }),
      take({ times }, answer, _ctx, { kind, about }) {
        if (answer.type !== "choice") return { unclear: true };
        return { effects: job({ do: "propose", kind, about, times, place: answer.id }), end: true };
      },
    },
  },
});

const job = (data: Json): readonly Effect[] => [{ type: "job", name: "appointment", data }];

/** `appointment`: one's own appointments; the words after it stand behind buttons. */
export const appointmentCommand: Command = {
  takesArgs: true,
  run(given) {
    const [what = "", id = "", at = ""] = given.trim().split(/\s+/u);
    switch (what) {
      case "pick":
        return { effects: job({ do: "pick", id, at: Number(at) || 0 }) };
      case "again":
        return { start: { dialog: "talk", args: { kind: id, about: at } } };
      case "none":
      case "cancel":
      case "held":
        return { effects: job({ do: what, id }) };
      default:
        return { effects: job({ do: "list" }) };
    }
  },
};

const shown = z.object({
  id: z.string(),
  state: z.enum(["proposed", "moved", "fixed", "cancelled", "held"]),
  proposed: z.array(z.number()),
  startsAt: z.number().nullable(),
  place: z.string(),
  /** Whether this reader is the one who proposed. */
  proposes: z.boolean(),
  kind: z.string(),
  about: z.string(),
  name: z.string(),
  /** The clock of the other one. */
  zone: z.string(),
  /** The address of a file for calendars; empty where nothing was agreed. */
  calendar: z.string(),
});
type Shown = z.infer<typeof shown>;

/** How an appointment stands, for either of the two; a fixed one is remembered before its day, with whatever else is due. */
export const appointmentTimer: TimerHandler = {
  kind: "reply",
  run(data, _due, ctx) {
    const found = z.union([shown, z.object({ refused: z.string() }), z.object({ none: z.literal(true) })]).parse(data);
    if ("none" in found) return { says: [{ text: ctx.t("assess.talk.none"), actions: ctx.here() }] };
    if ("refused" in found) {
      const text = ctx.t("assess.refused", { why: ctx.s(`appointment.no.${found.refused}`) });
      return { says: [{ text, actions: ctx.here() }] };
    }
    return { effects: reminding(ctx, found), says: [page(ctx, found)] };
  },
};

function page(ctx: Context, found: Shown): Say {
  const { id, state: now, startsAt, proposes } = found;
  const name = found.name === "" ? ctx.s("coordinator.someone") : found.name;
  const where = ctx.s(`assess.talk.place.${found.place === "" ? "phone" : found.place}`);
  const time = startsAt === null ? "" : localTime(ctx, startsAt);
  const button = (label: string, args: string, primary = false) => ({ label, command: "appointment", args, primary });
  const cancel = button(ctx.s("b.assess.talk.cancel"), `cancel ${id}`);
  const again = proposes ? [button(ctx.s("b.assess.talk.again"), `again ${found.kind} ${found.about}`)] : [];
  const taken = (label: string) => (found.calendar === "" ? [] : [{ label: ctx.s(label), url: found.calendar }]);
  if (now === "fixed") {
    const isOver = startsAt !== null && startsAt <= ctx.now;
    return {
      text: join(ctx.t("assess.talk.fixed", { name, time, where }), theirTimes(ctx, found, [startsAt ?? ctx.now])),
      actions: [
        ...(proposes && isOver ? [button(ctx.s("b.assess.talk.held"), `held ${id}`, true)] : []),
        ...(isOver ? [] : taken("events.b.calendar")),
        ...again,
        cancel,
        ...ctx.here(),
      ],
    };
  }
  if (now === "cancelled") {
    const text = ctx.t("assess.talk.cancelled", { name });
    return { text, actions: [...taken("appointment.b.update"), ...again, ...ctx.here()] };
  }
  if (now === "held") return { text: ctx.t("assess.talk.held", { name }), actions: ctx.here() };
  const times = found.proposed.map((at) => ctx.t("path.line", { text: localTime(ctx, at) }));
  const off = now === "moved" ? taken("appointment.b.update") : [];
  if (proposes) {
    const text = join(ctx.t("assess.talk.proposed", { name }), ...times, theirTimes(ctx, found, found.proposed));
    return { text, actions: [...off, ...again, cancel, ...ctx.here()] };
  }
  return {
    text: join(ctx.t(now === "moved" ? "assess.talk.moved" : "assess.talk.pick", { name, where }), ...times),
    actions: [
      ...found.proposed.map((at, index) => button(shortTime(ctx, at), `pick ${id} ${at}`, index === 0)),
      button(ctx.s("b.assess.talk.none"), `none ${id}`),
      ...off,
    ],
  };
}

/** The same instants by the other one's clock, where that shows something else. */
function theirTimes(ctx: Context, { name, zone }: Shown, instants: readonly number[]): Markup | undefined {
  const times = instants.map((at) => localTime({ ...ctx, person: { ...ctx.person, timeZone: zone || "UTC" } }, at));
  if (zone === "" || times.join() === instants.map((at) => localTime(ctx, at)).join()) return undefined;
  return ctx.t("appointment.theirs", {
    name: name === "" ? ctx.s("coordinator.someone") : name,
    times: new Intl.ListFormat(localeOf(ctx.language), { type: "unit", style: "long" }).format(times),
  });
}

/** Short enough for a button: 24/03, 14:30. */
function shortTime(ctx: Context, at: number): string {
  return new Intl.DateTimeFormat(localeOf(ctx.language), {
    timeZone: ctx.person.timeZone,
    day: "numeric",
    month: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  }).format(at);
}

/** What was fixed is said again with the last push before its day; what is off is not. */
function reminding(ctx: Context, { id, state: now, startsAt }: Shown): readonly Effect[] {
  const thing = `talk:${id}`;
  const from = now === "fixed" && startsAt !== null ? lastPushDay(ctx, startsAt, 1) : undefined;
  if (from !== undefined && startsAt !== null) {
    const words = { words: "assess.talk.reminder", label: "b.assess.talk", args: { time: localTime(ctx, startsAt) } };
    return gather(ctx, { id: thing, ...words, command: "appointment", commandArgs: "", from, until: startsAt });
  }
  const isRemembered = waitingIn(ctx.session).some((one) => one.id === thing);
  return isRemembered ? gatherAll(ctx, [], [thing]) : [];
}
