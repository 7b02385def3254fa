import { z } from "zod";
import { mostTimes, parseMoment, talkPlaces } from "../src/domain/appointment.ts";
import { type Command, type Context, defineDialog, type Say, type TimerHandler } from "../src/engine/dialog.ts";
import { join } from "../src/engine/markup.ts";
import type { Effect } from "../src/engine/session.ts";
import type { Json } from "../src/engine/types.ts";
import { gather } from "./reminder.ts";
import { localeOf, localTime } from "./support.ts";
import { waitingIn } from "./waiting.ts";

const dayMs = 86_400_000;

const state = z.discriminatedUnion("at", [
  z.object({ at: z.literal("times"), times: z.array(z.number()) }),
  z.object({ at: z.literal("place"), times: z.array(z.number()) }),
]);
type State = z.infer<typeof state>;
const args = z.object({ assessment: z.string(), person: z.string() });
type Args = z.infer<typeof args>;

/** An assessor proposes up to three times for a talk, by their own clock. */
export const talk = defineDialog<Args, State>({
  id: "talk",
  version: 1,
  args,
  state,
  activity: ({ assessment }) => `talk:${assessment}`,
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
        choices: talkPlaces.map((id) => ({ id, label: ctx.s(`assess.talk.place.${id}`) })),
      }),
      take({ times }, answer, _ctx, { assessment }) {
        if (answer.type !== "choice") return { unclear: true };
        return { effects: job({ do: "propose", id: assessment, times, place: answer.id }), end: true };
      },
    },
  },
});

const job = (data: Json): readonly Effect[] => [{ type: "job", name: "appointment", data }];

/** `appointment`: one's own talks; the words after it stand behind buttons. */
export const appointmentCommand: Command = {
  takesArgs: true,
  run(given) {
    const [what = "", id = "", at = ""] = given.trim().split(/\s+/u);
    switch (what) {
      case "pick":
        return { effects: job({ do: "pick", id, at: Number(at) || 0 }) };
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
  assessment: z.string(),
  person: z.string(),
  name: z.string(),
});
type Shown = z.infer<typeof shown>;

/** How a talk stands, for either of the two; a fixed one is remembered the day before, with whatever else is due. */
export const appointmentTimer: TimerHandler = {
  kind: "reply",
  run(data, _due, ctx) {
    const found = z.union([shown, z.object({ refused: z.string() }), z.object({ none: z.literal(true) })]).parse(data);
    if ("none" in found) return { says: [{ text: ctx.t("assess.talk.none"), actions: ctx.here() }] };
    if ("refused" in found) {
      const text = ctx.t("assess.refused", { why: ctx.s(`assess.no.${found.refused}`) });
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
  const button = (label: string, command: string, primary = false) => ({
    label,
    command: "appointment",
    args: `${command} ${id}`,
    primary,
  });
  const cancel = button(ctx.s("b.assess.talk.cancel"), "cancel");
  const again = {
    label: ctx.s("b.assess.talk.again"),
    command: "queue",
    args: `talk ${found.assessment} ${found.person}`,
  };
  if (now === "fixed") {
    const isOver = startsAt !== null && startsAt <= ctx.now;
    return {
      text: ctx.t("assess.talk.fixed", { name, time, where }),
      actions: [
        ...(proposes && isOver ? [button(ctx.s("b.assess.talk.held"), "held", true)] : []),
        ...(proposes ? [again] : []),
        cancel,
        ...ctx.here(),
      ],
    };
  }
  if (now === "cancelled")
    return { text: ctx.t("assess.talk.cancelled", { name }), actions: [...(proposes ? [again] : []), ...ctx.here()] };
  if (now === "held") return { text: ctx.t("assess.talk.held", { name }), actions: ctx.here() };
  if (proposes) return { text: ctx.t("assess.talk.proposed", { name }), actions: [again, cancel, ...ctx.here()] };
  return {
    text: join(
      ctx.t(now === "moved" ? "assess.talk.moved" : "assess.talk.pick", { name, where }),
      ...found.proposed.map((at) => ctx.t("path.line", { text: localTime(ctx, at) })),
    ),
    actions: [
      ...found.proposed.map((at, index) => ({
        label: shortTime(ctx, at),
        command: "appointment",
        args: `pick ${id} ${at}`,
        primary: index === 0,
      })),
      button(ctx.s("b.assess.talk.none"), "none"),
    ],
  };
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

/** What was fixed is said again with the push of the day before; what is off is not. */
function reminding(ctx: Context, { id, state: now, startsAt }: Shown): readonly Effect[] {
  const thing = `talk:${id}`;
  if (now === "fixed" && startsAt !== null && startsAt > ctx.now) {
    const from = startsAt - dayMs;
    const reminder = {
      words: "assess.talk.reminder",
      label: "b.assess.talk",
      args: { time: localTime(ctx, startsAt) },
    };
    return gather(ctx, { id: thing, ...reminder, command: "appointment", commandArgs: "", from });
  }
  const waiting = waitingIn(ctx.session);
  const kept = waiting.filter((one) => one.id !== thing);
  return kept.length === waiting.length ? [] : [{ type: "session", changes: { waiting: kept } }];
}
