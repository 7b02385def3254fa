import { type Markup, toPlain } from "../engine/markup.ts";
import { MarkdownError, parseMarkdown } from "../markdown.ts";
import type { Problem } from "./problem.ts";
import type { ValuePath, YamlFile } from "./yaml-file.ts";

/** One text of a pack in one language, with its place. */
export interface PlacedText {
  readonly kind: "title" | "outcome" | "card" | "question" | "option" | "target" | "accepted" | "why" | "end";
  readonly language: string;
  readonly path: string;
  readonly line: number;
  readonly markup: Markup;
  /** Without its markup; blocks are parted by a line feed, items start with a bullet or a number. */
  readonly plain: string;
}

/** Where texts come from, and where what is wrong with them goes. */
export type Placing = { readonly language: string; readonly file: YamlFile; readonly problems: Problem[] };

/** A text that may have markup. */
export function rich(
  { language, file, problems }: Placing,
  kind: PlacedText["kind"],
  text: string,
  at: ValuePath,
): PlacedText {
  const place = { path: file.path, line: file.textLineOf(at) };
  try {
    const markup = parseMarkdown(text, place);
    return { kind, language, ...place, markup, plain: toPlain(markup) };
  } catch (error) {
    if (!(error instanceof MarkdownError)) throw error;
    problems.push({ rule: "markdown", path: error.path, line: error.line, message: error.reason });
    return { kind, language, ...place, markup: [], plain: "" };
  }
}

/** A text without markup: titles stand in menus and options on buttons, where a star would be seen as a star. */
export function plain(placing: Placing, kind: PlacedText["kind"], text: string, at: ValuePath): PlacedText {
  const before = placing.problems.length;
  const placed = rich(placing, kind, text, at);
  const [block, ...more] = placed.markup;
  const [node, ...rest] = block?.type === "paragraph" ? block.children : [];
  const isPlain = node?.type === "text" && rest.length === 0 && more.length === 0;
  if (!isPlain && placing.problems.length === before) {
    const message = "titles, outcomes and options are one line without **bold**, links or lists: take the signs out";
    placing.problems.push({ rule: "plain", path: placed.path, line: placed.line, message });
  }
  return placed;
}
