import type {
  RichTextBlock,
  RichTextElement,
  RichTextLink,
  RichTextList,
  RichTextSection,
  RichTextText,
} from "@slack/types";
import type { Inline, Markup } from "../../src/engine/markup.ts";
import { urlOf } from "../../src/engine/url.ts";
import { limits, sizeOf } from "./limits.ts";
import { clean, fitting } from "./text.ts";

/** A piece of text that stays together: a paragraph (or a part of one), or a whole list. */
export type Piece =
  | { readonly type: "text"; readonly gap: "\n" | "\n\n"; readonly elements: readonly Run[] }
  | { readonly type: "list"; readonly ordered: boolean; readonly items: readonly (readonly Run[])[] };

/** A run of text in one style, perhaps linked. In rich text a text is only ever text: nothing in it is read as markup. */
type Run = RichTextText | RichTextLink;

/** Cuts a text into pieces that each fit into one block of `size`, as Slack would count them in the worst case. */
export function toPieces(markup: Markup, size: number): Piece[] {
  return markup.flatMap((block): Piece[] => {
    if (block.type === "paragraph") return paragraph(toRuns(block.children), "\n\n", size);
    const items = block.items.map((item) => toRuns(item));
    const list: Piece = { type: "list", ordered: block.ordered, items: items.map(orBlank) };
    if (items.length === 0) return [];
    if (weigh(list) <= size) return [list];
    // A list that is longer than a block goes on as lines; a second list would count from one again.
    return items.flatMap((item, index) => {
      const mark: Run = { type: "text", text: block.ordered ? `${index + 1}. ` : "• " };
      return paragraph(merge([mark, ...item]), index === 0 ? "\n\n" : "\n", size);
    });
  });
}

/** Lines below one another, for answers that are too long for a button. */
export function toLines(lines: readonly (readonly Inline[])[], size: number): Piece[] {
  return lines.flatMap((line, index) => paragraph(toRuns(line), index === 0 ? "\n\n" : "\n", size));
}

/** One block that shows the pieces in order. */
export function toBlock(pieces: readonly Piece[], blockId: string): RichTextBlock {
  const elements: (RichTextSection | RichTextList)[] = [];
  for (const piece of pieces) {
    const last = elements.at(-1);
    if (piece.type === "list") {
      elements.push(listElement(piece));
    } else if (last?.type === "rich_text_section") {
      last.elements = merge([...(last.elements as Run[]), { type: "text", text: piece.gap }, ...piece.elements]);
    } else {
      elements.push(section(piece.elements));
    }
  }
  return { type: "rich_text", block_id: blockId, elements };
}

/** How much of a message a piece takes: its JSON in Slack's own form, with what Slack may turn into entities. */
export function weigh(piece: Piece): number {
  return sizeOf(JSON.stringify(piece.type === "list" ? listElement(piece) : piece));
}

function listElement(piece: Extract<Piece, { readonly type: "list" }>): RichTextList {
  return { type: "rich_text_list", style: piece.ordered ? "ordered" : "bullet", elements: piece.items.map(section) };
}

/** A web or mail address that Slack links to. Anything else is shown as text. */
export function isLinkable(url: string): boolean {
  return (
    sizeOf(JSON.stringify(url)) <= limits.linkUrl &&
    (/^https?:\/\//i.test(url) || /^mailto:/i.test(url)) &&
    urlOf(url) !== undefined
  );
}

function section(runs: readonly Run[]): RichTextSection {
  return { type: "rich_text_section", elements: [...runs] as RichTextElement[] };
}

function orBlank(runs: readonly Run[]): readonly Run[] {
  return runs.length > 0 ? runs : [{ type: "text", text: " " }];
}

interface Style {
  readonly bold?: true;
  readonly italic?: true;
}

function toRuns(nodes: readonly Inline[], style: Style = {}): Run[] {
  return merge(nodes.flatMap((node) => runsOf(node, style)));
}

function runsOf(node: Inline, style: Style): Run[] {
  const worn = Object.keys(style).length > 0 ? { style: { ...style } } : {};
  switch (node.type) {
    case "text":
      return [{ type: "text", text: sane(node.value), ...worn }];
    case "break":
      return [{ type: "text", text: "\n", ...worn }];
    case "strong":
      return toRuns(node.children, { ...style, bold: true });
    case "emphasis":
      return toRuns(node.children, { ...style, italic: true });
    case "link": {
      const inner = toRuns(node.children, style);
      if (!isLinkable(node.url)) return [...inner, { type: "text", text: ` (${sane(node.url)})`, ...worn }];
      const label = inner
        .map((run) => run.text ?? "")
        .join("")
        .replaceAll("\n", " ");
      return [{ type: "link", url: node.url, text: label.trim() === "" ? sane(node.url) : label, ...worn }];
    }
  }
}

function sane(text: string): string {
  return clean(text, Number.POSITIVE_INFINITY);
}

// Every element costs about sixty characters of the message's budget, so neighbours in one style become one.
function merge(runs: readonly Run[]): Run[] {
  const merged: Run[] = [];
  for (const run of runs) {
    const last = merged.at(-1);
    if (run.text === "") continue;
    if (run.type === "text" && last?.type === "text" && sameStyle(run, last)) {
      merged[merged.length - 1] = { ...last, text: last.text + run.text };
    } else {
      merged.push(run);
    }
  }
  return merged;
}

function sameStyle(one: Run, other: Run): boolean {
  return one.style?.bold === other.style?.bold && one.style?.italic === other.style?.italic;
}

function paragraph(runs: readonly Run[], gap: "\n" | "\n\n", size: number): Piece[] {
  const pieces: Piece[] = [];
  let open: Run[] = [];
  const weight = (elements: readonly Run[]) => weigh({ type: "text", gap, elements });
  const flush = () => {
    if (open.length > 0) pieces.push({ type: "text", gap: pieces.length === 0 ? gap : "\n", elements: open });
    open = [];
  };
  for (const run of runs) {
    let rest: Run = run;
    while (weight([...open, rest]) > size) {
      const room = size - weight([...open, { ...rest, text: "" }]);
      const head = headOf(rest.text ?? "", room);
      // Too little room is left for this run: it starts the next piece.
      if (head === 0 || (open.length > 0 && room < 200)) {
        flush();
        continue;
      }
      open.push({ ...rest, text: (rest.text ?? "").slice(0, head) });
      flush();
      rest = { ...rest, text: (rest.text ?? "").slice(head) };
    }
    if (rest.text !== "") open.push(rest);
  }
  flush();
  return pieces;
}

/** How much of a text to put into `room`: up to a space near the end where there is one, never half a character. */
function headOf(text: string, room: number): number {
  // JSON doubles quotes, backslashes and line feeds, so the room is halved for texts that hold many of them.
  const escaped = JSON.stringify(text).length - 2 > text.length;
  const end = fitting(text, escaped ? Math.floor(room / 2) : room);
  if (end >= text.length) return end;
  const space = Math.max(text.lastIndexOf(" ", end - 1), text.lastIndexOf("\n", end - 1));
  return space > end - 200 && space > 0 ? space + 1 : end;
}
