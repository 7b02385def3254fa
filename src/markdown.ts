import { fromMarkdown } from "mdast-util-from-markdown";
import type { Block, Inline, Markup } from "./engine/markup.ts";

type BlockNode = ReturnType<typeof fromMarkdown>["children"][number];
type InlineNode = Extract<BlockNode, { type: "paragraph" }>["children"][number];
type Node = BlockNode | InlineNode;

/** Where a text stands. `line` is the line of its first character, counted from 1. */
export interface Place {
  readonly path: string;
  readonly line: number;
}

/** A text that uses Markdown which no chat can show. The message is `path:line: what was wrong, what to write instead`. */
export class MarkdownError extends Error {
  readonly path: string;
  readonly line: number;
  /** The message without its place. */
  readonly reason: string;
  constructor(place: Place, reason: string) {
    super(`${place.path}:${place.line}: ${reason}`);
    this.name = "MarkdownError";
    this.path = place.path;
    this.line = place.line;
    this.reason = reason;
  }
}

/**
 * Reads Markdown into the few things every chat can show: paragraphs, lists, strong, emphasis, links and line breaks.
 * Throws `MarkdownError` for everything else.
 */
export function parseMarkdown(text: string, where: Place): Markup {
  if (text.trim() === "") throw new MarkdownError(where, "the text is empty: write at least one word");
  if (isPlain(text)) return [{ type: "paragraph", children: [{ type: "text", value: text }] }];
  refuseTable(text, where);
  return fromMarkdown(text).children.map((node) => toBlock(node, where));
}

// Most words of an interface are one plain line. Whatever could mean something to Markdown takes the long way.
const MEANS_SOMETHING = /[\\`*_[\]<&\n\r\t\0]|^[-+#>=~|]|^\d+[.)]|^\s|\s$/;

function isPlain(text: string): boolean {
  return !MEANS_SOMETHING.test(text);
}

// Tables are no part of plain Markdown: without this they would be shown as a paragraph of bars.
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*$/;

function refuseTable(text: string, where: Place): void {
  const index = text.split("\n").findIndex((line) => line.includes("|") && TABLE_RULE.test(line));
  if (index >= 0) throw new MarkdownError({ ...where, line: where.line + index }, ADVICE.table);
}

const ADVICE = {
  heading: "a heading cannot be shown in a chat: write the line in **bold**",
  html: "HTML cannot be shown in a chat: write plain text, and \\< for the character <",
  image: "a picture cannot stand in a text: write what it shows, or a link such as [the picture](https://…)",
  code: "code cannot be shown: take away the spaces or the ``` at the start of the line",
  inlineCode: "code cannot be shown: write the word in **bold** or in quotation marks",
  blockquote: "a quotation block cannot be shown: write the text in quotation marks, and \\> for the character >",
  thematicBreak: "a line cannot be drawn in a chat: leave an empty line",
  reference: "links with the address elsewhere cannot be read: write [the words](https://…)",
  table: "a table cannot be shown in a chat: write a list",
  unknown: "this cannot be shown in a chat: write plain text, **bold**, *italic*, a list or a link",
} as const;

const ADVICE_FOR: Readonly<Record<string, string>> = {
  ...ADVICE,
  imageReference: ADVICE.image,
  linkReference: ADVICE.reference,
  definition: ADVICE.reference,
};

function refuse(node: Node, where: Place): never {
  throw new MarkdownError(placeOf(node, where), ADVICE_FOR[node.type] ?? ADVICE.unknown);
}

function placeOf(node: Node, where: Place): Place {
  return { path: where.path, line: where.line + (node.position?.start.line ?? 1) - 1 };
}

function toBlock(node: BlockNode, where: Place): Block {
  if (node.type === "paragraph") return { type: "paragraph", children: toInlines(node.children, where) };
  if (node.type !== "list") return refuse(node, where);
  if (node.ordered === true && (node.start ?? 1) !== 1) {
    const advice = `this reads as a list that starts with ${node.start}: start it with 1, or write ${node.start}\\.`;
    throw new MarkdownError(placeOf(node, where), advice);
  }
  const items = node.children.map((item) => {
    const [first, second] = item.children;
    if (first === undefined)
      throw new MarkdownError(placeOf(node, where), "an item of this list is empty: write a word");
    if (first.type !== "paragraph") return refuse(first, where);
    if (second !== undefined) {
      const advice = "an item of a list is one short paragraph: take out the inner list or the empty line";
      throw new MarkdownError(placeOf(second, where), advice);
    }
    return toInlines(first.children, where);
  });
  return { type: "list", ordered: node.ordered === true, items };
}

function toInlines(nodes: readonly InlineNode[], where: Place): Inline[] {
  return nodes.map((node): Inline => {
    if (node.type === "text") return { type: "text", value: node.value.replace(/[ \t]*\r?\n[ \t]*/g, " ") };
    if (node.type === "break") return { type: "break" };
    if (node.type === "strong" || node.type === "emphasis") {
      return { type: node.type, children: toInlines(node.children, where) };
    }
    if (node.type !== "link") return refuse(node, where);
    if (!/^(?:https:\/\/[^/\s]|mailto:[^\s@]+@)/i.test(node.url)) {
      const advice = `the link "${node.url}" cannot be used: write an address that starts with https:// or mailto:`;
      throw new MarkdownError(placeOf(node, where), advice);
    }
    return { type: "link", url: node.url, children: toInlines(node.children, where) };
  });
}
