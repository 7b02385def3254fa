import { z } from "zod";
import { assumedZone } from "../src/domain/zones.ts";
import { type Answer, type Context, defineDialog, type Move } from "../src/engine/dialog.ts";
import { join } from "../src/engine/markup.ts";
import type { Effect } from "../src/engine/session.ts";
import { languageChoices } from "./language.ts";
import { codeOf, useCode } from "./link.ts";
import { followed } from "./programme.ts";
import { isUndecided, ownProgramme, read } from "./support.ts";

/** What the first message was: a join code is taken care of after the welcome. */
const args = z.object({ command: z.string(), args: z.string() });
type Args = z.infer<typeof args>;
const state = z.object({ at: z.literal("language") });
type State = z.infer<typeof state>;

/**
 * First contact: who writes, why and who sees answers, how often, how to stop; then language, the programme where there are
 * several and no code that leads into one, and days and hour. Choosing a language, and a programme, is the yes to the course.
 */
export const welcome = defineDialog<Args, State>({
  id: "welcome",
  version: 1,
  args,
  state,
  activity: () => "welcome",
  start: (given) => ({ state: { at: "language" }, effects: invitee(given) }),
  steps: {
    language: {
      ask: (_now, ctx) => ({
        text: join(
          ctx.t("welcome.intro", {
            known: isUndecided(ctx) ? "no" : "yes",
            programme: read(ctx, ownProgramme(ctx), ownProgramme(ctx).title),
          }),
          ctx.t("language.question"),
        ),
        choices: languageChoices(ctx),
      }),
      take: takeLanguage,
    },
  },
});

/** Whoever comes with an invitation may have been invited in a language of their own. */
function invitee(given: Args): readonly Effect[] {
  const found = codeOf(given.command, given.args);
  return found?.kind === "join" ? [{ type: "job", name: "invitee", data: { code: found.code } }] : [];
}

function takeLanguage(_now: State, answer: Answer, ctx: Context, given: Args): Move<State> {
  if (answer.type !== "choice") return { unclear: true };
  const found = codeOf(given.command, given.args);
  const brings = found?.kind === "join" || found?.kind === "here" ? [useCode(found, ctx.now)] : [];
  const undecided = isUndecided(ctx);
  const effects: Effect[] = [
    {
      type: "person",
      // The zone of the language's country until the person or a platform says another one; the summary names it.
      changes: { language: answer.id, ...(ctx.person.timeZoneKnown ? {} : { timeZone: assumedZone(answer.id) }) },
    },
    ...(undecided ? [] : followed(ctx, ownProgramme(ctx))),
    ...brings,
  ];
  // A code may lead into a cohort, which says the programme.
  const next = undecided && brings.length === 0 ? "programme" : "rhythm";
  return { effects, end: true, next: { dialog: next, args: { first: true } } };
}
