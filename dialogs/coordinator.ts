import { z } from "zod";
import { type Command, defineDialog, type TimerHandler } from "../src/engine/dialog.ts";
import { join, plainText } from "../src/engine/markup.ts";

const asking = z.object({ at: z.literal("question") });

/** Reaches a human: one message goes to those who are responsible, the answer comes back into this chat. */
export const coordinator = defineDialog<Record<string, never>, z.infer<typeof asking>>({
  id: "coordinator",
  version: 1,
  args: z.object({}),
  state: asking,
  activity: () => "coordinator",
  title: (_args, _now, ctx) => ctx.s("coordinator.title"),
  start: () => ({ state: { at: "question" } }),
  steps: {
    question: {
      ask: (_now, ctx) => ({
        text: join(ctx.t("coordinator.question"), ctx.t("m.no_names"), ctx.t("m.emergency")),
        actions: [{ id: "cancel", label: ctx.s("b.cancel") }],
        free: true,
      }),
      take(_now, answer, ctx) {
        if (answer.type === "choice")
          return { says: [{ text: ctx.t("coordinator.cancelled"), actions: ctx.here() }], end: true };
        return {
          effects: [{ type: "job", name: "ask", data: { text: answer.text, at: ctx.now } }],
          says: [{ text: ctx.t("coordinator.sent"), actions: ctx.here() }],
          end: true,
        };
      },
    },
  },
});

/** `person` is the question's id; buttons of older messages carry the id of the person who asked. */
const to = z.object({ person: z.string(), name: z.string() });
type To = z.infer<typeof to>;
const answering = z.object({ at: z.literal("answer") });

/** A coordinator's answer to one question. */
export const answer = defineDialog<To, z.infer<typeof answering>>({
  id: "answer",
  version: 1,
  args: to,
  state: answering,
  activity: (given) => `answer:${given.person}`,
  title: (given, _now, ctx) => ctx.s("answer.title", given),
  start: () => ({ state: { at: "answer" } }),
  steps: {
    answer: {
      ask: (_now, ctx, given) => ({
        text: ctx.t("answer.question", { name: given.name }),
        actions: [{ id: "cancel", label: ctx.s("b.cancel") }],
        free: true,
      }),
      take(_now, typed, ctx, given) {
        if (typed.type === "choice")
          return { says: [{ text: ctx.t("answer.cancelled"), actions: ctx.here() }], end: true };
        return {
          effects: [{ type: "job", name: "answer", data: { person: given.person, text: typed.text, at: ctx.now } }],
          says: [{ text: ctx.t("answer.sent", { name: given.name }), actions: ctx.here() }],
          end: true,
        };
      },
    },
  },
});

export const coordinatorCommand: Command = { run: () => ({ start: { dialog: "coordinator", args: {} } }) };

/** `answer <question> <name>` stands behind the button of a question; a person's id writes to somebody who has not asked. */
export const answerCommand: Command = {
  takesArgs: true,
  run(given, ctx) {
    const [question = "", ...name] = given.split(" ");
    if (question === "") return { says: [{ text: ctx.t("answer.notyours"), actions: ctx.here() }] };
    return { start: { dialog: "answer", args: { person: question, name: name.join(" ") } } };
  },
};

const asked = z.object({ question: z.string(), name: z.string(), text: z.string(), late: z.boolean().optional() });

/** A learner's question as a coordinator gets it; `late`: nobody below answered it in time. */
export const askedTimer: TimerHandler = {
  kind: "reply",
  run(data, _due, ctx) {
    const { question, name, text, late } = asked.parse(data);
    const shown = name === "" ? ctx.s("coordinator.someone") : name;
    return {
      says: [
        {
          text: join(
            late === true ? ctx.t("inbox.late", { name: shown }) : ctx.t("coordinator.asked", { name: shown }),
            plainText(text),
          ),
          actions: [{ label: ctx.s("b.answer"), command: "answer", args: `${question} ${shown}`, primary: true }],
        },
      ],
    };
  },
};

/** What became of a question: an answer, or nobody there to ask. */
export const answeredTimer: TimerHandler = {
  kind: "reply",
  run(data, _due, ctx) {
    const found = z
      .union([z.object({ text: z.string(), first: z.boolean().optional() }), z.object({ nobody: z.literal(true) })])
      .parse(data);
    if ("nobody" in found) return { says: [{ text: ctx.t("coordinator.nobody"), actions: ctx.here() }] };
    return {
      says: [
        {
          text: join(ctx.t(found.first === true ? "inbox.writes" : "coordinator.answer"), plainText(found.text)),
          actions: [{ label: ctx.s("b.contact"), command: "coordinator" }, ...ctx.here()],
        },
      ],
    };
  },
};

/** What whoever answered must know: somebody was first, or the question is not theirs. */
export const answeredTooTimer: TimerHandler = {
  kind: "reply",
  run(data, _due, ctx) {
    const found = z
      .union([z.object({ refused: z.literal(true) }), z.object({ name: z.string(), text: z.string() })])
      .parse(data);
    if ("refused" in found) return { says: [{ text: ctx.t("inbox.refused"), actions: ctx.here() }] };
    const name = found.name === "" ? ctx.s("inbox.colleague") : found.name;
    return { says: [{ text: join(ctx.t("inbox.too", { name }), plainText(found.text)), actions: ctx.here() }] };
  },
};

const later = z.object({ due: z.number() });

/** Waits for an answer on behalf of somebody who asked; says nothing to them. */
export const escalationTimer: TimerHandler = {
  kind: "reply",
  run(data) {
    const set = later.safeParse(data);
    if (set.success) return { effects: [{ type: "timer.set", name: "escalation", due: set.data.due, data: {} }] };
    return { effects: [{ type: "job", name: "escalate", data: {} }] };
  },
};
