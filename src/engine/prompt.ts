import type { Context, Prompt, PromptAction, Say } from "./dialog.ts";
import { markFor, optionFor } from "./marks.ts";
import type { OpenPrompt, ShownOption, TokenCommands } from "./session.ts";
import type { Action, Choice, Reply } from "./types.ts";

/** A prompt made ready for a platform: letters and marks given, and what a press will mean. */
export interface ShownPrompt {
  readonly reply: Reply;
  readonly open: OpenPrompt;
  readonly commands: TokenCommands | undefined;
}

/** Shows a prompt under a token. The same prompt always gets the same letters. */
export function showPrompt(prompt: Prompt, token: string, ctx: Context): ShownPrompt {
  const choices: Choice[] = (prompt.choices ?? []).map((choice, index) => ({
    option: optionFor(index),
    mark: markFor(ctx.language, index),
    label: choice.label,
  }));
  const { actions, options, commands } = showActions(prompt.actions ?? [], choices.length);
  const shown: ShownOption[] = [
    ...choices.map((choice, index) => ({ ...choice, id: prompt.choices?.[index]?.id ?? "" })),
    ...options.map((option) => ({ ...option, mark: "" })),
  ];
  const pressable = shown.length > 0;
  return {
    reply: {
      text: prompt.text,
      ...(prompt.image ? { image: prompt.image } : {}),
      ...(choices.length > 0 ? { choices } : {}),
      ...(actions.length > 0 ? { actions } : {}),
      ...(pressable ? { token } : {}),
    },
    open: { token, options: shown, free: prompt.free === true },
    commands: Object.keys(commands).length > 0 ? commands : undefined,
  };
}

/** Shows a message that asks nothing; its buttons run commands and work for ever. */
export function showSay(
  say: Say,
  token: () => string,
): { readonly reply: Reply; readonly token?: string; readonly commands: TokenCommands } {
  const { actions, commands } = showActions(say.actions ?? [], 0);
  const pressable = Object.keys(commands).length > 0;
  const own = pressable ? token() : undefined;
  return {
    reply: {
      text: say.text,
      ...(say.image ? { image: say.image } : {}),
      ...(actions.length > 0 ? { actions } : {}),
      ...(own === undefined ? {} : { token: own }),
    },
    ...(own === undefined ? {} : { token: own }),
    commands,
  };
}

/** A message with the buttons of an open prompt, or `only` some of them, so that it can be answered right there. */
export function showAgain(say: Say, open: OpenPrompt, only: readonly string[] | undefined): Reply {
  const shown = open.options.filter(({ option }) => only === undefined || only.includes(option));
  return {
    text: say.text,
    choices: shown.filter(({ mark }) => mark !== "").map(({ option, mark, label }) => ({ option, mark, label })),
    actions: shown.filter(({ mark }) => mark === "").map(({ option, label }) => ({ option, label })),
    token: open.token,
  };
}

function showActions(given: readonly PromptAction[], offset: number) {
  const actions: Action[] = [];
  const options: { option: string; label: string; id: string }[] = [];
  const commands: Record<string, { name: string; args: string }> = {};
  for (const [index, action] of given.entries()) {
    const option = optionFor(offset + index);
    actions.push({
      option,
      label: action.label,
      ...(action.primary ? { primary: true } : {}),
      ...("url" in action ? { url: action.url } : {}),
    });
    if ("url" in action) continue;
    options.push({ option, label: action.label, id: "id" in action ? action.id : "" });
    if ("command" in action) commands[option] = { name: action.command, args: action.args ?? "" };
  }
  return { actions, options, commands };
}
