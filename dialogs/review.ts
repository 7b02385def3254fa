import { z } from "zod";
import { dayAround } from "../src/domain/clock.ts";
import type { Programme, Question } from "../src/domain/programme.ts";
import { type Due, dueAt, reviewsPerDay } from "../src/domain/review.ts";
import { type Answer, type Command, type Context, defineDialog, type Move, type Said } from "../src/engine/dialog.ts";
import { join } from "../src/engine/markup.ts";
import { type Asking, askQuestion, draftSchema, takeQuestion } from "./question.ts";
import { localDate, ownProgramme, ownProgress, pinned } from "./support.ts";

const args = z.object({ programme: z.string(), version: z.string() });
type Args = z.infer<typeof args>;

const state = z.object({
  at: z.literal("question"),
  attempt: z.string(),
  /** The questions of this round, in their order. */
  round: z.array(z.string()),
  n: z.number().int(),
  right: z.number().int(),
  draft: draftSchema.optional(),
});
type State = z.infer<typeof state>;

/** A few questions of earlier lessons, asked again shortly before they would be forgotten. They never count. */
export const review = defineDialog<Args, State>({
  id: "review",
  version: 1,
  args,
  state,
  activity: (given) => `review:${given.programme}`,
  title: (_given, _now, ctx) => ctx.s("review.title"),
  recap: (_given, now, ctx) => ctx.t("recap.review", { n: now.n + 1, total: now.round.length }),
  start(given, ctx) {
    const { today, all } = dueFor(ctx, pinned(ctx, given.programme, given.version));
    const says = all > today.length ? [{ text: ctx.t("review.few", { n: today.length, all }) }] : [];
    return { says, state: { at: "question", attempt: ctx.id(), round: [...today], n: 0, right: 0 } };
  },
  steps: {
    question: {
      ask(now, ctx, given) {
        const prompt = askQuestion(ctx, askingOf(now, given, ctx));
        return {
          ...prompt,
          text: join(ctx.t("review.where", { n: now.n + 1, total: now.round.length }), prompt.text),
        };
      },
      take: takeAnswer,
    },
  },
});

function takeAnswer(now: State, answer: Answer, ctx: Context, given: Args): Move<State> {
  const { draft: _before, ...here } = now;
  return takeQuestion<State>(
    ctx,
    askingOf(now, given, ctx),
    answer,
    (draft) => ({ ...here, draft }),
    (said, right) => {
      const after = { ...here, right: now.right + (right ? 1 : 0) };
      if (now.n + 1 < now.round.length) return { ...said, state: { ...after, n: now.n + 1 } };
      return { ...said, ...done(after, ctx), end: true };
    },
  );
}

function done({ right, round }: State, ctx: Context): Said {
  return { says: [{ text: ctx.t("review.done", { right, of: round.length }), actions: ctx.here() }] };
}

function askingOf(now: State, given: Args, ctx: Context): Asking {
  const programme = pinned(ctx, given.programme, given.version);
  const question = practiceIn(programme).find((one) => one.id === now.round[now.n]);
  if (!question) throw new Error(`programme "${programme.id}" has no practice question "${now.round[now.n]}"`);
  return { programme, question, attempt: now.attempt, draft: now.draft, type: "review" };
}

function practiceIn(programme: Programme): readonly Question[] {
  return programme.units.flatMap((unit) => unit.lessons.flatMap((lesson) => lesson.practice));
}

/** What is to be reviewed in a programme; questions that a newer version does not have any more are left out. */
export function dueFor(ctx: Context, programme: Programme): Due {
  const known = new Set(practiceIn(programme).map((question) => question.id));
  const memories = Object.entries(ownProgress(ctx, programme).memories ?? {}).filter(([id]) => known.has(id));
  const { timeZone } = ctx.person;
  const perDay = programme.reviewsPerDay ?? reviewsPerDay;
  const due = dueAt(Object.fromEntries(memories), ctx.now, perDay, dayAround(ctx.now, timeZone));
  return { ...due, next: due.next === undefined ? undefined : dayAround(due.next, timeZone).start };
}

/** `review`: today's few questions, or when the next one comes. */
export const reviewCommand: Command = {
  run(_given, ctx) {
    const programme = ownProgramme(ctx);
    const open = ctx.activities().find((activity) => activity.dialog === "review");
    if (open) return { resume: open.id };
    const due = dueFor(ctx, programme);
    if (due.today.length > 0)
      return { start: { dialog: "review", args: { programme: programme.id, version: programme.version } } };
    const text =
      due.next === undefined
        ? ctx.t("review.none")
        : ctx.t(due.all > 0 ? "review.tomorrow" : "review.later", { day: localDate(ctx, due.next), all: due.all });
    return { says: [{ text, actions: ctx.here() }] };
  },
};
