import { z } from "zod";
import type { Programme, Question } from "../src/domain/programme.ts";
import {
  type Answer,
  type Command,
  type Context,
  defineDialog,
  type Move,
  type Prompt,
  type Said,
} from "../src/engine/dialog.ts";
import { join, lines, toPlain } from "../src/engine/markup.ts";
import type { Effect } from "../src/engine/session.ts";
import { planChoices, planMade, planText } from "./plan.ts";
import { type Asking, askQuestion, draftSchema, takeQuestion } from "./question.ts";
import {
  contentLanguage,
  findLesson,
  nextFor,
  ownProgramme,
  ownProgress,
  pinned,
  read,
  record,
  whereLine,
} from "./support.ts";

/** A lesson pins the version it began with; a correction of words reaches it all the same. */
const args = z.object({ programme: z.string(), version: z.string(), lesson: z.string() });
type Args = z.infer<typeof args>;

const state = z.discriminatedUnion("at", [
  z.object({ at: z.literal("card"), card: z.number().int(), attempt: z.string() }),
  z.object({
    at: z.literal("practice"),
    question: z.number().int(),
    attempt: z.string(),
    draft: draftSchema.optional(),
  }),
  z.object({ at: z.literal("plan"), attempt: z.string() }),
]);
type State = z.infer<typeof state>;
type At<Name extends State["at"]> = Extract<State, { at: Name }>;

/** Cards, then two practice questions that never count, then when the plan is to be tried. */
export const lesson = defineDialog<Args, State>({
  id: "lesson",
  version: 1,
  args,
  state,
  activity: (given) => `lesson:${given.programme}:${given.lesson}`,
  title: (given, _state, ctx) => ctx.s("lesson.title", { title: names(given, ctx).title }),
  recap(given, now, ctx) {
    const { programme, unit, lesson: own, index, title } = names(given, ctx);
    const card = now.at === "card" ? own.cards[now.card - 1] : own.cards.at(-1);
    const last = card ? firstSentence(toPlain(read(ctx, programme, card.text))) : read(ctx, programme, own.outcome);
    return join(
      ctx.t("recap.where", { title, n: index + 1, total: unit.lessons.length }),
      ctx.t("recap.last", { text: last }),
    );
  },
  start(given, ctx) {
    return { state: { at: "card", card: 0, attempt: ctx.id() }, ...fallbackLanguage(given, ctx) };
  },
  steps: {
    card: {
      ask: askCard,
      take: takeCard,
    },
    practice: {
      ask: askPractice,
      take: takePractice,
    },
    plan: {
      ask(_now, ctx, given) {
        const { programme, lesson: own } = names(given, ctx);
        const plan = planText(ctx, programme, own);
        return {
          text: join(ctx.t("plan.when"), plan, ctx.t("plan.when.question")),
          actions: planChoices(ctx),
        };
      },
      take(_now, answer, ctx, given) {
        const { programme, lesson: own } = names(given, ctx);
        const made = answer.type === "choice" ? planMade(ctx, programme, own, answer.id) : undefined;
        if (made === undefined) return { unclear: true };
        const notice = made.due === undefined ? {} : { notice: ctx.s("notice.plan") };
        return finish({ effects: made.effects, ...notice }, ctx, given);
      },
    },
  },
});

/** A card of a lesson. */
export function askCard(now: { readonly card: number }, ctx: Context, given: Args): Prompt {
  const { programme, unit, lesson: own, index, title } = names(given, ctx);
  const card = own.cards[now.card];
  if (!card) throw new Error(`lesson "${own.id}" has no card ${now.card + 1}`);
  const first =
    now.card === 0
      ? lines(
          ctx.t("lesson.heading", { title }),
          ctx.t("lesson.outcome", { outcome: read(ctx, programme, own.outcome) }),
        )
      : undefined;
  const saved = ownProgress(ctx, programme).saved.includes(card.id);
  return {
    text: join(
      lines(whereLine(ctx, unit, own, index), ctx.t("lesson.card", { n: now.card + 1, total: own.cards.length })),
      first,
      read(ctx, programme, card.text),
    ),
    actions: [
      { id: "next", label: ctx.s("b.next"), primary: true },
      ...(now.card > 0 ? [{ id: "back", label: ctx.s("b.back") }] : []),
      { id: saved ? "drop" : "save", label: ctx.s(saved ? "b.saved" : "b.save") },
    ],
  };
}

/** A practice question of a lesson. */
export function askPractice(now: Omit<At<"practice">, "at">, ctx: Context, given: Args): Prompt {
  const { unit, lesson: own, index } = names(given, ctx);
  const prompt = askQuestion(ctx, askingOf(now, given, ctx));
  const where = lines(
    whereLine(ctx, unit, own, index),
    ctx.t("practice.where", { n: now.question + 1, total: own.practice.length }),
  );
  return { ...prompt, text: join(where, prompt.text) };
}

function takeCard(now: At<"card">, answer: Answer, ctx: Context, given: Args): Move<State> {
  const { programme, lesson: own } = names(given, ctx);
  const card = own.cards[now.card];
  if (answer.type !== "choice" || !card) return { unclear: true };
  switch (answer.id) {
    case "next":
      if (now.card + 1 < own.cards.length) return { state: { ...now, card: now.card + 1 } };
      if (own.practice.length > 0) return { state: { at: "practice", question: 0, attempt: now.attempt } };
      return afterPractice({}, now.attempt, ctx, given);
    case "back":
      return { state: { ...now, card: now.card - 1 } };
    case "save":
    case "drop": {
      const type = answer.id === "save" ? "card.saved" : "card.dropped";
      return {
        stay: true,
        effects: [record(ctx, programme, { type, key: `${type}:${ctx.id()}`, data: { card: card.id } })],
        notice: ctx.s(answer.id === "save" ? "lesson.saved" : "lesson.dropped"),
      };
    }
    default:
      return { unclear: true };
  }
}

function takePractice(now: At<"practice">, answer: Answer, ctx: Context, given: Args): Move<State> {
  const { lesson: own } = names(given, ctx);
  const { attempt } = now;
  return takeQuestion<State>(
    ctx,
    askingOf(now, given, ctx),
    answer,
    (draft) => ({ ...now, draft }),
    (said) =>
      now.question + 1 < own.practice.length
        ? { ...said, state: { at: "practice", attempt, question: now.question + 1 } }
        : afterPractice(said, attempt, ctx, given),
  );
}

/**
 * The plan is asked about where the programme does that, and once a lesson: who reads it again has made theirs. The lesson is done
 * already, whether or not somebody answers.
 */
function afterPractice(said: Said, attempt: string, ctx: Context, given: Args): Move<State> {
  const { programme } = names(given, ctx);
  const done = doneOnce(ctx, given);
  if (programme.plans === undefined || done.length === 0) return finish(said, ctx, given);
  return { ...said, effects: [...(said.effects ?? []), ...done], state: { at: "plan", attempt } };
}

/** The entry that the lesson is done; none where it was done before. */
function doneOnce(ctx: Context, given: Args): readonly Effect[] {
  const { programme, lesson: own } = names(given, ctx);
  if (ownProgress(ctx, programme).lessons[own.id] !== undefined) return [];
  const key = `lesson:${programme.id}:${own.id}`;
  return [record(ctx, programme, { type: "lesson.done", key, data: { lesson: own.id, minutes: own.minutes } })];
}

function askingOf(now: Omit<At<"practice">, "at">, given: Args, ctx: Context): Asking {
  const { programme, lesson: own } = names(given, ctx);
  const question = practiceAt(own.practice, now.question);
  return { programme, question, attempt: now.attempt, draft: now.draft, type: "practice" };
}

/** The lesson is done: what it was, what comes next and how long that takes. */
function finish(said: Said, ctx: Context, given: Args): Move<State> {
  const { programme, unit, lesson: own, index, title } = names(given, ctx);
  const before = ownProgress(ctx, programme);
  const next = nextFor(ctx, programme, { ...before, lessons: { ...before.lessons, [own.id]: ctx.now } });
  const following = next.type === "lesson" ? findLesson(programme, next.lesson)?.lesson : undefined;
  const then = following
    ? ctx.t("lesson.then.lesson", { title: read(ctx, programme, following.title), minutes: following.minutes })
    : ctx.t(next.type === "check" ? "lesson.then.check" : "lesson.then.menu", {
        minutes: unit.check.minutes,
        n: unit.check.draw,
      });
  const onward = { label: ctx.s(following ? "b.nextlesson" : "b.check"), command: "next", primary: true };
  return {
    ...said,
    effects: [...(said.effects ?? []), ...doneOnce(ctx, given)],
    says: [
      {
        text: join(ctx.t("lesson.done", { title, n: index + 1, total: unit.lessons.length }), then),
        actions: [
          ...(next.type === "lesson" || next.type === "check" ? [onward] : []),
          { label: ctx.s("b.menu"), command: "menu" },
        ],
      },
    ],
    end: true,
  };
}

/** `lesson` lists the lessons, `lesson 1.3` opens one; finished ones can be read again at any time. */
export const lessonCommand: Command = {
  takesArgs: true,
  run(given, ctx) {
    const programme = ownProgramme(ctx);
    const progress = ownProgress(ctx, programme);
    const wanted = given.trim() === "" ? undefined : findLesson(programme, given.trim().replace(",", "."));
    const open = nextFor(ctx, programme, progress);
    const lessons = programme.units.flatMap((unit) => unit.lessons);
    const reachable = lessons.filter(
      (one) => progress.lessons[one.id] !== undefined || (open.type === "lesson" && open.lesson === one.id),
    );
    if (wanted && reachable.includes(wanted.lesson))
      return { start: { dialog: "lesson", args: argsFor(programme, wanted.lesson.id) } };
    const lines = lessons.map((one) =>
      ctx.t(progress.lessons[one.id] === undefined ? "lesson.list.open" : "lesson.list.done", {
        id: one.id,
        title: read(ctx, programme, one.title),
        minutes: one.minutes,
      }),
    );
    return {
      says: [
        {
          text: join(ctx.t(wanted ? "lesson.later" : "lesson.list"), ...lines),
          actions: reachable
            .slice(-8)
            .map((one) => ({ label: ctx.s("b.lesson", { id: one.id }), command: "lesson", args: one.id })),
        },
      ],
    };
  },
};

export function argsFor(programme: Programme, id: string): Args {
  return { programme: programme.id, version: programme.version, lesson: id };
}

function names(given: Args, ctx: Context) {
  const programme = pinned(ctx, given.programme, given.version);
  const found = findLesson(programme, given.lesson);
  if (!found) throw new Error(`programme "${programme.id}" has no lesson "${given.lesson}"`);
  return { programme, ...found, title: read(ctx, programme, found.lesson.title) };
}

function practiceAt(questions: readonly Question[], index: number): Question {
  const question = questions[index];
  if (!question) throw new Error(`there is no practice question ${index + 1}`);
  return question;
}

/** Said once per language: the lesson is in another language than the person's. */
function fallbackLanguage(given: Args, ctx: Context): Said {
  const { programme } = names(given, ctx);
  const shown = contentLanguage(ctx, programme);
  if (shown === ctx.language || ownProgress(ctx, programme).told.includes(ctx.language)) return {};
  return {
    says: [{ text: ctx.t("lesson.fallback", { language: ctx.s(`language.${shown}`) }) }],
    effects: [
      record(ctx, programme, {
        type: "told",
        key: `told:${programme.id}:${ctx.language}`,
        data: { language: ctx.language },
      }),
    ],
  };
}

function firstSentence(text: string): string {
  return /^.+?[.!?](?=\s|$)/su.exec(text)?.[0] ?? text;
}
