import { yearAround } from "../src/domain/calendar.ts";
import { localDay } from "../src/domain/clock.ts";
import { hoursByKind, ledger, minutesIn } from "../src/domain/hours.ts";
import { hoursText, titleOf } from "../src/domain/missing.ts";
import type { Programme } from "../src/domain/programme.ts";
import type { Command, Context, Say } from "../src/engine/dialog.ts";
import { join, type Markup } from "../src/engine/markup.ts";
import { sayingTo } from "./standing.ts";
import { dayText, ownProgramme, ownProgress, read } from "./support.ts";

/** `hours`: what is there of what is asked for, by kind and by unit, and this year. */
export const hoursCommand: Command = {
  run(_given, ctx) {
    const programme = ownProgramme(ctx);
    if (programme.hours === undefined) return { says: [{ text: ctx.t("hours.none"), actions: ctx.here() }] };
    return { says: [page(ctx, programme, programme.hours)] };
  },
};

function page(ctx: Context, programme: Programme, plan: NonNullable<Programme["hours"]>): Say {
  const { timeZone } = ctx.person;
  const today = localDay(ctx.now, timeZone);
  const lines = ledger(programme, ownProgress(ctx, programme), timeZone);
  const year = yearAround(today, plan.yearStarts);
  const units = programme.units.flatMap((unit): Markup[] => {
    const minutes = minutesIn(lines, { unit: unit.id });
    if (minutes === 0) return [];
    return [ctx.t("hours.unit", { unit: unit.id, title: read(ctx, programme, unit.title), have: text(minutes) })];
  });
  function text(minutes: number): string {
    return hoursText(ctx, programme, minutes);
  }
  return {
    text: join(
      ctx.t("hours.heading", { programme: read(ctx, programme, programme.title) }),
      ...hoursByKind(programme, lines, today).map(({ kind, minutes, target }) => {
        const facts = { kind: titleOf(sayingTo(ctx), programme, plan.kinds, kind), have: text(minutes) };
        return target === undefined
          ? ctx.t("hours.kind", facts)
          : ctx.t("hours.target", { ...facts, need: text(target) });
      }),
      ctx.t("hours.year", {
        have: text(minutesIn(lines, year)),
        from: dayText(ctx, year.from),
        to: dayText(ctx, year.to),
      }),
      units.length > 0 ? ctx.t("hours.units") : undefined,
      ...units,
      ctx.t("hours.rule", { minutes: plan.minutesPerHour }),
    ),
    actions: [
      ...(programme.certification === undefined ? [] : [{ label: ctx.s("b.path"), command: "path" }]),
      { label: ctx.s("b.menu"), command: "menu" },
    ],
  };
}
