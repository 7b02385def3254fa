import { z } from "zod";
import type { Programme } from "../src/domain/programme.ts";
import { type Answer, type Command, type Context, defineDialog, type Move, type Say } from "../src/engine/dialog.ts";
import { join } from "../src/engine/markup.ts";
import type { Effect } from "../src/engine/session.ts";
import { catalogue, isUndecided, ownProgramme, ownProgress, read, record } from "./support.ts";

/** `first`: part of the welcome, which goes on with days and hour. */
const args = z.object({ first: z.boolean() });
type Args = z.infer<typeof args>;
const state = z.object({ at: z.literal("choose") });
type State = z.infer<typeof state>;

/** The one question of this kind that can be open. */
const activity = "programme";

/** Which programme somebody follows. A cohort says it for its members; everybody else is asked where there are several. */
export const programme = defineDialog<Args, State>({
  id: "programme",
  version: 1,
  args,
  state,
  activity: () => activity,
  start: () => ({ state: { at: "choose" } }),
  steps: {
    choose: {
      ask: (_now, ctx) => ({
        text: join(isUndecided(ctx) ? undefined : yours(ctx), ctx.t("programme.question")),
        choices: offered(ctx).map((one) => ({ id: one.id, label: read(ctx, one, one.title) })),
      }),
      take: takeProgramme,
    },
  },
});

function takeProgramme(_now: State, answer: Answer, ctx: Context, given: Args): Move<State> {
  const chosen = answer.type === "choice" ? offered(ctx).find(({ id }) => id === answer.id) : undefined;
  if (chosen === undefined) return { unclear: true };
  const effects = followed(ctx, chosen);
  if (given.first) return { effects, end: true, next: { dialog: "rhythm", args: { first: true } } };
  const text = ctx.t("programme.yours", { programme: read(ctx, chosen, chosen.title) });
  return { effects, says: [{ text, actions: ctx.here() }], end: true };
}

/** `programme`: which one it is, and the others that there are. */
export const programmeCommand: Command = {
  run(_given, ctx) {
    if (offered(ctx).length > 1) return { start: { dialog: "programme", args: { first: false } } };
    return { says: [{ text: yours(ctx), actions: ctx.here() }] };
  },
};

/** A command that is about one's own programme: whoever has yet to say which one that is is asked first. */
export function inProgramme(command: Command): Command {
  return {
    ...command,
    run(given, ctx) {
      return isUndecided(ctx) ? { start: { dialog: "programme", args: { first: false } } } : command.run(given, ctx);
    },
  };
}

/** What stands where a programme would: for staff, who need not follow one, and for a home page. */
export function unbound(ctx: Context): Say {
  return {
    text: join(ctx.t("programme.none"), ...ctx.activities().map((one) => ctx.t("menu.open", { title: one.title }))),
    actions: [
      { label: ctx.s("b.programme"), command: "programme", primary: true },
      { label: ctx.s("b.settings"), command: "help", args: "settings" },
      { label: ctx.s("b.help"), command: "help" },
    ],
  };
}

/** What happens to the open question once a cohort has answered it. */
export function answeredByCohort(ctx: Context): {
  readonly drop?: readonly string[];
  readonly start?: { readonly dialog: string; readonly args: { readonly first: boolean } };
} {
  const open = ctx.session.activities[activity];
  if (open === undefined) return {};
  const isFirst = args.safeParse(open.args).data?.first === true;
  return { drop: [activity], ...(isFirst ? { start: { dialog: "rhythm", args: { first: true } } } : {}) };
}

/** Begins a programme, or comes back to it: the one joined last is one's own. */
export function followed(ctx: Context, chosen: Programme): readonly Effect[] {
  const key = `joined:${chosen.id}`;
  const again = ownProgress(ctx, chosen).joinedAt > 0;
  return [record(ctx, chosen, { type: "joined", key: again ? `${key}:${ctx.id()}` : key, data: {} })];
}

/** Every programme; for members of a cohort only those they have begun, for a code leads into the others. */
function offered(ctx: Context): readonly Programme[] {
  const { programmes } = catalogue(ctx);
  const begun = programmes.filter((one) => ownProgress(ctx, one).joinedAt > 0);
  return begun.some((one) => ownProgress(ctx, one).enrolment !== undefined) ? begun : programmes;
}

function yours(ctx: Context) {
  const own = ownProgramme(ctx);
  return ctx.t("programme.yours", { programme: read(ctx, own, own.title) });
}
