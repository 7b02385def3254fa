import { z } from "zod";
import type { Agreement } from "../src/domain/certification.ts";
import { localDay } from "../src/domain/clock.ts";
import type { Programme } from "../src/domain/programme.ts";
import { type Command, type Context, defineDialog } from "../src/engine/dialog.ts";
import { join } from "../src/engine/markup.ts";
import { ownProgramme, ownProgress, pinned, read, record } from "./support.ts";

const args = z.object({ programme: z.string(), version: z.string(), agreement: z.string() });
type Args = z.infer<typeof args>;
const state = z.object({ at: z.literal("read") });
type State = z.infer<typeof state>;

/** What a programme asks people to agree to: read, then said yes to in so many words. */
export const agree = defineDialog<Args, State>({
  id: "agree",
  version: 1,
  args,
  state,
  activity: (given) => `agree:${given.programme}:${given.agreement}`,
  title: (given, _now, ctx) => ctx.s("agree.title", { title: names(given, ctx).title }),
  start: () => ({ state: { at: "read" } }),
  steps: {
    read: {
      ask(_now, ctx, given) {
        const { programme, agreement, title } = names(given, ctx);
        return {
          text: join(ctx.t("agree.heading", { title }), read(ctx, programme, agreement.text), ctx.t("agree.question")),
          actions: [
            { id: "yes", label: ctx.s("b.agree"), primary: true },
            { id: "later", label: ctx.s("b.later") },
          ],
        };
      },
      take(_now, answer, ctx, given) {
        if (answer.type !== "choice") return { unclear: true };
        const { programme, agreement, title } = names(given, ctx);
        if (answer.id !== "yes")
          return { says: [{ text: ctx.t("agree.later", { title }), actions: onward(ctx) }], end: true };
        const { id, version } = agreement;
        const entry = record(ctx, programme, {
          type: "agreement",
          key: `agreement:${id}:${version}:${ctx.id()}`,
          data: { agreement: id, version, day: localDay(ctx.now, ctx.person.timeZone) },
        });
        return {
          settled: join(ctx.t("agree.heading", { title }), read(ctx, programme, agreement.text)),
          effects: [entry],
          says: [{ text: ctx.t("agree.done", { title }), actions: onward(ctx) }],
          end: true,
        };
      },
    },
  },
});

/** `agree`: what is still to be agreed to; `agree code-of-conduct`: this one, also to read it again. */
export const agreeCommand: Command = {
  takesArgs: true,
  run(given, ctx) {
    const programme = ownProgramme(ctx);
    const all = programme.certification?.agreements ?? [];
    const known = ownProgress(ctx, programme).facts?.agreements ?? {};
    const open = all.filter((one) => known[one.id]?.version !== one.version);
    const found = given === "" ? open[0] : all.find((one) => one.id === given.trim());
    if (found === undefined) {
      const again = all.map((one) => ({ label: read(ctx, programme, one.title), command: "agree", args: one.id }));
      return {
        says: [{ text: ctx.t(all.length === 0 ? "agree.none" : "agree.all"), actions: [...again, ...ctx.here()] }],
      };
    }
    return {
      start: { dialog: "agree", args: { programme: programme.id, version: programme.version, agreement: found.id } },
    };
  },
};

function onward(ctx: Context) {
  return [
    { label: ctx.s("b.path"), command: "path", primary: true },
    { label: ctx.s("b.menu"), command: "menu" },
  ];
}

function names(given: Args, ctx: Context): { programme: Programme; agreement: Agreement; title: string } {
  const programme = pinned(ctx, given.programme, given.version);
  const agreement = programme.certification?.agreements.find((one) => one.id === given.agreement);
  if (agreement === undefined) throw new Error(`programme "${programme.id}" has no agreement "${given.agreement}"`);
  return { programme, agreement, title: read(ctx, programme, agreement.title) };
}
