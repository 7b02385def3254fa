import { z } from "zod";
import { type Answer, type Context, defineDialog, type Move, type Prompt } from "../src/engine/dialog.ts";
import { join } from "../src/engine/markup.ts";
import {
  type Form,
  faultIn,
  formSchema,
  job,
  keep,
  kinds,
  linkIn,
  listOf,
  partsOf,
  passedChecks,
  places,
  programmeOf,
  spanIn,
  titlesOf,
} from "./evidence-form.ts";
import { ownProgramme, read } from "./support.ts";

const args = z.object({ prior: z.boolean(), item: formSchema.optional() });
/** `item`: one that is changed after it came back. */
type Args = z.infer<typeof args>;

const kind = z.enum(kinds);
const at = <Name extends string>(name: Name) => z.object({ at: z.literal(name), form: formSchema });
const state = z.discriminatedUnion("at", [
  at("part"),
  at("pick").extend({ part: z.string() }),
  at("unit"),
  at("where"),
  at("when"),
  at("kind"),
  at("text"),
  at("link"),
  at("record"),
  at("about").extend({ kind }),
  at("send").extend({ kind }),
]);
type State = z.infer<typeof state>;
type At<Name extends State["at"]> = Extract<State, { at: Name }>;

/** One draft per person, kept until it is handed in; beside it the items that are changed after they came back. */
export const evidence = defineDialog<Args, State>({
  id: "evidence",
  version: 1,
  args,
  state,
  activity: ({ item }) => (item === undefined ? "evidence" : `evidence:${item.id}`),
  title: (_args, _now, ctx) => ctx.s("evidence.title"),
  recap: (_args, _now, ctx) => ctx.t("evidence.recap"),
  start: ({ prior, item }, ctx) => {
    if (item !== undefined) return { state: { at: "kind", form: item } };
    const { id: programme, version } = ownProgramme(ctx);
    const form = formSchema.parse({ id: ctx.id(), programme, version, prior, competences: [] });
    return { state: partsOf(ctx, form).length > 0 ? { at: "part", form } : afterCompetences(form) };
  },
  steps: {
    part: { ask: askPart, take: takePart },
    pick: { ask: askPick, take: takePick },
    unit: {
      ask: ({ form }, ctx) => {
        const programme = programmeOf(ctx, form);
        const choices = programme.units.map((unit) => ({ id: unit.id, label: read(ctx, programme, unit.title) }));
        return {
          text: ctx.t("evidence.unit"),
          choices,
          actions: [{ id: "none", label: ctx.s("evidence.b.nounit") }, cancelAction(ctx)],
        };
      },
      take: ({ form }, answer, ctx, given) =>
        choosing(answer, ctx, form, given, (id) => ({
          state: { at: "where", form: { ...form, unit: id === "none" ? null : id } },
        })),
    },
    where: {
      ask: (_now, ctx) => ({
        text: ctx.t("evidence.where"),
        choices: places.map((id) => ({ id, label: ctx.s(`evidence.where.${id}`) })),
        actions: [cancelAction(ctx)],
      }),
      take: ({ form }, answer, ctx, given) =>
        choosing(answer, ctx, form, given, (id) => {
          const where = places.find((one) => one === id) ?? "work";
          return { state: { at: "when", form: { ...form, where } } };
        }),
    },
    when: {
      ask: (_now, ctx) => ({ text: ctx.t("evidence.when"), actions: [cancelAction(ctx)], free: true }),
      take({ form }, answer, ctx, given) {
        if (answer.type === "choice") return cancelled(ctx, form, given);
        const span = spanIn(answer.text, ctx.now);
        if (span === undefined) return { unclear: true };
        return { state: { at: "kind", form: { ...form, span } } };
      },
    },
    kind: { ask: askKind, take: takeKind },
    text: {
      ask: (_now, ctx) => ({
        text: join(ctx.t("evidence.text"), ctx.t("m.no_names")),
        actions: [cancelAction(ctx)],
        free: true,
      }),
      take({ form }, answer, ctx, given) {
        if (answer.type === "choice") return cancelled(ctx, form, given);
        const fault = faultIn(answer.text, "text");
        if (fault !== undefined) return again({ at: "text", form }, ctx, `evidence.text.${fault}`);
        const text = answer.text.trim();
        return { effects: [keep(form, { kind: "text", text })], state: { at: "send", form, kind: "text" } };
      },
    },
    link: {
      ask: (_now, ctx) => ({ text: ctx.t("evidence.link"), actions: [cancelAction(ctx)], free: true }),
      take({ form }, answer, ctx, given) {
        if (answer.type === "choice") return cancelled(ctx, form, given);
        const link = linkIn(answer.text);
        if (link === undefined) return again({ at: "link", form }, ctx, "evidence.link.wrong");
        return { effects: [keep(form, { kind: "link", link })], state: { at: "about", form, kind: "link" } };
      },
    },
    record: {
      ask: ({ form }, ctx) => ({
        text: ctx.t("evidence.record"),
        choices: [
          ...passedChecks(ctx, form).map(({ key, title }) => ({
            id: key,
            label: ctx.s("evidence.record.passed", { title }),
          })),
          { id: "attended", label: ctx.s("evidence.record.attended") },
          { id: "hours", label: ctx.s("evidence.record.hours") },
        ],
        actions: [cancelAction(ctx)],
      }),
      take: ({ form }, answer, ctx, given) =>
        choosing(answer, ctx, form, given, (recordKey) => ({
          effects: [keep(form, { kind: "record", recordKey })],
          state: { at: "send", form, kind: "record" },
        })),
    },
    about: {
      ask: (now, ctx) => ({
        text: join(ctx.t(`evidence.about.${now.kind}`), ctx.t("m.no_names")),
        actions: [cancelAction(ctx)],
        free: true,
      }),
      take(now, answer, ctx, given) {
        const { form } = now;
        if (answer.type === "choice") return cancelled(ctx, form, given);
        const fault = faultIn(answer.text, "line");
        if (fault !== undefined) return again(now, ctx, `evidence.about.${fault}`);
        const title = answer.text.trim();
        const isFile = now.kind === "file";
        return { effects: [keep(form, { kind: now.kind, title }, isFile)], state: { ...now, at: "send" } };
      },
    },
    send: { ask: askSend, take: takeSend },
  },
});

function afterCompetences(form: Form): State {
  return form.prior ? { at: "unit", form } : { at: "kind", form };
}

function cancelAction(ctx: Context) {
  return { id: "cancel", label: ctx.s("evidence.b.cancel") };
}

/** A draft that was thrown away goes; an item that came back stays as it was. */
function cancelled(ctx: Context, form: Form, { item }: Args): Move<State> {
  const text = ctx.t(item === undefined ? "evidence.cancelled" : "evidence.kept");
  const effects = item === undefined ? [job({ op: "withdraw", id: form.id })] : [];
  return { effects, says: [{ text, actions: ctx.here() }], end: true };
}

function choosing(answer: Answer, ctx: Context, form: Form, given: Args, go: (id: string) => Move<State>): Move<State> {
  if (answer.type !== "choice") return { unclear: true };
  return answer.id === "cancel" ? cancelled(ctx, form, given) : go(answer.id);
}

/** The same question, with what was wrong above it. */
function again(now: State, ctx: Context, key: string): Move<State> {
  return { state: now, says: [{ text: ctx.t(key) }] };
}

function askPart({ form }: At<"part">, ctx: Context): Prompt {
  const programme = programmeOf(ctx, form);
  const picked = titlesOf(ctx, form);
  const done = { id: "done", label: ctx.s("b.done"), primary: true };
  return {
    text: join(
      ctx.t(form.prior ? "evidence.part.prior" : "evidence.part"),
      picked.length > 0 ? ctx.t("evidence.picked", { competences: listOf(ctx, picked) }) : undefined,
    ),
    choices: partsOf(ctx, form).map((part) => ({ id: part.id, label: read(ctx, programme, part.title) })),
    actions: [...(picked.length > 0 ? [done] : []), cancelAction(ctx)],
  };
}

function takePart({ form }: At<"part">, answer: Answer, ctx: Context, given: Args): Move<State> {
  return choosing(answer, ctx, form, given, (id) => ({
    state: id === "done" ? afterCompetences(form) : { at: "pick", form, part: id },
  }));
}

function askPick({ form, part }: At<"pick">, ctx: Context): Prompt {
  const programme = programmeOf(ctx, form);
  const found = partsOf(ctx, form).find((one) => one.id === part);
  const mark = (id: string): string => (form.competences.includes(id) ? "✓ " : "");
  return {
    text: ctx.t("evidence.pick", { part: found === undefined ? "" : read(ctx, programme, found.title) }),
    choices: (found?.competences ?? []).map(({ id, title }) => ({
      id,
      label: `${mark(id)}${read(ctx, programme, title)}`,
    })),
    actions: [
      { id: "done", label: ctx.s("b.done"), primary: true },
      { id: "parts", label: ctx.s("evidence.b.parts") },
    ],
  };
}

function takePick(now: At<"pick">, answer: Answer, ctx: Context): Move<State> {
  const { form } = now;
  if (answer.type !== "choice") return { unclear: true };
  if (answer.id === "parts") return { state: { at: "part", form } };
  if (answer.id === "done") {
    if (form.competences.length === 0) return again(now, ctx, "evidence.pick.none");
    return { state: afterCompetences(form) };
  }
  const competences = form.competences.includes(answer.id)
    ? form.competences.filter((id) => id !== answer.id)
    : [...form.competences, answer.id];
  return { stay: true, state: { ...now, form: { ...form, competences } }, notice: ctx.s("notice.noted") };
}

function askKind({ form }: At<"kind">, ctx: Context): Prompt {
  const parts = { id: "parts", label: ctx.s("evidence.b.change") };
  return {
    text: ctx.t("evidence.kind"),
    choices: kinds.map((id) => ({ id, label: ctx.s(`evidence.kind.${id}`) })),
    actions: [...(partsOf(ctx, form).length > 0 ? [parts] : []), cancelAction(ctx)],
  };
}

function takeKind({ form }: At<"kind">, answer: Answer, ctx: Context, given: Args): Move<State> {
  return choosing(answer, ctx, form, given, (id) => {
    if (id === "parts") return { state: { at: "part", form } };
    if (id === "file") return { state: { at: "about", form, kind: "file" } };
    if (id === "link") return { state: { at: "link", form } };
    return { state: { at: id === "record" ? "record" : "text", form } };
  });
}

function askSend({ form, kind: what }: At<"send">, ctx: Context): Prompt {
  const titles = titlesOf(ctx, form);
  const link = { id: "link", label: ctx.s("evidence.b.newlink") };
  return {
    text: join(
      ctx.t(what === "file" ? "evidence.send.file" : "evidence.send", { kind: ctx.s(`evidence.kind.${what}`) }),
      titles.length > 0 ? ctx.t("evidence.picked", { competences: listOf(ctx, titles) }) : undefined,
    ),
    actions: [
      { id: "submit", label: ctx.s("evidence.b.submit"), primary: true },
      ...(what === "file" ? [link] : []),
      { id: "edit", label: ctx.s("evidence.b.edit") },
      cancelAction(ctx),
    ],
  };
}

function takeSend(now: At<"send">, answer: Answer, ctx: Context, given: Args): Move<State> {
  const { form } = now;
  return choosing(answer, ctx, form, given, (id) => {
    if (id === "edit") return { state: { at: "kind", form } };
    if (id === "link") return { stay: true, effects: [job({ op: "link", id: form.id })] };
    return { effects: [job({ op: "submit", id: form.id })], says: [{ text: ctx.t("evidence.handing") }], end: true };
  });
}
