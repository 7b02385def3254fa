import { z } from "zod";
import { dayAround, localDay } from "../src/domain/clock.ts";
import { dayMs } from "../src/domain/durations.ts";
import type { Lesson, Programme } from "../src/domain/programme.ts";
import { type Answer, type Command, type Context, defineDialog, type Move } from "../src/engine/dialog.ts";
import { join, type Markup } from "../src/engine/markup.ts";
import type { Effect } from "../src/engine/session.ts";
import { gather } from "./reminder.ts";
import { findLesson, localDate, ownProgramme, ownProgress, pinned, read, record } from "./support.ts";
import type { Waiting } from "./waiting.ts";

const args = z.object({ programme: z.string(), version: z.string(), lesson: z.string() });
type Args = z.infer<typeof args>;

const state = z.discriminatedUnion("at", [
  z.object({ at: z.literal("how") }),
  z.object({ at: z.literal("why"), how: z.enum(["partly", "notyet"]) }),
  z.object({ at: z.literal("again") }),
]);
type State = z.infer<typeof state>;

/** After how many days the learner wants to be asked. */
export const planDays = [1, 3, 7] as const;
/** What may have got in the way: words to choose from, since free text would be about people. */
const hindrances = ["time", "occasion", "unsure", "others", "other"] as const;

/** The if-then plan of a lesson: how it went. Plans that were carried out count as practice. */
export const plan = defineDialog<Args, State>({
  id: "plan",
  version: 1,
  args,
  state,
  activity: (given) => `plan:${given.programme}:${given.lesson}`,
  title: (given, _now, ctx) => ctx.s("plan.title", { id: given.lesson }),
  recap: (given, _now, ctx) => ctx.t("recap.plan", { id: given.lesson }),
  start: () => ({ state: { at: "how" } }),
  steps: {
    how: {
      ask(_now, ctx, given) {
        const { programme, lesson } = names(given, ctx);
        return {
          text: join(
            ctx.t("plan.how", { id: lesson.id, title: read(ctx, programme, lesson.title) }),
            planText(ctx, programme, lesson),
            ctx.t("plan.how.question"),
          ),
          actions: [
            { id: "yes", label: ctx.s("b.plan.yes"), primary: true },
            { id: "partly", label: ctx.s("b.plan.partly") },
            { id: "notyet", label: ctx.s("b.plan.notyet") },
          ],
        };
      },
      take: takeHow,
    },
    why: {
      ask: (_now, ctx) => ({
        text: ctx.t("plan.why"),
        actions: hindrances.map((id) => ({ id, label: ctx.s(`b.plan.${id}`) })),
      }),
      take(now, answer, ctx, given) {
        if (answer.type !== "choice") return { unclear: true };
        return { effects: [told(ctx, given, now.how, answer.id)], state: { at: "again" } };
      },
    },
    again: {
      ask: (_now, ctx) => ({ text: ctx.t("plan.again"), actions: planChoices(ctx) }),
      take(_now, answer, ctx, given) {
        const { programme, lesson } = names(given, ctx);
        const made = answer.type === "choice" ? planMade(ctx, programme, lesson, answer.id) : undefined;
        if (made === undefined) return { unclear: true };
        const text =
          made.due === undefined ? ctx.t("plan.let") : ctx.t("plan.again.set", { day: localDate(ctx, made.due) });
        return { effects: made.effects, says: [{ text, actions: ctx.here() }], end: true };
      },
    },
  },
});

function takeHow(_now: unknown, answer: Answer, ctx: Context, given: Args): Move<State> {
  if (answer.type !== "choice") return { unclear: true };
  if (answer.id === "partly" || answer.id === "notyet") return { state: { at: "why", how: answer.id } };
  if (answer.id !== "yes") return { unclear: true };
  const { minutes = 0 } = names(given, ctx).programme.plans ?? {};
  return {
    effects: [told(ctx, given, "yes", undefined)],
    says: [{ text: minutes > 0 ? ctx.t("plan.yes", { minutes }) : ctx.t("plan.yes.plain"), actions: ctx.here() }],
    end: true,
  };
}

/** What became of a plan. One that was carried out books the programme's nominal minutes of practice. */
function told(ctx: Context, given: Args, how: "yes" | "partly" | "notyet", why: string | undefined): Effect {
  const { programme, lesson } = names(given, ctx);
  const minutes = how === "yes" ? (programme.plans?.minutes ?? 0) : 0;
  return record(ctx, programme, {
    type: "plan.told",
    key: `plan.told:${ctx.id()}`,
    data: {
      lesson: lesson.id,
      how,
      ...(why === undefined ? {} : { why }),
      ...(minutes > 0 ? { minutes, day: localDay(ctx.now, ctx.person.timeZone) } : {}),
    },
  });
}

/** Buttons for when a plan is to be tried. */
export function planChoices(ctx: Context): { id: string; label: string; primary?: boolean }[] {
  return [
    ...planDays.map((days) => ({
      id: `d${days}`,
      label: ctx.s(`b.plan.${days}`),
      ...(days === 3 ? { primary: true } : {}),
    })),
    { id: "none", label: ctx.s("b.plan.none") },
  ];
}

/** What a choice of `planChoices` records, and when the learner is asked; undefined where it is none of them. */
export function planMade(
  ctx: Context,
  programme: Programme,
  lesson: Lesson,
  choice: string,
): { readonly effects: readonly Effect[]; readonly due?: number } | undefined {
  if (choice === "none") return { effects: [] };
  const days = planDays.find((one) => `d${one}` === choice);
  if (days === undefined) return undefined;
  // From the beginning of that day where the learner is, so that the day's reminder asks.
  const { start: due } = dayAround(ctx.now + days * dayMs, ctx.person.timeZone);
  const entry = { type: "plan.made", key: `plan:${ctx.id()}`, data: { lesson: lesson.id, due } };
  const made = record(ctx, programme, entry);
  return { effects: ctx.person.rhythm === null ? [made, ...gather(ctx, asking(lesson, due))] : [made], due };
}

/** Whoever gets no reminders was still promised to be asked. */
function asking(lesson: Lesson, from: number): Waiting {
  const { id } = lesson;
  const words = { words: "reminder.plan", label: "b.plan", args: { id } };
  return { id: `plan:${id}`, ...words, command: "plan", commandArgs: id, from };
}

/** The plan itself: the bold line of the lesson's last card. */
export function planText(ctx: Context, programme: Programme, lesson: Lesson): Markup {
  const card = lesson.cards.at(-1);
  const text = card ? read(ctx, programme, card.text) : [];
  const bold = text.filter(
    (block) => block.type === "paragraph" && block.children.some((child) => child.type === "strong"),
  );
  return bold.length > 0 ? bold.slice(0, 1) : text;
}

/** `plan 1.3`: how the plan of a lesson went; without a lesson the one that has waited longest. */
export const planCommand: Command = {
  takesArgs: true,
  run(given, ctx) {
    const programme = ownProgramme(ctx);
    const plans = Object.entries(ownProgress(ctx, programme).plans ?? {}).sort(([, one], [, other]) => one - other);
    const wanted = given.trim() === "" ? plans[0]?.[0] : given.trim().replace(",", ".");
    if (wanted === undefined || !plans.some(([lesson]) => lesson === wanted) || !findLesson(programme, wanted))
      return { says: [{ text: ctx.t("plan.none"), actions: ctx.here() }] };
    return {
      start: { dialog: "plan", args: { programme: programme.id, version: programme.version, lesson: wanted } },
    };
  },
};

function names(given: Args, ctx: Context) {
  const programme = pinned(ctx, given.programme, given.version);
  const found = findLesson(programme, given.lesson);
  if (!found) throw new Error(`programme "${programme.id}" has no lesson "${given.lesson}"`);
  return { programme, lesson: found.lesson };
}
