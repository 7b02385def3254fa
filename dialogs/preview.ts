import { z } from "zod";
import { checkAt } from "../src/domain/programme.ts";
import { type Context, defineDialog, type Prompt, type TimerHandler } from "../src/engine/dialog.ts";
import { askDrawn } from "./check.ts";
import { askCard, askPractice } from "./lesson.ts";
import { pinned } from "./support.ts";

const place = { programme: z.string(), version: z.string() };
/** One thing that a programme asks or says: a card, a practice question, or a question of a check. */
const args = z.discriminatedUnion("show", [
  z.object({ show: z.literal("card"), ...place, lesson: z.string(), n: z.number().int() }),
  z.object({ show: z.literal("practice"), ...place, lesson: z.string(), n: z.number().int() }),
  z.object({ show: z.literal("check"), ...place, unit: z.string(), n: z.number().int() }),
]);
type Args = z.infer<typeof args>;
const state = z.object({ at: z.literal("shown") });
type State = z.infer<typeof state>;

/** One card or question of a programme as its lesson or check would ask it, for its authors to look at. */
export const preview = defineDialog<Args, State>({
  id: "preview",
  version: 1,
  args,
  state,
  activity: () => "preview",
  start: () => ({ state: { at: "shown" } }),
  steps: { shown: { ask: (_now, ctx, given) => shown(ctx, given), take: () => ({ end: true }) } },
});

const attempt = "preview";

function shown(ctx: Context, given: Args): Prompt {
  if (given.show === "card") return askCard({ card: given.n }, ctx, given);
  if (given.show === "practice") return askPractice({ question: given.n, attempt }, ctx, given);
  const check = checkAt(pinned(ctx, given.programme, given.version), given.unit)?.check;
  const ids = (check?.bank ?? []).map(({ id }) => id);
  // The first of as many as the check draws.
  const drawn = [...ids.slice(given.n), ...ids].slice(0, check?.draw);
  return askDrawn({ attempt, drawn, n: 0, wrong: [] }, ctx, given);
}

/** Shows one card or question. No learner's timer has this name: authors look at drafts, in a store that is thrown away. */
export const previewTimer: TimerHandler = {
  kind: "reply",
  run: (data) => ({ start: { dialog: "preview", args: args.parse(data) } }),
};
