import { z } from "zod";
import { drawQuestions, optionsFor, score } from "../src/domain/check.ts";
import type { Programme, Question, Unit } from "../src/domain/programme.ts";
import { retryAt } from "../src/domain/progress.ts";
import { type Answer, type Command, type Context, defineDialog, type Move, type Said } from "../src/engine/dialog.ts";
import { join, type Markup } from "../src/engine/markup.ts";
import {
  answerTo,
  findLesson,
  localTime,
  nextFor,
  ownProgramme,
  ownProgress,
  pinned,
  read,
  record,
} from "./support.ts";

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
  title: (given, _now, ctx) => ctx.s("check.title", { title: names(given, ctx).title }),
  recap(given, now, ctx) {
    const { title } = names(given, ctx);
    return now.at === "intro"
      ? ctx.t("recap.check.intro", { title })
      : ctx.t("recap.check", { title, n: now.n + 1, total: now.drawn.length });
  },
  start: () => ({ state: { at: "intro" } }),
  steps: {
    intro: {
      ask(_now, ctx, given) {
        const { unit, title } = names(given, ctx);
        const { draw, pass, minutes } = unit.check;
        return {
          text: join(
            ctx.t("check.heading", { title }),
            ctx.t("check.rules", { draw, pass, minutes }),
            retryRule(ctx, unit),
          ),
          actions: [
            { id: "start", label: ctx.s("b.start"), primary: true },
            { command: "menu", label: ctx.s("b.later") },
          ],
        };
      },
      take(_now, answer, ctx, given) {
        if (answer.type !== "choice" || answer.id !== "start") return { unclear: true };
        const { unit } = names(given, ctx);
        return {
          state: {
            at: "question",
            attempt: ctx.id(),
            drawn: [...drawQuestions(unit.check, ctx.random)],
            n: 0,
            wrong: [],
          },
        };
      },
    },
    question: {
      ask(now, ctx, given) {
        const { programme, unit } = names(given, ctx);
        const question = questionAt(unit, now);
        return {
          text: join(
            ctx.t("check.where", { n: now.n + 1, total: now.drawn.length, unit: read(ctx, programme, unit.title) }),
            read(ctx, programme, question.stem),
          ),
          choices: optionsFor(question, now.attempt).map((option) => ({
            id: option.id,
            label: read(ctx, programme, option.text),
          })),
          key: `answer:${now.attempt}:${question.id}`,
        };
      },
      take: takeAnswer,
    },
  },
});

function takeAnswer(now: AtQuestion, answer: Answer, ctx: Context, given: Args): Move<State> {
  if (answer.type !== "choice") return { unclear: true };
  const { programme, unit } = names(given, ctx);
  const question = questionAt(unit, now);
  const { right, ...said } = answerTo(ctx, programme, question, answer.id, {
    type: "answer",
    key: `answer:${now.attempt}:${question.id}`,
  });
  const wrong = right ? now.wrong : [...now.wrong, question.id];
  if (now.n + 1 < now.drawn.length) return { ...said, state: { ...now, n: now.n + 1, wrong } };
  return finish({ ...now, wrong }, said, ctx, given);
}

/** The result: why, and what next. */
function finish(now: AtQuestion, said: Said, ctx: Context, given: Args): Move<State> {
  const { programme, unit, title } = names(given, ctx);
  const result = score(unit.check, now.drawn, now.wrong);
  const before = ownProgress(ctx, programme).checks[unit.check.id];
  const failed = (before?.failed ?? 0) + (result.passed ? 0 : 1);
  const until = retryAt({ failed, lastAt: ctx.now, passedAt: null, right: 0, of: 0 }, unit.check);
  const entry = record(ctx, programme, {
    type: "check.done",
    key: `check:${now.attempt}`,
    data: { check: unit.check.id, attempt: now.attempt, right: result.right, of: result.of, passed: result.passed },
  });
  const numbers = { right: result.right, of: result.of, pass: unit.check.pass };
  const reasons =
    result.safetyMissed && result.right >= unit.check.pass
      ? ctx.t("check.safety", numbers)
      : ctx.t("check.short", { ...numbers, missing: unit.check.pass - result.right });
  const text = result.passed
    ? join(
        ctx.t("check.passed", { ...numbers, title }),
        ctx.t(programme.units.at(-1) === unit ? "check.passed.last" : "check.passed.next"),
      )
    : join(
        ctx.t("check.failed", { ...numbers, title }),
        reasons,
        again(ctx, programme, now.wrong, unit),
        until > ctx.now ? ctx.t("check.wait", { time: localTime(ctx, until) }) : ctx.t("check.retry"),
      );
  const revisit = result.passed ? [] : lessonsOf(now.wrong, unit).slice(0, 3);
  return {
    ...said,
    effects: [...(said.effects ?? []), entry],
    says: [
      {
        text,
        actions: [
          ...(!result.passed && until <= ctx.now ? [{ label: ctx.s("b.retry"), command: "quiz", primary: true }] : []),
          ...revisit.map((id) => ({ label: ctx.s("b.lesson", { id }), command: "lesson", args: id })),
          { label: ctx.s("b.progress"), command: "progress" },
          { label: ctx.s("b.menu"), command: "menu" },
        ],
      },
    ],
    end: true,
  };
}

/** Which lessons explain what was missed. */
function again(ctx: Context, programme: Programme, wrong: readonly string[], unit: Unit): Markup {
  const titles = lessonsOf(wrong, unit).flatMap((id) => {
    const found = findLesson(programme, id);
    return found ? [`${id} ${read(ctx, programme, found.lesson.title)}`] : [];
  });
  return titles.length === 0 ? [] : ctx.t("check.revisit", { lessons: titles.join(", "), n: titles.length });
}

function lessonsOf(wrong: readonly string[], unit: Unit): string[] {
  const lessons = unit.check.bank
    .filter((question) => wrong.includes(question.id))
    .flatMap((question) => question.lesson ?? []);
  return [...new Set(lessons)].sort();
}

/** `quiz`: the check of the unit, when its lessons are done; else what is missing. */
export const quizCommand: Command = {
  run(_given, ctx) {
    const programme = ownProgramme(ctx);
    const progress = ownProgress(ctx, programme);
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

export function argsFor(programme: Programme, unit: string): Args {
  return { programme: programme.id, version: programme.version, unit };
}

function retryRule(ctx: Context, unit: Unit): Markup {
  return ctx.t("check.retry.rule", { free: unit.check.freeAttempts, hours: unit.check.pauseHours });
}

function names(given: Args, ctx: Context) {
  const programme = pinned(ctx, given.programme, given.version);
  const unit = programme.units.find((one) => one.id === given.unit);
  if (!unit) throw new Error(`programme "${programme.id}" has no unit "${given.unit}"`);
  return { programme, unit, title: read(ctx, programme, unit.title) };
}

function questionAt(unit: Unit, now: AtQuestion): Question {
  const question = unit.check.bank.find((one) => one.id === now.drawn[now.n]);
  if (!question) throw new Error(`the check of unit "${unit.id}" has no question "${now.drawn[now.n]}"`);
  return question;
}
