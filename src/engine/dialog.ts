import type { z } from "zod";
import type { Markup } from "./markup.ts";
import type { Effect, PersonState, RecordEntry, Session } from "./session.ts";
import type { ImageRef, Json, OutgoingKind } from "./types.ts";

/** What a question shows and what it takes. The engine gives it a token, marks and letters. */
export interface Prompt {
  readonly text: Markup;
  readonly image?: ImageRef;
  /** Options of a question, in the order shown. They get marks: letters, or numbers where letters mislead. */
  readonly choices?: readonly { readonly id: string; readonly label: string }[];
  /** Buttons beside the answers. */
  readonly actions?: readonly PromptAction[];
  /** Whether free text is an answer too. */
  readonly free?: boolean;
  /** The domain key of the answer, where the answer is recorded. */
  readonly key?: string;
}

export type PromptAction = {
  readonly label: string;
  readonly primary?: boolean;
} /** Answers this question: the step gets the id. */ & (
  | { readonly id: string }
  /** Runs a command; works for ever, whatever happened to the question. */
  | { readonly command: string; readonly args?: string }
  | { readonly url: string }
);

/** What a step gets: the id of a choice or an action, or free text. */
export type Answer =
  | {
      readonly type: "choice";
      readonly id: string;
      readonly label: string;
      /** What was typed, where no button was pressed: the step may know a better reading. */
      readonly typed?: string;
    }
  | { readonly type: "text"; readonly text: string };

/** A message that asks nothing of its own. Its buttons may run commands. */
export interface Say {
  readonly text: Markup;
  readonly image?: ImageRef;
  readonly actions?: readonly Exclude<PromptAction, { id: string }>[];
}

/** What a step says beside where it goes. */
export interface Said {
  /** How the answered message looks from now on, without buttons. Without it the message keeps its text and loses its buttons. */
  readonly settled?: Markup;
  /** What the answer was worth. Stands in `settled` too; said again on top of what follows where the answer was typed, far below the question. */
  readonly feedback?: Markup;
  readonly says?: readonly Say[];
  readonly effects?: readonly Effect[];
  /** A short text for platforms that show one beside the pressed button. */
  readonly notice?: string;
}

/** What a step decides: go on at a state (its question is asked next), or end and perhaps start another dialog. */
export type Move<State> =
  | (Said & { readonly state: State })
  | (Said & { readonly end: true; readonly next?: { readonly dialog: string; readonly args: Json } })
  /**
   * The question stays open; its message is renewed in place. For saving a card, for example, or, with another state, for ticking
   * one of several answers. The buttons keep their letters, so the new state must offer the same answers.
   */
  | (Said & { readonly stay: true; readonly state?: State })
  /** The answer fits nothing here: the engine says so and asks again. */
  | { readonly unclear: true };

export interface Step<State, Any extends { at: string }, Args> {
  /** The question of this state. Pure, so that it can be asked again at any time. */
  ask(state: State, ctx: Context, args: Args): Prompt;
  take(state: State, answer: Answer, ctx: Context, args: Args): Move<Any>;
}

export interface DialogSpec<Args, State extends { at: string }> {
  readonly id: string;
  /** Raise it when State changes shape, and say in `upgrade` how the old one becomes the new one. */
  readonly version: number;
  readonly args: z.ZodType<Args>;
  readonly state: z.ZodType<State>;
  /** n → n + 1, each with its reason. */
  readonly upgrade?: { readonly [from: number]: (old: never) => unknown };
  /** The activity these arguments are about. Starting it again resumes it. */
  activity(args: Args): string;
  start(args: Args, ctx: Context): Move<State>;
  /** What this activity is called in menus and recaps; undefined for short exchanges that no menu lists. */
  title?(args: Args, state: State, ctx: Context): string;
  /** One or two lines for somebody who comes back after a week. */
  recap?(args: Args, state: State, ctx: Context): Markup;
  readonly steps: { readonly [At in State["at"]]: Step<Extract<State, { at: At }>, State, Args> };
}

/** A dialog whose types are behind it; the engine validates args and state with its schemas. */
export type Dialog = DialogSpec<never, never> & { readonly id: string };

/**
 * Checks a dialog's types and forgets them. Give both generics explicitly: inferring them inside one literal
 * widens `at` to `string`.
 */
export function defineDialog<Args, State extends { at: string }>(spec: DialogSpec<Args, State>): Dialog {
  return spec as unknown as Dialog;
}

/** A command answers at once and leaves the open question alone, or starts a dialog. */
export interface CommandResult {
  readonly says?: readonly Say[];
  readonly effects?: readonly Effect[];
  readonly start?: { readonly dialog: string; readonly args: Json };
  /** Gives the answer to the open question: `back`, for example. */
  readonly answer?: string;
  /** Goes back to an open activity and asks its question again. */
  readonly resume?: string;
  /** Activities that go before anything else happens: what their questions show is out of date. */
  readonly drop?: readonly string[];
}

export interface Command {
  /** Whether words after the name belong to it: `find trust`. */
  readonly takesArgs?: boolean;
  run(args: string, ctx: Context): CommandResult;
}

/** What a timer does when it is due: like a command, but its messages are reminders. */
export interface TimerHandler {
  /**
   * The class its messages leave in. `reply`: a human's answer, or a change the person must know of (a session moved); it leaves
   * at once, and neither the daily cap nor free days hold it back. Everything else is a push: it belongs into `waiting`,
   * so that one message gathers what is due.
   */
  readonly kind: OutgoingKind;
  run(data: Json, due: number, ctx: Context): CommandResult;
}

/** Everything a dialog may know. No platform, no clock, no database. */
export interface Context {
  /** Epoch milliseconds. */
  readonly now: number;
  /** 0 ≤ x < 1, seeded per turn. */
  readonly random: () => number;
  /** A fresh id nobody can guess, for attempts and codes. */
  readonly id: () => string;
  readonly language: string;
  /** A text with markup in the person's language. */
  readonly t: (key: string, args?: Record<string, string | number>) => Markup;
  /** A plain text in the person's language, for labels. */
  readonly s: (key: string, args?: Record<string, string | number>) => string;
  readonly words: import("./adapter.ts").Words;
  readonly person: PersonState;
  readonly session: Session;
  /** The learner's progress, computed from the record (`domain/progress.ts`). The engine passes it through. */
  readonly progress: Json;
  /** Content packs (`domain/programme.ts`). The engine passes them through. */
  readonly content: unknown;
  /** The product's public address, for links. */
  readonly publicUrl: string | undefined;
  /** Open activities that have a title, the latest first. */
  readonly activities: () => readonly OpenActivity[];
  /** Buttons for the way on: continue, and the menu. */
  readonly here: () => readonly Exclude<PromptAction, { id: string }>[];
}

/** An open activity as menus list it. */
export interface OpenActivity {
  readonly id: string;
  readonly title: string;
  /** When it last moved, epoch milliseconds. */
  readonly at: number;
  readonly dialog: string;
  readonly args: Json;
}

/** The whole conversation, as the composition root puts it together. */
export interface Script {
  readonly dialogs: { readonly [id: string]: Dialog };
  readonly commands: { readonly [name: string]: Command };
  readonly timers: { readonly [name: string]: TimerHandler };
  /** The dialog a new person meets first. */
  readonly welcome: string;
  /** The command for "where am I", offered wherever nothing else fits. */
  readonly home: string;
  /** What somebody may do before the welcome: take a link code on a second platform, for example. */
  skipsWelcome(command: string, args: string): boolean;
  /** Done at the end of everything a person does: arms the next reminder. */
  after(ctx: Context): readonly Effect[];
  /** The person's home page on platforms that have one. */
  page(ctx: Context): Say;
  /** What is said to typed text that the guard took out; the open question stays open. */
  withheld(danger: boolean, findings: readonly string[], ctx: Context): readonly Say[];
  /** What is said to a file, which nobody fetches. Without it one sentence of the engine. */
  file?(ctx: Context): CommandResult;
  /** What is said when a question is answered a second time; `data` is the recorded answer. */
  answered(data: Json, ctx: Context): Say;
  /** Adds what was recorded in this turn to the progress, so that what is said next is right. */
  project(progress: Json, entries: readonly RecordEntry[]): Json;
}
