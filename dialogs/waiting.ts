import { z } from "zod";
import type { Context, PromptAction } from "../src/engine/dialog.ts";
import type { Markup } from "../src/engine/markup.ts";
import type { Session } from "../src/engine/session.ts";
import type { Json } from "../src/engine/types.ts";

/** Something to be said with the next push: one line of text and the command behind its button. */
const thing = z.object({
  /** A thing of an id waits once; the later one takes its place. */
  id: z.string(),
  /** The key of the text, and of the button's label. */
  words: z.string(),
  label: z.string(),
  /** Arguments of both texts. */
  args: z.record(z.string(), z.union([z.string(), z.number()])),
  command: z.string(),
  commandArgs: z.string(),
  /** Not said before this instant, epoch milliseconds. */
  from: z.number().optional(),
  /** Not said after this instant, epoch milliseconds: nobody is reminded of what is over. */
  until: z.number().optional(),
});
export type Waiting = z.infer<typeof thing>;

/** Lines of one message; what is over waits for the next. */
const mostLines = 8;
/** Buttons beside the primary one. */
const mostButtons = 3;

/** What waits, the oldest first. What another version wrote and nobody can read any more is left out. */
export function waitingIn(session: Session): readonly Waiting[] {
  return (session.waiting ?? []).flatMap((one) => {
    const read = thing.safeParse(one);
    return read.success ? [read.data] : [];
  });
}

/** `waiting` with more things, and without those of the ids in `gone`. */
export function withThings(session: Session, added: readonly Waiting[], gone: readonly string[] = []): readonly Json[] {
  const replaced = new Set([...added.map(({ id }) => id), ...gone]);
  return [...waitingIn(session).filter(({ id }) => !replaced.has(id)), ...added];
}

/** A line of a push with its button. */
export interface Line {
  readonly text: Markup;
  readonly action: Exclude<PromptAction, { id: string }>;
}

export function lineOf(ctx: Context, { words, label, args, command, commandArgs }: Waiting): Line {
  return { text: ctx.t(words, args), action: { label: ctx.s(label, args), command, args: commandArgs } };
}

/**
 * What is due as one message: the first line's button is the primary one. `said` is how many lines it holds. Several lines
 * stand under one heading, as a list.
 */
export function gathered(
  ctx: Context,
  due: readonly Line[],
): { readonly text: Markup; readonly actions: readonly Line["action"][]; readonly said: number } {
  const shown = due.slice(0, mostLines);
  const actions = shown
    .slice(0, 1 + mostButtons)
    .map(({ action }, index) => (index === 0 ? { ...action, primary: true } : action));
  const [only] = shown;
  if (shown.length === 1 && only) return { text: only.text, actions, said: 1 };
  const heading = ctx.t("clock.gathered", { n: due.length });
  const items = shown.map(({ text }) => text.flatMap((block) => (block.type === "paragraph" ? block.children : [])));
  return { text: [...heading, { type: "list", ordered: false, items }], actions, said: shown.length };
}
