import { checkAt, finalTestPlace, type Programme } from "../src/domain/programme.ts";
import type { Command, Context, Say } from "../src/engine/dialog.ts";
import { join, type Markup } from "../src/engine/markup.ts";
import { argsFor as checkArgs } from "./check.ts";
import { argsFor as lessonArgs } from "./lesson.ts";
import { inProgramme, unbound } from "./programme.ts";
import { dueFor } from "./review.ts";
import { findLesson, isUndecided, localDate, localTime, nextFor, ownProgramme, read } from "./support.ts";

/** What is open, with the next step first. */
export const menuCommand: Command = {
  run(given, ctx) {
    // Staff look after learners and need not be one.
    if (isUndecided(ctx) && ctx.person.roles.length > 0) return { says: [unbound(ctx)] };
    return learnersMenu.run(given, ctx);
  },
};

const learnersMenu = inProgramme({ run: (_given, ctx) => ({ says: [menu(ctx)] }) });

function menu(ctx: Context): Say {
  const programme = ownProgramme(ctx);
  const open = ctx.activities();
  return {
    text: join(
      ctx.t("menu.heading", { programme: read(ctx, programme, programme.title) }),
      ...open.map((one) => ctx.t("menu.open", { title: one.title })),
      open.length === 0 ? nextLine(ctx, programme) : undefined,
    ),
    actions: [
      ...(open.length === 0
        ? [{ label: ctx.s("b.next"), command: "next", primary: true }]
        : open.slice(0, 3).map((one, index) => ({
            label: shortened(one.title),
            command: "next",
            args: one.id,
            primary: index === 0,
          }))),
      ...(dueFor(ctx, programme).today.length > 0 ? [{ label: ctx.s("b.review"), command: "review" }] : []),
      { label: ctx.s("b.progress"), command: "progress" },
      ...(programme.framework ? [{ label: ctx.s("b.self"), command: "assess" }] : []),
      { label: ctx.s("b.lessons"), command: "lesson" },
      { label: ctx.s("b.savedcards"), command: "saved" },
      { label: ctx.s("b.settings"), command: "help", args: "settings" },
      { label: ctx.s("b.help"), command: "help" },
    ],
  };
}

/** The next step in one line: what it is and how long it takes. */
export function nextLine(ctx: Context, programme: Programme): Markup {
  const next = nextFor(ctx, programme);
  switch (next.type) {
    case "lesson": {
      const found = findLesson(programme, next.lesson);
      if (!found) return [];
      const { lesson, unit, index } = found;
      return ctx.t("next.lesson", {
        title: read(ctx, programme, lesson.title),
        n: index + 1,
        total: unit.lessons.length,
        minutes: lesson.minutes,
      });
    }
    case "check": {
      const { draw = 0, minutes = 0 } = checkAt(programme, next.unit)?.check ?? {};
      return ctx.t(next.unit === finalTestPlace ? "next.test" : "next.check", { n: draw, minutes });
    }
    case "later":
      return ctx.t("cohorts.later", { day: localDate(ctx, next.until) });
    case "wait":
      return ctx.t(next.unit === finalTestPlace ? "next.test.wait" : "next.wait", { time: localTime(ctx, next.until) });
    case "done":
      return ctx.t("next.done");
  }
}

/** `next`: the open question of the activity that moved last (or of the one named), else the next step. */
export const nextCommand: Command = {
  takesArgs: true,
  run(given, ctx) {
    if (given !== "" && ctx.session.activities[given]) return { resume: given };
    const focus = ctx.session.focus;
    if (focus !== null) return { resume: focus };
    const open = ctx.activities()[0];
    if (open) return { resume: open.id };
    return step.run("", ctx);
  },
};

/** What comes next in one's own programme. */
const step = inProgramme({
  run(_given, ctx) {
    const programme = ownProgramme(ctx);
    const next = nextFor(ctx, programme);
    if (next.type === "lesson") return { start: { dialog: "lesson", args: lessonArgs(programme, next.lesson) } };
    if (next.type === "check") return { start: { dialog: "check", args: checkArgs(programme, next.unit) } };
    if (dueFor(ctx, programme).today.length > 0)
      return { start: { dialog: "review", args: { programme: programme.id, version: programme.version } } };
    return {
      says: [
        {
          text: nextLine(ctx, programme),
          actions: [
            { label: ctx.s("b.progress"), command: "progress" },
            { label: ctx.s("b.menu"), command: "menu" },
          ],
        },
      ],
    };
  },
});

/** `back`: one card back where that is possible. */
export const backCommand: Command = {
  run(_given, ctx) {
    const focus = ctx.session.focus === null ? undefined : ctx.session.activities[ctx.session.focus];
    if (focus?.open.options.some((option) => option.id === "back")) return { answer: "back" };
    return { says: [{ text: ctx.t("back.none"), actions: ctx.here() }] };
  },
};

function shortened(title: string): string {
  return title.length <= 40 ? title : `${title.slice(0, 39).trimEnd()}…`;
}
