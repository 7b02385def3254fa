import type { Block, Inline, Markup } from "../../src/engine/markup.ts";
import { urlOf } from "../../src/engine/url.ts";
import type { RichTextBlock, TextRun } from "./card.ts";
import { LINK, RUN } from "./limits.ts";

/** How the text around a run is meant. */
interface Manner {
  readonly strong: boolean;
  readonly emphasis: boolean;
  readonly url: string | undefined;
}

const plain: Manner = { strong: false, emphasis: false, url: undefined };

/**
 * A text as card elements, one list per paragraph or list item. Text stands in `TextRun`s, which know no markdown, so
 * what a person typed stays what it is; a link is a run that can be chosen.
 */
export function paragraphs(markup: Markup): readonly (readonly RichTextBlock[])[] {
  return markup.flatMap((block) => items(block).map((inlines) => lines(inlines))).filter((list) => list.length > 0);
}

/** One paragraph of plain text as card elements. */
export function plainParagraph(text: string): readonly RichTextBlock[] {
  return lines([{ type: "text", value: text }]);
}

/** A text as a client shows it that cannot show cards: one line, in which nothing can turn into a link. */
export function plainLine(text: string, limit: number): string {
  // Some clients read markdown and HTML here.
  const flat = wellFormed(text)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replaceAll("](", "] (")
    .replaceAll("<", "‹")
    .replaceAll(">", "›")
    .replace(/ {2,}/g, " ")
    .trim();
  return cut(flat, limit);
}

/** At most `limit` characters, whole characters only, with "…" where something is left out. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** Without halves of characters and without control characters other than line ends. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd").replace(/[^\P{Cc}\n\t]/gu, "");
}

/** Whether an address may stand behind a link: the web and mail, nothing that runs. */
export function isLink(url: string): boolean {
  return url.length <= LINK && ["https:", "http:", "mailto:"].includes(urlOf(url)?.protocol ?? "");
}

function items(block: Block): readonly (readonly Inline[])[] {
  if (block.type === "paragraph") return [block.children];
  return block.items.map((item, index) => [{ type: "text", value: block.ordered ? `${index + 1}. ` : "• " }, ...item]);
}

/** Breaks become blocks of their own: clients differ in what they make of a line feed inside a run. */
function lines(inlines: readonly Inline[]): RichTextBlock[] {
  const found: TextRun[][] = [[]];
  for (const piece of flatten(inlines, plain)) {
    if (piece === "break") found.push([]);
    else found.at(-1)?.push(piece);
  }
  const blocks: RichTextBlock[] = [];
  let gap = false;
  for (const runs of found) {
    if (runs.every((run) => run.text.trim() === "")) {
      gap = true;
      continue;
    }
    // Within a paragraph lines follow closely; an empty line between them is a gap.
    const close = blocks.length > 0 && !gap;
    blocks.push({ type: "RichTextBlock", inlines: runs, ...(close ? { spacing: "None" as const } : {}) });
    gap = false;
  }
  return blocks;
}

function* flatten(inlines: readonly Inline[], manner: Manner): Generator<TextRun | "break"> {
  for (const inline of inlines) {
    if (inline.type === "break") yield "break";
    else if (inline.type === "strong") yield* flatten(inline.children, { ...manner, strong: true });
    else if (inline.type === "emphasis") yield* flatten(inline.children, { ...manner, emphasis: true });
    else if (inline.type === "link") {
      yield* flatten(inline.children, { ...manner, url: isLink(inline.url) ? inline.url : undefined });
    } else {
      for (const [index, line] of wellFormed(inline.value).split("\n").entries()) {
        if (index > 0) yield "break";
        for (const text of pieces(line)) yield run(text, manner);
      }
    }
  }
}

/** Cards format `{{DATE(…)}}` and `{{TIME(…)}}` in any text. Parted between the braces they are left alone. */
function pieces(line: string): string[] {
  return line.split(/(?<=\{)(?=\{\s*(?:DATE|TIME))/i).flatMap((text) => text.match(CHUNK) ?? []);
}

/** Whole characters, up to a blank where there is one. */
const CHUNK = new RegExp(`[^]{1,${RUN}}(?=\\s|$)|[^]{1,${RUN}}`, "gu");

function run(text: string, { strong, emphasis, url }: Manner): TextRun {
  return {
    type: "TextRun",
    text,
    ...(strong ? { weight: "Bolder" as const } : {}),
    ...(emphasis ? { italic: true as const } : {}),
    ...(url === undefined
      ? {}
      : { underline: true as const, selectAction: { type: "Action.OpenUrl" as const, url, title: cut(text, 100) } }),
  };
}
