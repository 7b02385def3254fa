import type { Check, Programme, Unit } from "../src/domain/programme.ts";
import { type ProgrammeProgress, retryAt } from "../src/domain/progress.ts";
import type { Command, Context, Say } from "../src/engine/dialog.ts";
import { join, type Markup, toPlain } from "../src/engine/markup.ts";
import type { ImageRef } from "../src/engine/types.ts";
import { nextLine } from "./menu.ts";
import { unbound } from "./programme.ts";
import { isUndecided, localTime, ownProgramme, ownProgress, read } from "./support.ts";

/** Where I stand, in words and as a picture that says the same. */
export const progressCommand: Command = {
  run: (_given, ctx) => {
    const page = progressPage(ctx);
    return { says: [{ ...page, image: picture(ctx, toPlain(page.text)) }] };
  },
};

/** The same page without the picture, for platforms with a home page of their own. */
export function progressPage(ctx: Context): Say {
  if (isUndecided(ctx)) return unbound(ctx);
  const programme = ownProgramme(ctx);
  const progress = ownProgress(ctx, programme);
  return {
    text: join(
      ctx.t("progress.heading", { programme: read(ctx, programme, programme.title) }),
      ...programme.units.map((unit) => unitLine(ctx, programme, unit, progress)),
      programme.test && ctx.t("progress.test", { check: checkText(ctx, programme.test.check, progress) }),
      nextLine(ctx, programme),
    ),
    actions: [
      { label: ctx.s("b.continue"), command: "next", primary: true },
      { label: ctx.s("b.menu"), command: "menu" },
    ],
  };
}

function unitLine(ctx: Context, programme: Programme, unit: Unit, progress: ProgrammeProgress): Markup {
  return ctx.t("progress.unit", {
    unit: unit.id,
    title: read(ctx, programme, unit.title),
    done: doneIn(unit, progress),
    total: unit.lessons.length,
    check: checkText(ctx, unit.check, progress),
  });
}

function checkText(ctx: Context, check: Check, progress: ProgrammeProgress): string {
  const found = progress.checks[check.id];
  if (!found) return ctx.s("progress.check.open");
  if (found.passedAt !== null) return ctx.s("progress.check.passed", { right: found.right, of: found.of });
  const until = retryAt(found, check);
  const numbers = { right: found.right, of: found.of, pass: check.pass };
  return until > ctx.now
    ? ctx.s("progress.check.wait", { ...numbers, time: localTime(ctx, until) })
    : ctx.s("progress.check.failed", numbers);
}

function doneIn(unit: Unit, progress: ProgrammeProgress): number {
  return unit.lessons.filter((lesson) => progress.lessons[lesson.id] !== undefined).length;
}

function picture(ctx: Context, alt: string): ImageRef {
  const programme = ownProgramme(ctx);
  const progress = ownProgress(ctx, programme);
  return {
    kind: "progress",
    alt,
    data: {
      title: read(ctx, programme, programme.title),
      rows: programme.units.map((unit) => ({
        label: `${unit.id}. ${read(ctx, programme, unit.title)}`,
        done: doneIn(unit, progress),
        total: unit.lessons.length,
        note: checkText(ctx, unit.check, progress),
      })),
    },
  };
}
