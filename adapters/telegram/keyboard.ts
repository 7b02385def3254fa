import type { Inline } from "../../src/engine/markup.ts";
import type { Action, Choice, Reply } from "../../src/engine/types.ts";
import { BUTTONS, CALLBACK_BYTES, HALF_LABEL_CHARACTERS, LABEL_CHARACTERS, MARKS_PER_ROW } from "./limits.ts";
import { clean, isBlank, linkTarget } from "./text.ts";

/** A button as the Bot API has it. https://core.telegram.org/bots/api#inlinekeyboardbutton */
export type Button = { readonly text: string; readonly style?: "primary" } & (
  | { readonly callback_data: string }
  | { readonly url: string }
);

export interface Keyboard {
  readonly rows: readonly (readonly Button[])[];
  /** What the buttons cannot say, to be printed under the text. */
  readonly lines: readonly Inline[];
}

/**
 * The buttons of a reply. Answers that are short stand on their buttons; where one is not, all are printed and the
 * buttons show the marks alone. What no button can carry is printed, so that typing or copying still works.
 */
export function keyboard(reply: Reply): Keyboard {
  const choices = reply.choices ?? [];
  const actions = [...(reply.actions ?? [])].sort(
    (one, other) => Number(other.primary ?? 0) - Number(one.primary ?? 0),
  );
  const onButtons = choices.every((choice) => [...withMark(choice)].length <= LABEL_CHARACTERS);
  const pressable = reply.token !== undefined;
  const buttons = actions.flatMap((action) => actionButton(action, reply.token));
  const rows = [...(pressable ? choiceRows(choices, reply.token, onButtons) : []), ...actionRows(buttons)];
  const lost = actions.filter((action) => action.url !== undefined && linkTarget(action.url) === undefined);
  return {
    rows: rows.slice(0, BUTTONS),
    lines: [
      ...(onButtons && pressable ? [] : choices.map((choice) => text(`${choice.mark}) ${oneLine(choice.label)}`))),
      ...lost.map(
        (action): Inline => ({ type: "link", url: action.url ?? "", children: [text(oneLine(action.label))] }),
      ),
    ],
  };
}

/** What travels back with a press: the prompt's token and the option's letter. */
export function callbackData(token: string, option: string): string {
  const data = `${token}${option}`;
  const bytes = Buffer.byteLength(data);
  if (bytes > CALLBACK_BYTES)
    throw new Error(`the data of a button has ${bytes} bytes; Telegram takes ${CALLBACK_BYTES}`);
  return data;
}

function text(value: string): Inline {
  return { type: "text", value };
}

function choiceRows(choices: readonly Choice[], token: string, onButtons: boolean): Button[][] {
  const button = (choice: Choice): Button => ({
    text: onButtons ? withMark(choice) : label(choice.mark),
    callback_data: callbackData(token, choice.option),
  });
  if (onButtons) return choices.map((choice) => [button(choice)]);
  const rows: Button[][] = [];
  for (let at = 0; at < choices.length; at += MARKS_PER_ROW) {
    rows.push(choices.slice(at, at + MARKS_PER_ROW).map(button));
  }
  return rows;
}

function actionButton(action: Action, token: string | undefined): Button[] {
  const text = label(action.label);
  const style = action.primary === true ? { style: "primary" as const } : {};
  if (action.url !== undefined) {
    const url = linkTarget(action.url);
    return url === undefined ? [] : [{ text, ...style, url }];
  }
  return token === undefined ? [] : [{ text, ...style, callback_data: callbackData(token, action.option) }];
}

/** The primary button in a row of its own; of the others two short ones share a row. */
function actionRows(buttons: readonly Button[]): Button[][] {
  const rows: Button[][] = [];
  for (const button of buttons) {
    const last = rows.at(-1);
    const short = (other: Button) => other.style === undefined && [...other.text].length <= HALF_LABEL_CHARACTERS;
    if (last?.length === 1 && last.every(short) && short(button)) last.push(button);
    else rows.push([button]);
  }
  return rows;
}

function withMark(choice: Choice): string {
  return label(`${choice.mark}  ${oneLine(choice.label)}`);
}

function label(text: string): string {
  const line = text.replace(/\s*\n\s*/gu, " ").trim();
  const whole = [...clean(line)];
  const shown = whole.length > 64 ? `${whole.slice(0, 63).join("")}…` : whole.join("");
  return isBlank(shown) ? "…" : shown;
}

function oneLine(text: string): string {
  return clean(text).replace(/\s+/gu, " ").trim();
}
