import { z } from "zod";
import { topics } from "../src/domain/topics.ts";
import { type Command, type Context, defineDialog, type TimerHandler } from "../src/engine/dialog.ts";
import { join, type Markup, plainText } from "../src/engine/markup.ts";
import type { Effect } from "../src/engine/session.ts";
import { nextCommand } from "./menu.ts";

const ask = (data: { readonly [key: string]: string | null }): Effect => ({ type: "job", name: "broadcast", data });

const cohorts = z.object({ cohorts: z.array(z.object({ id: z.string(), name: z.string() })) });
type Cohorts = z.infer<typeof cohorts>;
const writing = z.discriminatedUnion("at", [
  z.object({ at: z.literal("cohort") }),
  z.object({ at: z.literal("text"), cohort: z.string().nullable() }),
]);

/** A coordinator writes to a cohort: first to whom, then what. */
export const broadcast = defineDialog<Cohorts, z.infer<typeof writing>>({
  id: "broadcast",
  version: 1,
  args: cohorts,
  state: writing,
  activity: () => "broadcast",
  title: (_args, _state, ctx) => ctx.s("broadcast.title"),
  start: () => ({ state: { at: "cohort" } }),
  steps: {
    cohort: {
      ask: (_state, ctx, args) => ({
        text: ctx.t("broadcast.which"),
        choices: [
          ...args.cohorts.map(({ id, name }) => ({ id: `c:${id}`, label: name })),
          { id: "everybody", label: ctx.s("broadcast.everybody") },
        ],
        actions: [{ id: "cancel", label: ctx.s("b.cancel") }],
      }),
      take(_state, answer, ctx) {
        if (answer.type !== "choice") return { unclear: true };
        if (answer.id === "cancel") return stopped(ctx);
        const cohort = answer.id === "everybody" ? null : answer.id.slice(2);
        return { settled: plainText(answer.label), state: { at: "text", cohort } };
      },
    },
    text: {
      ask: (_state, ctx) => ({
        text: ctx.t("broadcast.text"),
        actions: [{ id: "cancel", label: ctx.s("b.cancel") }],
        free: true,
      }),
      take(state, answer, ctx) {
        if (answer.type === "choice") return stopped(ctx);
        return {
          effects: [ask({ do: "write", cohort: state.cohort, text: answer.text })],
          says: [{ text: ctx.t("broadcast.checking") }],
          end: true,
        };
      },
    },
  },
});

const preview = z.object({ id: z.string(), people: z.number(), skipped: z.number(), text: z.string() });
type Preview = z.infer<typeof preview>;
const confirming = z.object({ at: z.literal("confirm") });

/** The preview with its numbers, and the question whether it may leave. */
export const broadcastSend = defineDialog<Preview, z.infer<typeof confirming>>({
  id: "broadcastsend",
  version: 1,
  args: preview,
  state: confirming,
  activity: (args) => `broadcast:${args.id}`,
  title: (_args, _state, ctx) => ctx.s("broadcast.title"),
  start: () => ({ state: { at: "confirm" } }),
  steps: {
    confirm: {
      ask: (_state, ctx, args) => ({
        text: join(
          ctx.t("broadcast.preview"),
          plainText(args.text),
          ctx.t("broadcast.people", { people: args.people, skipped: args.skipped }),
        ),
        actions: [
          { id: "send", label: ctx.s("broadcast.send"), primary: true },
          { id: "cancel", label: ctx.s("broadcast.dont") },
        ],
      }),
      take(_state, answer, ctx, args) {
        if (answer.type !== "choice") return { unclear: true };
        if (answer.id === "cancel") return stopped(ctx);
        return { effects: [ask({ do: "send", id: args.id })], end: true };
      },
    },
  },
});

const about = z.object({ broadcast: z.string() });
const replying = z.object({ at: z.literal("answer") });

/** An answer in one's own words to a broadcast: it reaches those who are responsible, and their answer comes back into this chat. */
export const broadcastReply = defineDialog<z.infer<typeof about>, z.infer<typeof replying>>({
  id: "broadcastreply",
  version: 1,
  args: about,
  state: replying,
  activity: ({ broadcast }) => `broadcastreply:${broadcast}`,
  title: (_args, _state, ctx) => ctx.s("broadcast.reply.title"),
  start: () => ({ state: { at: "answer" } }),
  steps: {
    answer: {
      ask: (_state, ctx) => ({
        text: join(ctx.t("broadcast.reply.ask"), ctx.t("m.no_names"), ctx.t("m.emergency")),
        actions: [{ id: "cancel", label: ctx.s("b.cancel") }],
        free: true,
      }),
      take(_state, answer, ctx, { broadcast }) {
        if (answer.type === "choice") return stopped(ctx);
        return {
          effects: [{ type: "job", name: "ask", data: { text: answer.text, at: ctx.now, broadcast } }],
          says: [{ text: ctx.t("coordinator.sent"), actions: ctx.here() }],
          end: true,
        };
      },
    },
  },
});

function stopped(ctx: Context) {
  return { says: [{ text: ctx.t("broadcast.stopped"), actions: ctx.here() }], end: true } as const;
}

/** `broadcast`: a message to many, for those who may. `broadcast undo <id>` stands behind the button of the ten seconds. */
export const broadcastCommand: Command = {
  takesArgs: true,
  run(given) {
    const [verb, id] = given.split(" ");
    return { effects: [verb === "undo" && id !== undefined ? ask({ do: "undo", id }) : ask({ do: "open" })] };
  },
};

/** `noted <broadcast> <what>` stands behind the buttons under a broadcast. */
export const notedCommand: Command = {
  run(given, ctx) {
    const [id = "", what = ""] = given.split(" ");
    const effect: Effect = { type: "job", name: "noted", data: { broadcast: id, what } };
    if (what === "reply") {
      return { effects: [effect], start: { dialog: "broadcastreply", args: { broadcast: id } } };
    }
    if (what !== "next") return { effects: [effect] };
    const next = nextCommand.run("", ctx);
    return { ...next, effects: [...(next.effects ?? []), effect] };
  },
};

const shown = z.discriminatedUnion("show", [
  cohorts.extend({ show: z.literal("cohorts") }),
  preview.extend({ show: z.literal("preview") }),
  z.object({
    show: z.literal("problems"),
    problems: z.array(z.object({ code: z.string(), args: z.record(z.string(), z.union([z.string(), z.number()])) })),
  }),
  z.object({ show: z.literal("sent"), id: z.string() }),
  z.object({ show: z.literal("undone"), done: z.boolean() }),
  z.object({ show: z.literal("notyours") }),
  z.object({
    show: z.literal("pressed"),
    result: z.enum(["acknowledged", "answered", "already", "none"]),
    label: z.string(),
  }),
]);

/** What became of something asked of broadcasts. */
export const broadcastTimer: TimerHandler = {
  kind: "reply",
  run(data, _due, ctx) {
    const found = shown.parse(data);
    const say = (...text: readonly Markup[]) => ({ says: [{ text: join(...text), actions: ctx.here() }] });
    switch (found.show) {
      case "cohorts":
        return { start: { dialog: "broadcast", args: { cohorts: found.cohorts } } };
      case "preview": {
        const { show: _, ...args } = found;
        return { start: { dialog: "broadcastsend", args } };
      }
      case "problems":
        return {
          says: [
            {
              text: join(...found.problems.map(({ code, args }) => ctx.t(`broadcast.problem.${code}`, args))),
              actions: [{ label: ctx.s("broadcast.again"), command: "broadcast" }, ...ctx.here()],
            },
          ],
        };
      case "sent":
        return {
          says: [
            {
              text: ctx.t("broadcast.sent"),
              actions: [{ label: ctx.s("broadcast.undo"), command: "broadcast", args: `undo ${found.id}` }],
            },
          ],
        };
      case "undone":
        return say(ctx.t(found.done ? "broadcast.undone" : "broadcast.toolate"));
      case "notyours":
        return say(ctx.t("broadcast.notyours"));
      case "pressed":
        return say(ctx.t(`broadcast.pressed.${found.result}`, { answer: found.label }));
    }
  },
};

/** `subscribe`: the topics there are. `subscribe <topic>`: hears about one. */
export const subscribeCommand: Command = {
  takesArgs: true,
  run(given, ctx) {
    const topic = topics.find((one) => one === given.trim().toLowerCase());
    if (topic === undefined) {
      return {
        says: [
          {
            text: ctx.t("broadcast.topics"),
            actions: [
              ...topics.map((one) => ({ label: ctx.s(`broadcast.topic.${one}`), command: "subscribe", args: one })),
              ...ctx.here(),
            ],
          },
        ],
      };
    }
    return {
      effects: [{ type: "job", name: "topic", data: { topic, on: true } }],
      says: [
        {
          text: join(
            ctx.t("broadcast.subscribed", { topic: ctx.s(`broadcast.topic.${topic}`) }),
            ctx.t(`broadcast.leave.${topic}`),
          ),
          actions: ctx.here(),
        },
      ],
    };
  },
};

/** One word that leaves a topic, whether or not somebody was in it. */
export function leaveCommand(topic: (typeof topics)[number]): Command {
  return {
    run: (_given, ctx) => ({
      effects: [{ type: "job", name: "topic", data: { topic, on: false } }],
      says: [{ text: ctx.t("broadcast.left", { topic: ctx.s(`broadcast.topic.${topic}`) }), actions: ctx.here() }],
    }),
  };
}
