import type { Decision, Snapshot, TurnContext } from "./decision.ts";
import type { Answer, CommandResult, Script } from "./dialog.ts";
import { fallback, unsure } from "./fallback.ts";
import { createRun, type Run } from "./run.ts";
import type { Activity, FoundToken, ShownOption } from "./session.ts";
import type { Input, Json } from "./types.ts";
import { understand } from "./understand.ts";

const week = 7 * 24 * 3600_000;

/**
 * One turn: what a person did, decided on a snapshot. Pure: the same arguments give the same decision, and nothing
 * happens but what the decision says.
 */
export function takeTurn(script: Script, snapshot: Snapshot, input: Input, turn: TurnContext): Decision {
  const run = createRun(script, snapshot, turn);
  if (input.type === "timer") takeTimer(script, run, input.name, input.due, input.data);
  else if (input.type === "presence") run.effects([{ type: "address", state: input.state }]);
  else if (input.type === "open") run.home(script.page(run.ctx()));
  else {
    // Whoever only brought a code has not been welcomed yet; their next message is met by the welcome.
    const stranger =
      snapshot.session.seenAt === 0 && input.type === "command" && skips(script, run, input.name, input.args);
    takePerson(script, run, input, snapshot.token);
    if (!stranger) {
      run.touched();
      run.effects(script.after(run.ctx()));
    }
  }
  return run.decision();
}

type PersonInput = Extract<Input, { type: "text" | "press" | "command" | "file" | "withheld" }>;

function takePerson(script: Script, run: Run, input: PersonInput, token: FoundToken | undefined): void {
  const session = run.session();
  const command = input.type === "command" ? run.words.command(input.name) : undefined;
  if (session.seenAt === 0) {
    if (input.type !== "command" || !skips(script, run, input.name, input.args)) {
      if (token && !token.mine) run.say({ text: run.ctx().t("turn.foreign") });
      // Whoever says hello with their name is welcomed and not corrected; danger comes before any welcome.
      if (input.type === "withheld" && input.danger) withhold(script, run, input);
      const first = input.type === "command" ? { command: command ?? "", args: input.args } : { command: "", args: "" };
      run.begin(script.welcome, first);
      return;
    }
  } else if (run.turn.now - session.seenAt > week) recap(run);
  switch (input.type) {
    case "press":
      return takePress(script, run, token, input.option);
    case "command":
      return command === undefined
        ? takeText(script, run, `${input.name} ${input.args}`.trim())
        : takeCommand(script, run, command, input.args);
    case "file":
      if (script.file) return carryOut(run, script.file(run.ctx()));
      return run.say({ text: run.ctx().t("turn.file"), actions: run.here() });
    case "withheld":
      return withhold(script, run, input);
    case "text":
      return takeText(script, run, input.text);
  }
}

function withhold(script: Script, run: Run, input: Extract<Input, { type: "withheld" }>): void {
  run.understood();
  for (const say of script.withheld(input.danger, input.findings, run.ctx())) run.say(say);
}

function skips(script: Script, run: Run, name: string, args: string): boolean {
  const command = run.words.command(name);
  return command !== undefined && script.skipsWelcome(command, args);
}

/** Somebody who comes back after a week hears in two lines where they were. */
function recap(run: Run): void {
  const activity = run.focus();
  const text = activity && run.recap(activity);
  if (text) run.say({ text });
}

function takePress(script: Script, run: Run, token: FoundToken | undefined, option: string): void {
  const ctx = run.ctx();
  if (token === undefined || !token.mine) {
    run.notice(ctx.s("turn.foreign.notice"));
    run.say({ text: ctx.t("turn.foreign"), actions: run.here() });
    return;
  }
  const { meaning } = token;
  const command = meaning.commands?.[option];
  if (command) return takeCommand(script, run, command.name, command.args);
  if (meaning.type === "step") {
    const activity = run.session().activities[meaning.activity];
    if (activity?.open.token === token.token) {
      const shown = activity.open.options.find((candidate) => candidate.option === option);
      if (shown) return give(run, activity, choice(shown));
    }
    if (token.answered !== null) {
      const said = script.answered(token.answered, ctx);
      run.say({ ...said, actions: said.actions ?? run.here() });
      return run.notice(ctx.s("turn.answered.notice"));
    }
  }
  run.say({ text: ctx.t("turn.moved"), actions: run.here() });
  run.notice(ctx.s("turn.moved.notice"));
}

/** Gives an answer to an activity; one that fits nothing there gets a fallback. */
function give(run: Run, activity: Activity, answer: Answer): void {
  if (run.answer(activity, answer) === "unclear") fallback(run, activity);
}

const choice = (shown: ShownOption): Extract<Answer, { type: "choice" }> => ({
  type: "choice",
  id: shown.id,
  label: shown.label,
});

function takeText(script: Script, run: Run, text: string): void {
  run.wasTyped();
  const focus = run.focus();
  const command = run.words.command(text);
  // Stop is believed wherever it is said; it never is an answer to something else.
  if (command === "stop") return takeCommand(script, run, command, "");
  if (focus) {
    const reading = understand(text, focus.open.options);
    if (reading.type === "one") {
      const shown = focus.open.options.find((option) => option.option === reading.option);
      if (shown?.id) return give(run, focus, { ...choice(shown), typed: text });
      const typed = shown && run.commandOf(focus, shown.option);
      if (typed) return takeCommand(script, run, typed.name, typed.args);
    }
    if (command !== undefined) return takeCommand(script, run, command, "");
    if (focus.open.free) return give(run, focus, { type: "text", text });
    if (reading.type === "several") return unsure(run, focus, reading.options);
  } else if (command !== undefined) return takeCommand(script, run, command, "");
  const words = text.trim().split(/\s+/u);
  const named = commandWithArgs(script, run, words);
  if (named) return takeCommand(script, run, named.name, named.args);
  if (words.length <= 8 && text.split(/[^\p{L}]+/u).some((word) => run.words.command(word) === "stop")) {
    return run.say({
      text: run.ctx().t("turn.stop.question"),
      actions: [{ label: run.ctx().s("b.stop"), command: "stop", primary: true }, ...run.here()],
    });
  }
  fallback(run, focus);
}

/** "find trust", "time zone Sofia": a command's name of up to three words, and up to four words that belong to it. */
function commandWithArgs(
  script: Script,
  run: Run,
  words: readonly string[],
): { name: string; args: string } | undefined {
  for (let length = Math.min(3, words.length - 1); length > 0; length -= 1) {
    const name = run.words.command(words.slice(0, length).join(" "));
    const args = words.slice(length);
    if (name !== undefined && args.length <= 4 && script.commands[name]?.takesArgs)
      return { name, args: args.join(" ") };
  }
  return undefined;
}

function takeCommand(script: Script, run: Run, name: string, args: string): void {
  const command = script.commands[name];
  if (!command) throw new Error(`the words name a command "${name}" that the script does not have`);
  run.understood();
  carryOut(run, command.run(args, run.ctx()));
}

function carryOut(run: Run, result: CommandResult): void {
  for (const id of result.drop ?? []) run.drop(id);
  run.effects(result.effects ?? []);
  for (const say of result.says ?? []) run.say(say);
  const focus = run.focus();
  if (result.answer !== undefined) {
    const shown = focus?.open.options.find((option) => option.id === result.answer);
    if (focus && shown) give(run, focus, choice(shown));
    else fallback(run, focus);
  }
  if (result.start) run.begin(result.start.dialog, result.start.args);
  else if (result.resume !== undefined) run.resume(result.resume);
}

function takeTimer(script: Script, run: Run, name: string, due: number, data: Json): void {
  const handler = script.timers[name];
  // A timer of a newer or older program: the row goes, nothing is said.
  if (!handler) return;
  run.speakAs(handler.kind);
  carryOut(run, handler.run(data, due, run.ctx()));
}
