import { z } from "zod";
import { dayMs } from "../src/domain/durations.ts";
import { checkAt, type Programme } from "../src/domain/programme.ts";
import { type Command, type Context, defineDialog, type PromptAction } from "../src/engine/dialog.ts";
import type { Effect } from "../src/engine/session.ts";
import { gather } from "./reminder.ts";
import { ownProgramme, ownProgress, pinned, read, record } from "./support.ts";
import type { Waiting } from "./waiting.ts";

const args = z.object({ programme: z.string(), version: z.string(), unit: z.string() });
type Args = z.infer<typeof args>;

const state = z.discriminatedUnion("at", [
  z.object({ at: z.literal("clear") }),
  z.object({ at: z.literal("useful"), clear: z.number().int() }),
  z.object({ at: z.literal("line") }),
]);
type State = z.infer<typeof state>;

const marks = ["1", "2", "3", "4", "5"] as const;
/** Letters of a line; what is longer is cut. */
const mostLetters = 500;
/** How long after the end of a programme its learners are asked whether they use it. */
const usedMs = 90 * dayMs;

/** Two taps after a unit, and one line for whoever wants to write one. It begins only when somebody presses its button. */
export const unitFeedback = defineDialog<Args, State>({
  id: "unitfeedback",
  version: 1,
  args,
  state,
  activity: (given) => `unitfeedback:${given.programme}:${given.unit}`,
  title: (given, _now, ctx) => ctx.s("quality.title", { unit: titleOf(ctx, given) }),
  start: () => ({ state: { at: "clear" } }),
  steps: {
    clear: {
      ask: (_now, ctx, given) => ({
        text: [...ctx.t("quality.ask", { unit: titleOf(ctx, given) }), ...ctx.t("quality.clear")],
        ...scale(ctx),
      }),
      take(_now, answer, ctx, given) {
        if (answer.type !== "choice") return { unclear: true };
        if (answer.id === "skip") return skipped(ctx, given);
        return { state: { at: "useful", clear: Number(answer.id) } };
      },
    },
    useful: {
      ask: (_now, ctx) => ({ text: ctx.t("quality.useful"), ...scale(ctx) }),
      take(now, answer, ctx, given) {
        if (answer.type !== "choice") return { unclear: true };
        if (answer.id === "skip") return skipped(ctx, given);
        const data = { unit: given.unit, clear: now.clear, useful: Number(answer.id) };
        return { state: { at: "line" }, effects: [keep(ctx, given, "unit.feedback", data)] };
      },
    },
    line: {
      ask: (_now, ctx) => ({
        text: ctx.t("quality.line"),
        actions: [{ id: "none", label: ctx.s("b.quality.noline"), primary: true }],
        free: true,
      }),
      take(_now, answer, ctx, given) {
        const said = { says: [{ text: ctx.t("quality.thanks"), actions: ctx.here() }], end: true as const };
        const text = answer.type === "text" ? answer.text.replace(/\s+/gu, " ").trim() : "";
        if (text === "") return said;
        const data = { ...given, text: [...text].slice(0, mostLetters).join("") };
        return { ...said, effects: [{ type: "job", name: "feedback", data }] };
      },
    },
  },
});

function scale(ctx: Context): { choices: { id: string; label: string }[]; actions: PromptAction[] } {
  return {
    choices: marks.map((id) => ({ id, label: ctx.s(`quality.mark.${id}`) })),
    actions: [{ id: "skip", label: ctx.s("b.quality.skip") }],
  };
}

function skipped(ctx: Context, given: Args) {
  return {
    effects: [keep(ctx, given, "unit.feedback.skipped", { unit: given.unit })],
    says: [{ text: ctx.t("quality.skipped"), actions: ctx.here() }],
    end: true as const,
  };
}

/** Answered or skipped is one entry: the second of them could not be written. */
function keep(ctx: Context, given: Args, type: string, data: { readonly [key: string]: string | number }): Effect {
  const programme = pinned(ctx, given.programme, given.version);
  return record(ctx, programme, { type, key: `feedback:${given.unit}:${programme.version}`, data });
}

function wanted(ctx: Context, programme: Programme, unit: string): boolean {
  const progress = ownProgress(ctx, programme);
  return checkAt(programme, unit)?.isTest === false && progress.feedback?.[unit] !== programme.version;
}

/** `feedback 1`: asks about a unit whose check is passed, once for each version of it. */
export const feedbackCommand: Command = {
  takesArgs: true,
  run(given, ctx) {
    const programme = ownProgramme(ctx);
    const { checks } = ownProgress(ctx, programme);
    const open = programme.units.filter(
      ({ id, check }) => checks[check.id]?.passedAt != null && wanted(ctx, programme, id),
    );
    const unit = given.trim() === "" ? open.at(-1) : open.find(({ id }) => id === given.trim());
    if (unit === undefined) return { says: [{ text: ctx.t("quality.none"), actions: ctx.here() }] };
    const own = { programme: programme.id, version: programme.version, unit: unit.id };
    return { start: { dialog: "unitfeedback", args: own } };
  },
};

/** The button under a passed check; none where it was answered, or is the test over all units. */
export function feedbackButton(
  ctx: Context,
  programme: Programme,
  unit: string,
): readonly { readonly label: string; readonly command: string; readonly args: string }[] {
  return wanted(ctx, programme, unit) ? [{ label: ctx.s("b.quality.feedback"), command: "feedback", args: unit }] : [];
}

/**
 * The question that goes with a push three months after the last check: whether what was learnt is used. A unit is never pushed: its
 * button waits where its result stands. Whoever wants no reminders is not asked unasked.
 */
export function askUsed(ctx: Context, waiting: readonly Waiting[]): readonly Effect[] {
  if (ctx.person.rhythm === null) return [{ type: "session", changes: { waiting } }];
  const label = "b.quality.feedback";
  const thing = { id: "used", words: "quality.used.gathered", label, args: {}, command: "used", commandArgs: "" };
  return gather({ ...ctx, session: { ...ctx.session, waiting } }, { ...thing, from: ctx.now + usedMs });
}

function titleOf(ctx: Context, given: Args): string {
  const programme = pinned(ctx, given.programme, given.version);
  const unit = programme.units.find(({ id }) => id === given.unit);
  return unit === undefined ? given.unit : read(ctx, programme, unit.title);
}
