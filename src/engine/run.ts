import type { Decision, Snapshot, TurnContext, TurnReply } from "./decision.ts";
import type { Answer, Context, Move, PromptAction, Say, Script } from "./dialog.ts";
import { type Markup, plainText } from "./markup.ts";
import { type AnyDialog, type AnyState, dialogOf, type Place, readPlace } from "./place.ts";
import { showAgain, showPrompt, showSay } from "./prompt.ts";
import type { Activity, Effect, PersonState, RecordEntry, Session, TokenCommands } from "./session.ts";
import type { Json, OutgoingKind, Reply } from "./types.ts";

/** A dialog may hand over to another one at most this often in one turn. */
const mostGotos = 8;

/** One turn under way: what has been decided so far. Lives for the length of `takeTurn`. */
export type Run = ReturnType<typeof createRun>;

export function createRun(script: Script, snapshot: Snapshot, turn: TurnContext) {
  const { words } = turn;
  let session: Session = snapshot.session;
  let person: PersonState = snapshot.person;
  let progress = snapshot.progress;
  let kind: OutgoingKind = "reply";
  let notice: string | undefined;
  let renewed = 0;
  let gotos = 0;
  let typed = false;
  let onTop: Markup | undefined;
  let known: Context | undefined;
  const effects: Effect[] = [];
  const replies: TurnReply[] = [];
  const edits: TurnReply[] = [];

  /** Made anew when something it shows has changed, so that what is said next is right. */
  const ctx = (): Context => {
    if (known) return known;
    const language = person.language ?? words.languages[0] ?? "en";
    known = {
      now: turn.now,
      random: turn.random,
      id: turn.id,
      language,
      t: (key, args) => words.markup(language, key, args),
      s: (key, args) => words.text(language, key, args),
      words,
      person,
      session,
      progress,
      content: turn.content,
      publicUrl: turn.publicUrl,
      activities: () => listed(),
      here: () => here(),
    };
    return known;
  };

  const change = (changes: Partial<Session>): void => {
    session = { ...session, ...changes };
    known = undefined;
  };

  const apply = (given: readonly Effect[]): void => {
    const entries: RecordEntry[] = [];
    for (const effect of given) {
      if (effect.type === "person") {
        person = { ...person, ...effect.changes };
      } else if (effect.type === "session") change(effect.changes);
      else effects.push(effect);
      if (effect.type === "record") entries.push(effect.entry);
    }
    if (entries.length > 0) progress = script.project(progress, entries);
    known = undefined;
  };

  const push = (reply: Reply): void => {
    replies.push({ kind, reply: onTop ? { ...reply, text: [...onTop, ...reply.text] } : reply });
    onTop = undefined;
  };

  const drop = (id: string): void => {
    const { [id]: _dropped, ...activities } = session.activities;
    // A short exchange ends: the question that was open before is open again.
    const latest = Object.values(activities).sort((one, other) => other.at - one.at)[0];
    change({ activities, focus: session.focus === id ? (latest?.id ?? null) : session.focus });
  };

  const read = (activity: Activity): Place | undefined => readPlace(script, activity);

  /** A state nobody can read any more: the activity goes, the person is told, progress stays. */
  const renew = (activity: Activity): void => {
    renewed += 1;
    drop(activity.id);
    say({ text: ctx().t("turn.renewed"), actions: here() });
  };

  const ask = (dialog: AnyDialog, id: string, args: unknown, state: AnyState, before: Activity | undefined): void => {
    const step = dialog.steps[state.at];
    if (!step) throw new Error(`dialog "${dialog.id}" has no step "${state.at}"`);
    const prompt = step.ask(state, ctx(), args);
    // The same question asked again keeps its token: an answer to either message is the same answer.
    const token = before?.open.token ?? turn.id();
    const shown = showPrompt(prompt, token, ctx());
    if (!before) {
      effects.push({
        type: "token",
        token,
        meaning: {
          type: "step",
          activity: id,
          ...(prompt.key ? { key: prompt.key } : {}),
          ...(shown.commands ? { commands: shown.commands } : {}),
        },
      });
    }
    const activity: Activity = {
      id,
      dialog: dialog.id,
      version: dialog.version,
      args: args as Json,
      state: state as unknown as Json,
      open: shown.open,
      at: turn.now,
    };
    change({ activities: { ...session.activities, [id]: activity }, focus: id });
    push(shown.reply);
  };

  const follow = (
    dialog: AnyDialog,
    id: string,
    args: unknown,
    move: Move<AnyState>,
    from: Activity | undefined,
    question: (() => Markup) | undefined,
  ): void => {
    if ("unclear" in move) throw new Error(`dialog "${dialog.id}" began with an unclear answer`);
    apply(move.effects ?? []);
    if (move.notice !== undefined) notice = move.notice;
    if ("stay" in move) return stay(dialog, args, from, move.state, move.notice);
    if (from) {
      const text = move.settled ?? question?.();
      if (text && from.open.options.length > 0) edits.push({ kind, reply: { text }, edits: from.open.token });
    }
    if (typed && move.feedback) onTop = move.feedback;
    for (const one of move.says ?? []) say(one);
    if ("state" in move) return ask(dialog, id, args, move.state, undefined);
    drop(id);
    if (move.next) begin(move.next.dialog, move.next.args);
  };

  /** The open message is renewed in place; somebody who typed is told in words. */
  const stay = (
    dialog: AnyDialog,
    args: unknown,
    from: Activity | undefined,
    given: AnyState | undefined,
    told: string | undefined,
  ): void => {
    const state = given ?? (from && (from.state as unknown as AnyState));
    const step = state && dialog.steps[state.at];
    if (!from || !step) throw new Error(`dialog "${dialog.id}" cannot stay where it has not been`);
    const shown = showPrompt(step.ask(state, ctx(), args), from.open.token, ctx());
    edits.push({ kind, reply: shown.reply, edits: from.open.token });
    const activity: Activity = { ...from, state: state as unknown as Json, open: shown.open, at: turn.now };
    change({ activities: { ...session.activities, [from.id]: activity } });
    if (typed && told !== undefined) push({ text: plainText(told) });
  };

  /** Starts a dialog, or comes back to the place where it was left. */
  const begin = (dialogId: string, given: Json): void => {
    gotos += 1;
    if (gotos > mostGotos) throw new Error(`more than ${mostGotos} dialogs in one turn, the last one "${dialogId}"`);
    const dialog = dialogOf(script, dialogId);
    const args: unknown = dialog.args.parse(given);
    const id = dialog.activity(args);
    const open = session.activities[id];
    if (open) return again(open);
    follow(dialog, id, args, dialog.start(args, ctx()), undefined, undefined);
  };

  const answer = (activity: Activity, given: Answer): "taken" | "unclear" => {
    const found = read(activity);
    const step = found?.dialog.steps[found.state.at];
    if (!found || !step) {
      renew(activity);
      return "taken";
    }
    const move = step.take(found.state, given, ctx(), found.args);
    if ("unclear" in move) return "unclear";
    change({ fallbacks: 0, focus: activity.id });
    const before = ctx();
    // A marked answer stays visible with its question; "next" on a button says nothing worth keeping.
    const marked =
      given.type === "choice" && activity.open.options.some((option) => option.id === given.id && option.mark !== "");
    const question = (): Markup => [
      ...step.ask(found.state, before, found.args).text,
      ...(marked ? before.t("answer.yours", { answer: given.label }) : []),
    ];
    follow(found.dialog, activity.id, found.args, move, activity, question);
    return "taken";
  };

  const again = (activity: Activity): void => {
    const found = read(activity);
    if (!found) return renew(activity);
    // Words or language may have changed: the letters stay, so the token may stay too. A lifted state may ask anew.
    const same = activity.version === found.dialog.version;
    ask(found.dialog, activity.id, found.args, found.state, same ? activity : undefined);
  };

  const shownSay = (one: Say): Reply => {
    const { reply, token, commands } = showSay(one, turn.id);
    if (token !== undefined) effects.push({ type: "token", token, meaning: { type: "commands", commands } });
    return reply;
  };

  const say = (one: Say): void => push(shownSay(one));

  /** A message with the buttons of the open question, so that it can be answered right there. */
  const offer = (one: Say, activity: Activity, only?: readonly string[]): void => {
    replies.push({ kind, reply: showAgain(one, activity.open, only) });
  };

  /** The way on from wherever a person is: the open question or the next step, and the menu. */
  const here = (): Exclude<PromptAction, { id: string }>[] => [
    { label: ctx().s("b.continue"), command: "next", primary: true },
    { label: ctx().s("b.menu"), command: script.home },
  ];

  const focus = (): Activity | undefined => (session.focus === null ? undefined : session.activities[session.focus]);

  /** Open activities that have a title, the latest first. */
  const listed = (): { id: string; title: string; at: number; dialog: string; args: Json }[] =>
    Object.values(session.activities)
      .flatMap((activity) => {
        const found = read(activity);
        const title = found?.dialog.title?.(found.args, found.state, ctx());
        return title === undefined
          ? []
          : [{ id: activity.id, title, at: activity.at, dialog: activity.dialog, args: activity.args }];
      })
      .sort((one, other) => other.at - one.at);

  return {
    turn,
    words,
    ctx,
    session: () => session,
    focus,
    begin,
    answer,
    resume: (id: string): void => {
      const activity = session.activities[id];
      if (activity) return again(activity);
      say({ text: ctx().t("turn.moved"), actions: here() });
    },
    drop,
    say,
    offer,
    here,
    effects: apply,
    notice: (text: string): void => {
      notice = text;
    },
    /** What comes now was typed: its feedback is said where the person looks. */
    wasTyped: (): void => {
      typed = true;
    },
    speakAs: (other: OutgoingKind): void => {
      kind = other;
    },
    home: (page: Say): void => {
      replies.push({ kind: "reply", reply: shownSay(page), home: true });
    },
    recap: (activity: Activity): Markup | undefined => {
      const found = read(activity);
      return found?.dialog.recap?.(found.args, found.state, ctx());
    },
    commandOf: (activity: Activity, option: string): TokenCommands[string] | undefined => {
      const found = read(activity);
      const step = found?.dialog.steps[found.state.at];
      return found && step
        ? showPrompt(step.ask(found.state, ctx(), found.args), activity.open.token, ctx()).commands?.[option]
        : undefined;
    },
    understood: (): void => change({ fallbacks: 0 }),
    misunderstood: (): void => change({ fallbacks: session.fallbacks + 1 }),
    /** The person did something themselves. */
    touched: (): void => change({ seenAt: turn.now, unanswered: 0 }),
    decision: (): Decision => ({
      session,
      person,
      progress,
      replies: [...edits, ...replies],
      effects,
      ...(notice === undefined ? {} : { notice }),
      renewed,
    }),
  };
}
