import type { StreamedRow } from "../../src/engine/adapter.ts";
import type { Markup } from "../../src/engine/markup.ts";
import { type Layout, type Numbered, renderReply } from "./render.ts";

/** What stands on the screen: it numbers buttons, and knows what an answered message said before. */
export interface Screen {
  /** The rows as text to print; empty where they say nothing new. */
  show(rows: readonly StreamedRow[], layout: Layout): string;
  /** The button with this number, among those shown since the last answer. */
  button(number: number): { readonly token: string; readonly option: string } | undefined;
  /** An answer was given: numbers start again. */
  answered(): void;
}

export function createScreen(): Screen {
  const buttons = new Map<number, { token: string; option: string }>();
  const texts = new Map<string, Markup>();
  let next = 1;

  return {
    answered() {
      buttons.clear();
      next = 1;
    },
    button: (number) => buttons.get(number),
    show(rows, layout) {
      const parts = rows.flatMap((row) => row.parts);
      // Buttons are numbered behind the choices, because a number typed for a choice is its place.
      const choices = Math.max(0, ...parts.map(({ reply }) => reply.choices?.length ?? 0));
      for (let number = 1; number <= choices; number += 1) buttons.delete(number);
      next = Math.max(next, choices + 1);
      // Feedback to a typed answer stands in the answered message and on top of what follows; here it is read once.
      const fresh = parts.filter(({ edits }) => edits === undefined).flatMap(({ reply }) => reply.text);
      return parts
        .map(({ reply, edits }) => {
          const before = edits === undefined ? undefined : texts.get(edits);
          const { token } = reply;
          if (token !== undefined) texts.set(token, reply.text);
          const numbers: Numbered[] = [];
          for (const { option, url } of reply.actions ?? []) {
            if (url !== undefined || token === undefined) continue;
            buttons.set(next, { token, option });
            numbers.push({ option, number: next });
            next += 1;
          }
          return renderReply(
            before ? { ...reply, text: added([...before, ...fresh], reply.text) } : reply,
            numbers,
            layout,
          );
        })
        .filter((text) => text !== "")
        .join("\n\n");
    },
  };
}

/** A screen cannot be changed in place: of a message that replaces another, only what it adds is printed. */
function added(before: Markup, after: Markup): Markup {
  const known = new Set(before.map((block) => JSON.stringify(block)));
  return after.filter((block) => !known.has(JSON.stringify(block)));
}
