import type { Context, Dialog, Move, Script, Step } from "./dialog.ts";
import type { Markup } from "./markup.ts";
import type { Activity } from "./session.ts";

/** A state whose shape only its dialog knows. */
export type AnyState = { readonly at: string };
/** A dialog as the engine calls it, its types behind it. */
export type AnyDialog = Omit<Dialog, "start" | "steps" | "title" | "recap" | "activity"> & {
  activity(args: unknown): string;
  start(args: unknown, ctx: Context): Move<AnyState>;
  title?(args: unknown, state: AnyState, ctx: Context): string;
  recap?(args: unknown, state: AnyState, ctx: Context): Markup;
  readonly steps: { readonly [at: string]: Step<AnyState, AnyState, unknown> };
};

/** An activity's place, read and checked. */
export interface Place {
  readonly dialog: AnyDialog;
  readonly args: unknown;
  readonly state: AnyState;
}

/** What an activity has stored, lifted to today's shape; undefined where it cannot be read. */
export function readPlace(script: Script, activity: Activity): Place | undefined {
  const dialog = script.dialogs[activity.dialog] as unknown as AnyDialog | undefined;
  if (!dialog) return undefined;
  const args = dialog.args.safeParse(activity.args);
  const state = dialog.state.safeParse(lift(dialog, activity));
  if (!args.success || !state.success || !dialog.steps[(state.data as AnyState).at]) return undefined;
  return { dialog, args: args.data, state: state.data };
}

/** The dialog of an id. A script that names one it does not have is a bug. */
export function dialogOf(script: Script, id: string): AnyDialog {
  const dialog = script.dialogs[id];
  if (!dialog) throw new Error(`the script has no dialog "${id}"`);
  return dialog as unknown as AnyDialog;
}

/** State of an older version, lifted step by step to the dialog's own. */
function lift(dialog: AnyDialog, activity: Activity): unknown {
  let state: unknown = activity.state;
  for (let version = activity.version; version < dialog.version; version += 1) {
    const upgrade = dialog.upgrade?.[version] as ((old: unknown) => unknown) | undefined;
    if (!upgrade) return undefined;
    state = upgrade(state);
  }
  return activity.version > dialog.version ? undefined : state;
}
