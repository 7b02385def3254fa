import { z } from "zod";
import type { Command, CommandResult, Context, Say, TimerHandler } from "../src/engine/dialog.ts";
import { join, type Markup, plainText } from "../src/engine/markup.ts";
import type { Effect } from "../src/engine/session.ts";
import { type Form, formSchema, job, kinds, listOf, places, titlesOf } from "./evidence-form.ts";
import { catalogue, localDate } from "./support.ts";

type Action = NonNullable<Say["actions"]>[number];

/** `evidence`: what there is of it; behind its buttons: `evidence new`, `evidence prior`, `evidence show <id>` and the like. */
export const evidenceCommand: Command = {
  takesArgs: true,
  run(given, ctx) {
    const [op = "", id = "", sure] = given.trim().split(/\s+/u);
    if (op === "new" || op === "prior") return { start: { dialog: "evidence", args: { prior: op === "prior" } } };
    if (id === "") return { effects: [job({ op: "list" })], says: [{ text: ctx.t("evidence.wait") }] };
    if (op === "withdraw" && sure !== "yes") {
      const yes = button(ctx, "withdraw", id, "yes");
      return { says: [{ text: ctx.t("evidence.withdraw.sure"), actions: [yes, button(ctx, "show", id)] }] };
    }
    const work = working(op, id);
    if (work === undefined) return { effects: [job({ op: "list" })], says: [{ text: ctx.t("evidence.wait") }] };
    return { effects: [work], says: [{ text: ctx.t("evidence.wait") }] };
  },
};

function working(op: string, id: string): Effect | undefined {
  if (op === "share" || op === "unshare") return job({ op: "share", id, shared: op === "share" });
  if (op === "send") return job({ op: "submit", id });
  return ["show", "edit", "link", "withdraw"].includes(op) ? job({ op, id }) : undefined;
}

const item = z.object({
  id: z.string(),
  kind: z.enum(kinds),
  prior: z.boolean(),
  state: z.enum(["draft", "submitted", "accepted", "returned", "destroyed", "withdrawn"]),
  programme: z.string(),
  version: z.string(),
  competences: z.array(z.string()),
  earlier: z
    .object({ unit: z.string().nullable(), where: z.enum(places), from: z.string(), to: z.string() })
    .nullable(),
  reason: z.string().nullable(),
  shared: z.boolean(),
  changedAt: z.number(),
});
type Item = z.infer<typeof item>;

const heard = z.discriminatedUnion("what", [
  z.object({ what: z.literal("list"), items: z.array(item), total: z.number() }),
  z.object({ what: z.enum(["show", "edit"]), item }),
  z.object({ what: z.literal("link"), id: z.string(), url: z.string(), minutes: z.number() }),
  z.object({ what: z.literal("arrived"), id: z.string(), type: z.string(), size: z.number() }),
  z.object({ what: z.literal("shared"), id: z.string(), shared: z.boolean() }),
  z.object({
    what: z.literal("lacks"),
    id: z.string(),
    lacks: z.enum(["file", "text", "link", "record", "title"]),
  }),
  z.object({ what: z.enum(["gone", "often", "late"]) }),
  z.object({
    what: z.literal("state"),
    item,
    state: z.enum(["submitted", "accepted", "returned", "destroyed", "withdrawn"]),
    n: z.number(),
    accepted: z.array(z.string()).nullable(),
  }),
]);
type Heard = z.infer<typeof heard>;
type News = Extract<Heard, { what: "state" }>;

/** What became of evidence: the list, a link, a file that is there, a decision with its reason. */
export const evidenceTimer: TimerHandler = {
  kind: "reply",
  run(data, _due, ctx) {
    const found = heard.parse(data);
    switch (found.what) {
      case "list":
        return { says: [list(ctx, found.items, found.total)] };
      case "show":
        return { says: [{ text: join(...linesOf(ctx, found.item)), actions: actionsOf(ctx, found.item) }] };
      case "edit":
        return { start: { dialog: "evidence", args: { prior: found.item.prior, item: formOf(found.item) } } };
      case "link": {
        const actions = [{ label: ctx.s("evidence.b.upload"), url: found.url, primary: true }];
        return { says: [{ text: ctx.t("evidence.uploadlink", { minutes: found.minutes }), actions }] };
      }
      case "arrived":
        return arrived(ctx, found);
      case "shared": {
        const key = found.shared ? "evidence.shared" : "evidence.unshared";
        return { says: [{ text: ctx.t(key), actions: [button(ctx, "show", found.id)] }] };
      }
      case "lacks": {
        const more = found.lacks === "file" ? [button(ctx, "link", found.id), button(ctx, "send", found.id)] : [];
        const actions = [...more, button(ctx, "edit", found.id)];
        return { says: [{ text: ctx.t(`evidence.lacks.${found.lacks}`), actions }] };
      }
      case "state":
        return decided(ctx, found);
      default:
        return { says: [{ text: ctx.t(`evidence.${found.what}`), actions: [all(ctx)] }] };
    }
  },
};

/** A button whose command names an item. */
function button(ctx: Context, op: string, id: string, sure = ""): Action {
  return { label: ctx.s(`evidence.b.${op}${sure}`), command: "evidence", args: `${op} ${id} ${sure}`.trim() };
}

const all = (ctx: Context): Action => ({ label: ctx.s("evidence.b.all"), command: "evidence" });

function list(ctx: Context, items: readonly Item[], total: number): Say {
  const start = ["new", "prior"].map((op) => ({ label: ctx.s(`evidence.b.${op}`), command: "evidence", args: op }));
  if (items.length === 0) return { text: ctx.t("evidence.none"), actions: [...start, ...ctx.here()] };
  const lines = items.flatMap((one, index) => [
    ctx.t("evidence.line", { n: index + 1, ...factsOf(ctx, one) }),
    ...(one.reason === null ? [] : [plainText(one.reason)]),
  ]);
  const more = total > items.length ? [ctx.t("evidence.more", { n: total - items.length })] : [];
  const open = items
    .map((one, index) => ({ one, n: index + 1 }))
    .slice(0, 5)
    .map(({ one, n }) => ({
      label: ctx.s("evidence.b.item", { n, state: ctx.s(`evidence.state.${one.state}`) }),
      command: "evidence",
      args: `show ${one.id}`,
    }));
  return { text: join(ctx.t("evidence.heading"), ...lines, ...more), actions: [...open, ...start] };
}

function factsOf(ctx: Context, one: Item) {
  const known = catalogue(ctx).get(one.programme) !== undefined;
  const competences = known ? titlesOf(ctx, one) : one.competences;
  return {
    state: ctx.s(`evidence.state.${one.state}`),
    kind: ctx.s(one.prior ? `evidence.short.prior.${one.kind}` : `evidence.short.${one.kind}`),
    day: localDate(ctx, one.changedAt),
    competences: competences.length === 0 ? ctx.s("evidence.nocompetence") : listOf(ctx, competences),
  };
}

function linesOf(ctx: Context, one: Item): readonly Markup[] {
  const { earlier, reason } = one;
  return [
    ctx.t("evidence.one", factsOf(ctx, one)),
    ...(earlier === null
      ? []
      : [
          ctx.t("evidence.earlier", {
            where: ctx.s(`evidence.where.${earlier.where}`),
            span: earlier.from === earlier.to ? earlier.from : `${earlier.from} – ${earlier.to}`,
          }),
        ]),
    ...(reason === null ? [] : [ctx.t("evidence.reason"), plainText(reason)]),
    ...(one.shared ? [ctx.t("evidence.isshared")] : []),
  ];
}

/** What can be done with an item in its state. */
function actionsOf(ctx: Context, one: Item): readonly Action[] {
  const isOpen = one.state === "draft" || one.state === "returned" || one.state === "destroyed";
  const ops = [
    ...(one.state === "draft" || one.state === "returned" ? ["send"] : []),
    ...(isOpen ? ["edit"] : []),
    ...(one.state === "withdrawn" || one.state === "draft" ? [] : [one.shared ? "unshare" : "share"]),
    ...(one.state === "accepted" || one.state === "withdrawn" ? [] : ["withdraw"]),
  ];
  return [...ops.map((op) => button(ctx, op, one.id)), all(ctx)];
}

function formOf(one: Item): Form {
  const { id, programme, version, prior, competences, earlier } = one;
  const { unit = null, where = "work", from = "", to = "" } = earlier ?? {};
  return { id, programme, version, prior, competences, unit, where, span: { from, to } };
}

/** The file is there: where its item is still being made, its last question is asked again. */
function arrived(ctx: Context, { id, type, size }: Extract<Heard, { what: "arrived" }>): CommandResult {
  const text = ctx.t("evidence.arrived", {
    type: ctx.s(`evidence.type.${type}`),
    size: Math.max(1, Math.round(size / 1024)),
  });
  const open = activityFor(ctx, id);
  if (open !== undefined) return { says: [{ text }], resume: open };
  return { says: [{ text, actions: [button(ctx, "send", id), all(ctx)] }] };
}

/** The activity in which an item is being made. */
function activityFor(ctx: Context, id: string): string | undefined {
  const about = z.object({ form: z.object({ id: z.literal(id) }) });
  return [`evidence:${id}`, "evidence"].find((name) => about.safeParse(ctx.session.activities[name]?.state).success);
}

/** A decision, or a step of one's own: said, and kept in the record once. */
function decided(ctx: Context, { item: one, state, n, accepted }: News): CommandResult {
  const { id, kind, prior, programme, version } = one;
  const competences = accepted ?? one.competences;
  const data = { evidence: id, kind, prior, competences, state };
  const key = `evidence:${id}:${state}:${n}`;
  const titles = catalogue(ctx).get(programme) === undefined ? competences : titlesOf(ctx, { ...one, competences });
  const left = one.competences.length - competences.length;
  const text = join(
    ctx.t(`evidence.news.${state}`, { kind: ctx.s(prior ? `evidence.short.prior.${kind}` : `evidence.short.${kind}`) }),
    state === "accepted" && titles.length > 0
      ? ctx.t("evidence.picked", { competences: listOf(ctx, titles) })
      : undefined,
    state === "accepted" && left > 0 ? ctx.t("evidence.news.part", { n: left }) : undefined,
    one.reason === null ? undefined : plainText(one.reason),
  );
  const again = state === "returned" || state === "destroyed" ? [button(ctx, "edit", id)] : [];
  return {
    effects: [{ type: "record", entry: { type: "evidence", key, programme, version, data, at: ctx.now } }],
    says: [{ text, actions: [...again, all(ctx), ...ctx.here()] }],
  };
}

/** A file that was sent into the chat: declined, and where evidence waits for one, with a link to the page that takes it. */
export function fileSent(ctx: Context): CommandResult {
  for (const [name, activity] of Object.entries(ctx.session.activities)) {
    if (name !== "evidence" && !name.startsWith("evidence:")) continue;
    const waiting = z
      .object({ at: z.literal("send"), kind: z.literal("file"), form: formSchema })
      .safeParse(activity.state);
    if (!waiting.success) continue;
    return {
      effects: [job({ op: "link", id: waiting.data.form.id })],
      says: [{ text: ctx.t("evidence.file.declined") }],
    };
  }
  return { says: [{ text: ctx.t("turn.file"), actions: ctx.here() }] };
}
