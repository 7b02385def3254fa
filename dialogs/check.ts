import { z } from "zod";
import { drawQuestions, score } from "../src/domain/check.ts";
import { checkAt, type PlacedCheck, type Programme, type Question } from "../src/domain/programme.ts";
import { retryAt } from "../src/domain/progress.ts";
import {
  type Answer,
  type Command,
  type CommandResult,
  type Context,
  defineDialog,
  type Move,
  type Prompt,
  type Said,
} from "../src/engine/dialog.ts";
import { join, type Markup } from "../src/engine/markup.ts";
import type { Effect } from "../src/engine/session.ts";
import { type Asking, askQuestion, draftSchema, takeQuestion } from "./question.ts";
import { gather } from "./reminder.ts";
import { findLesson, localTime, nextFor, ownProgramme, ownProgress, pinned, read, record } from "./support.ts";
import { askUsed, feedbackButton } from "./unit-feedback.ts";
import { waitingIn } from "./waiting.ts";

const args = z.object({ programme: z.string(), version: z.string(), unit: z.string() });
type Args = z.infer<typeof args>;

const state = z.discriminatedUnion("at", [
  z.object({ at: z.literal("intro") }),
  z.object({
    at: z.literal("question"),
    attempt: z.string(),
    /** The drawn questions in the order of this attempt. */
    drawn: z.array(z.string()),
    n: z.number().int(),
    wrong: z.array(z.string()),
    draft: draftSchema.optional(),
  }),
]);
type State = z.infer<typeof state>;
type AtQuestion = Extract<State, { at: "question" }>;

/** The check at the end of a unit. It counts: each question once, with its reason at once and the result at the end. */
export const check = defineDialog<Args, State>({
  id: "check",
  version: 1,
  args,
  state,
  activity: (given) => `check:${given.programme}:${given.unit}`,
  title(given, _now, ctx) {
    const { kind, title } = names(given, ctx);
    return ctx.s(`${kind}.title`, { title });
  },
  recap(given, now, ctx) {
    const { kind, title } = names(given, ctx);
    return now.at === "intro"
      ? ctx.t(`recap.${kind}.intro`, { title })
      : ctx.t(`recap.${kind}`, { title, n: now.n + 1, total: now.drawn.length });
  },
  start: () => ({ state: { at: "intro" } }),
  steps: {
    intro: {
      ask(_now, ctx, given) {
        const { placed, kind, title } = names(given, ctx);
        const { draw, pass, minutes } = placed.check;
        return {
          text: join(
            ctx.t(`${kind}.heading`, { title }),
            ctx.t("check.rules", { draw, pass, minutes }),
            retryRule(ctx, placed),
          ),
          actions: [
            { id: "start", label: ctx.s("b.start"), primary: true },
            { command: "menu", label: ctx.s("b.later") },
          ],
        };
      },
      take(_now, answer, ctx, given) {
        if (answer.type !== "choice" || answer.id !== "start") return { unclear: true };
        const { placed } = names(given, ctx);
        return {
          state: {
            at: "question",
            attempt: ctx.id(),
            drawn: [...drawQuestions(placed.check, ctx.random)],
            n: 0,
            wrong: [],
          },
        };
      },
    },
    question: {
      ask: askDrawn,
      take: takeAnswer,
    },
  },
});

function takeAnswer(now: AtQuestion, answer: Answer, ctx: Context, given: Args): Move<State> {
  const asking = askingOf(now, given, ctx);
  const { draft: _before, ...here } = now;
  return takeQuestion<State>(
    ctx,
    asking,
    answer,
    (draft) => ({ ...here, draft }),
    (said, right) => {
      const wrong = right ? now.wrong : [...now.wrong, asking.question.id];
      if (now.n + 1 < now.drawn.length) return { ...said, state: { ...here, n: now.n + 1, wrong } };
      return finish({ ...here, wrong }, said, ctx, given);
    },
  );
}

function askingOf(now: Omit<AtQuestion, "at">, given: Args, ctx: Context): Asking {
  const { programme, placed } = names(given, ctx);
  return { programme, question: questionAt(placed, now), attempt: now.attempt, draft: now.draft, type: "answer" };
}

/** The result: why, and what next. */
function finish(now: AtQuestion, said: Said, ctx: Context, given: Args): Move<State> {
  const { programme, placed, kind, title } = names(given, ctx);
  const { check: own } = placed;
  const result = score(own, now.drawn, now.wrong);
  const before = ownProgress(ctx, programme).checks[own.id];
  const failed = (before?.failed ?? 0) + (result.passed ? 0 : 1);
  const until = retryAt({ failed, lastAt: ctx.now, passedAt: null, right: 0, of: 0 }, own);
  const entry = record(ctx, programme, {
    type: "check.done",
    key: `check:${now.attempt}`,
    data: { check: own.id, attempt: now.attempt, right: result.right, of: result.of, passed: result.passed },
  });
  const numbers = { right: result.right, of: result.of, pass: own.pass };
  const reasons =
    result.safetyMissed && result.right >= own.pass
      ? ctx.t("check.safety", numbers)
      : ctx.t("check.short", { ...numbers, missing: own.pass - result.right });
  const text = result.passed
    ? join(ctx.t(`${kind}.passed`, { ...numbers, title }), ctx.t(afterwards(programme, placed)))
    : join(
        ctx.t("check.failed", { ...numbers, title }),
        reasons,
        again(ctx, programme, now.wrong, placed),
        until > ctx.now ? ctx.t("check.wait", { time: localTime(ctx, until) }) : ctx.t("check.retry"),
      );
  const revisit = result.passed ? [] : lessonsOf(now.wrong, placed).slice(0, 3);
  // Whoever has passed needs no word that they may try again.
  const waiting = waitingIn(ctx.session).filter((one) => !result.passed || one.id !== retryId(own.id));
  const later: readonly Effect[] =
    result.passed && isLast(programme, placed) ? askUsed(ctx, waiting) : [{ type: "session", changes: { waiting } }];
  return {
    ...said,
    effects: [...(said.effects ?? []), entry, ...later],
    says: [
      {
        text,
        actions: [
          ...(!result.passed && until <= ctx.now ? [{ label: ctx.s("b.retry"), command: "quiz", primary: true }] : []),
          ...(result.passed && !isLast(programme, placed)
            ? [{ label: ctx.s("b.continue"), command: "next", primary: true }]
            : []),
          ...(until > ctx.now
            ? [{ label: ctx.s("b.remind"), command: "quiz", args: `remind ${given.unit}`, primary: true }]
            : []),
          ...(failed > 1 && !result.passed ? [{ label: ctx.s("b.contact"), command: "coordinator" }] : []),
          ...revisit.map((id) => ({ label: ctx.s("b.lesson", { id }), command: "lesson", args: id })),
          ...(result.passed ? feedbackButton(ctx, programme, given.unit) : []),
          { label: ctx.s("b.progress"), command: "progress" },
          { label: ctx.s("b.menu"), command: "menu" },
        ],
      },
    ],
    end: true,
  };
}

/** Which lessons explain what was missed. */
function again(ctx: Context, programme: Programme, wrong: readonly string[], placed: PlacedCheck): Markup {
  const titles = lessonsOf(wrong, placed).flatMap((id) => {
    const found = findLesson(programme, id);
    return found ? [`${id} ${read(ctx, programme, found.lesson.title)}`] : [];
  });
  return titles.length === 0 ? [] : ctx.t("check.revisit", { lessons: titles.join(", "), n: titles.length });
}

/** What opens behind a passed check. */
function afterwards(programme: Programme, placed: PlacedCheck): string {
  if (placed.isTest) return "test.after";
  if (isLast(programme, placed)) return "check.passed.last";
  return programme.units.at(-1) === placed.units[0] ? "test.next" : "check.passed.next";
}

function isLast({ units, test }: Programme, { isTest, units: own }: PlacedCheck): boolean {
  return isTest || (test === undefined && units.at(-1) === own[0]);
}

function lessonsOf(wrong: readonly string[], { check: own }: PlacedCheck): string[] {
  const lessons = own.bank
    .filter((question) => wrong.includes(question.id))
    .flatMap((question) => question.lesson ?? []);
  return [...new Set(lessons)].sort();
}

/** `quiz`: the check of the unit, when its lessons are done; else what is missing. `quiz remind 1` says so when it may be tried again. */
export const quizCommand: Command = {
  takesArgs: true,
  run(given, ctx) {
    const programme = ownProgramme(ctx);
    const progress = ownProgress(ctx, programme);
    const [verb, place = ""] = given.trim().split(/\s+/u);
    if (verb === "remind") return remindOfRetry(ctx, programme, place);
    const open = ctx.activities().find((activity) => activity.dialog === "check");
    if (open) return { resume: open.id };
    const next = nextFor(ctx, programme, progress);
    if (next.type === "check") return { start: { dialog: "check", args: argsFor(programme, next.unit) } };
    if (next.type === "wait")
      return { says: [{ text: ctx.t("check.wait", { time: localTime(ctx, next.until) }), actions: ctx.here() }] };
    if (next.type === "done")
      return { says: [{ text: ctx.t("check.done"), actions: [{ label: ctx.s("b.progress"), command: "progress" }] }] };
    const unit = programme.units.find((one) => one.id === next.unit);
    const left = unit?.lessons.filter((one) => progress.lessons[one.id] === undefined).length ?? 0;
    return { says: [{ text: ctx.t("check.locked", { left }), actions: ctx.here() }] };
  },
};

/** Keeps that the learner wants to hear when a check may be tried again; also of those who get no reminders otherwise. */
function remindOfRetry(ctx: Context, programme: Programme, place: string): CommandResult {
  const placed = checkAt(programme, place);
  const found = placed && ownProgress(ctx, programme).checks[placed.check.id];
  if (!placed || found?.passedAt) return { says: [{ text: ctx.t("check.done"), actions: ctx.here() }] };
  const from = retryAt(found, placed.check);
  if (from <= ctx.now) return quizCommand.run("", ctx);
  const thing = {
    id: retryId(placed.check.id),
    words: placed.isTest ? "reminder.test" : "reminder.check",
    label: "b.retry",
    args: {},
    command: "quiz",
    commandArgs: "",
    from,
  };
  return {
    effects: gather(ctx, thing),
    says: [{ text: ctx.t("check.remind", { time: localTime(ctx, from) }), actions: ctx.here() }],
  };
}

const retryId = (check: string): string => `retry:${check}`;

/** A question of a check as an attempt asks it. */
export function askDrawn(now: Omit<AtQuestion, "at">, ctx: Context, given: Args): Prompt {
  const { kind, title } = names(given, ctx);
  const prompt = askQuestion(ctx, askingOf(now, given, ctx));
  const where = { n: now.n + 1, total: now.drawn.length, unit: title };
  return { ...prompt, text: join(ctx.t(`${kind}.where`, where), prompt.text) };
}

export function argsFor(programme: Programme, unit: string): Args {
  return { programme: programme.id, version: programme.version, unit };
}

function retryRule(ctx: Context, { check: own }: PlacedCheck): Markup {
  return ctx.t("check.retry.rule", { free: own.freeAttempts, hours: own.pauseHours });
}

function names(given: Args, ctx: Context) {
  const programme = pinned(ctx, given.programme, given.version);
  const placed = checkAt(programme, given.unit);
  if (!placed) throw new Error(`programme "${programme.id}" has no unit "${given.unit}"`);
  // What it is called in the words: `check.…` or `test.…`.
  const kind = placed.isTest ? "test" : "check";
  return { programme, placed, kind, title: read(ctx, programme, placed.title) };
}

function questionAt({ check: own }: PlacedCheck, now: Omit<AtQuestion, "at">): Question {
  const question = own.bank.find((one) => one.id === now.drawn[now.n]);
  if (!question) throw new Error(`check "${own.id}" has no question "${now.drawn[now.n]}"`);
  return question;
}
