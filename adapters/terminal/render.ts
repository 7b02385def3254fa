import { type Inline, type Markup, toPlain } from "../../src/engine/markup.ts";
import type { Json, Reply } from "../../src/engine/types.ts";

/** How a message is set: the width in columns, whether styles may be used, and how a picture is introduced. */
export interface Layout {
  readonly width: number;
  readonly colour: boolean;
  /** The sentence that stands for a picture. */
  picture(alt: string): string;
}

/** A button with the number it got on this screen. */
export interface Numbered {
  readonly option: string;
  readonly number: number;
}

/** One message as lines. Pure. Choices keep their marks, buttons get the given numbers, pictures are told. */
export function renderReply(reply: Reply, numbers: readonly Numbered[], layout: Layout): string {
  const blocks = [renderMarkup(reply.text, layout)];
  // A picture that says what the text says already would only be read twice.
  if (reply.image && !toPlain(reply.text).includes(reply.image.alt))
    blocks.push(set(plain(layout.picture(reply.image.alt)), "", "", layout));
  const choices = (reply.choices ?? []).map(({ mark, label }) => item(mark, label, layout));
  if (choices.length > 0) blocks.push(choices.join("\n"));
  const actions = (reply.actions ?? []).map((action) => {
    if (action.url !== undefined) return set(plain(`${action.label}: ${action.url}`), "  ", "  ", layout);
    return item(String(numbers.find(({ option }) => option === action.option)?.number ?? ""), action.label, layout);
  });
  if (actions.length > 0) blocks.push(actions.join("\n"));
  return blocks.filter((block) => block !== "").join("\n\n");
}

/** A reply as plain lines of 80 columns, for previews. */
export function previewOf(reply: Reply): Json {
  const numbers = (reply.actions ?? []).map(({ option }, index) => ({
    option,
    number: index + 1 + (reply.choices?.length ?? 0),
  }));
  return renderReply(reply, numbers, { width: 80, colour: false, picture: (alt) => alt });
}

/** A text as lines, without the blank ones around it. */
export function renderMarkup(markup: Markup, layout: Layout): string {
  return markup
    .map((block) => {
      if (block.type === "paragraph") return set(block.children, "", "", layout);
      return block.items
        .map((children, index) => {
          const mark = block.ordered ? `${index + 1}. ` : "• ";
          return set(children, `  ${mark}`, " ".repeat(mark.length + 2), layout);
        })
        .join("\n");
    })
    .join("\n\n");
}

function item(mark: string, label: string, layout: Layout): string {
  const head = `  ${mark.padStart(2)}  `;
  return set(plain(label), head, " ".repeat(head.length), layout);
}

function plain(value: string): readonly Inline[] {
  return [{ type: "text", value }];
}

type Word = { readonly text: string; readonly style: string } | "break";

/** Sets words into lines: `first` before the first line, `rest` before the others. */
function set(children: readonly Inline[], first: string, rest: string, { width, colour }: Layout): string {
  const lines: string[] = [];
  let line = first;
  let used = columns(first);
  let empty = true;
  const end = (): void => {
    lines.push(line.trimEnd());
    line = rest;
    used = columns(rest);
    empty = true;
  };
  for (const word of wordsOf(children)) {
    if (word === "break") {
      end();
      continue;
    }
    const length = columns(word.text);
    if (!empty && used + 1 + length > width) end();
    line += (empty ? "" : " ") + (colour && word.style !== "" ? `${word.style}${word.text}\x1b[0m` : word.text);
    used += length + (empty ? 0 : 1);
    empty = false;
  }
  end();
  return lines.join("\n");
}

function wordsOf(nodes: readonly Inline[]): Word[] {
  return glue(nodes.flatMap((node) => piecesOf(node, "")));
}

function piecesOf(node: Inline, style: string): Word[] {
  const below = (children: readonly Inline[], more: string): Word[] =>
    children.flatMap((child) => piecesOf(child, style + more));
  switch (node.type) {
    case "text":
      return split(node.value, style);
    case "break":
      return ["break"];
    case "strong":
      return below(node.children, "\x1b[1m");
    case "emphasis":
      return below(node.children, "\x1b[3m");
    case "link":
      return [...below(node.children, "\x1b[4m"), ...split(` (${node.url})`, style)];
  }
}

const space = "\u0001";

/** Words of a text; a private mark at an end says that there was a space, so that a comma after a bold word stays with it. */
function split(text: string, style: string): Word[] {
  const clean = cleanLine(text);
  const pieces = clean.split(" ").filter((piece) => piece !== "");
  return pieces.map((piece, index) => ({
    text:
      (index > 0 || clean.startsWith(" ") ? space : "") +
      piece +
      (index === pieces.length - 1 && clean.endsWith(" ") ? space : ""),
    style,
  }));
}

/** Joins pieces that no space parts, and takes the private marks out again. */
function glue(pieces: readonly Word[]): Word[] {
  const words: Word[] = [];
  let parted = true;
  for (const piece of pieces) {
    if (piece === "break") {
      words.push(piece);
      parted = true;
      continue;
    }
    const text = piece.text.replaceAll(space, "");
    const last = words.at(-1);
    if (!parted && !piece.text.startsWith(space) && last !== undefined && last !== "break") {
      // Two styles within one word are rare: the word takes the first one's.
      words[words.length - 1] = { text: last.text + text, style: last.style };
    } else words.push({ text, style: piece.style });
    parted = piece.text.endsWith(space);
  }
  return words;
}

/** One line of text without anything a terminal would obey: escape sequences, bells, direction overrides. */
function cleanLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").replace(/[\u202A-\u202E\u2066-\u2069]/gu, "");
}

const graphemes = new Intl.Segmenter();

/** How many columns a text takes: wide letters and emoji two, everything else one. */
function columns(text: string): number {
  let count = 0;
  for (const { segment } of graphemes.segment(text)) {
    count += /\p{Extended_Pictographic}|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFF00-\uFF60]/u.test(
      segment,
    )
      ? 2
      : 1;
  }
  return count;
}
