import type { Shown, ShownPiece } from "../../src/engine/adapter.ts";
import type { Block, Inline, Markup } from "../../src/engine/markup.ts";
import type { Message } from "./render.ts";

/** What a chat shows of these messages: blocks below one another, buttons side by side. */
export function shownMessages(messages: readonly Message[]): Shown {
  return { look: "block", messages: messages.map(({ blocks }) => blocks.flatMap(piece)) };
}

function piece(block: Message["blocks"][number]): readonly ShownPiece[] {
  switch (block.type) {
    case "image":
      return [{ type: "picture", alt: block.alt_text }];
    case "actions":
      return [
        { type: "buttons", rows: [block.elements.flatMap((one) => (one.type === "button" ? [one.text.text] : []))] },
      ];
    case "rich_text":
      return [{ type: "text", text: block.elements.flatMap(markup) }];
    default:
      return [];
  }
}

type Element = Extract<Message["blocks"][number], { type: "rich_text" }>["elements"][number];

function markup(element: Element): Markup {
  if (element.type === "rich_text_section") return paragraphs(element.elements.flatMap(run));
  if (element.type !== "rich_text_list") return [];
  const items = element.elements.map((item) => item.elements.flatMap(run));
  return [{ type: "list", ordered: element.style === "ordered", items }];
}

type Leaf = Extract<Element, { type: "rich_text_section" }>["elements"][number];

function run(leaf: Leaf): readonly Inline[] {
  if (leaf.type !== "text" && leaf.type !== "link") return [];
  const text = leaf.text ?? "";
  let found: readonly Inline[] = text
    .split("\n")
    .flatMap((line, index): readonly Inline[] => [
      ...(index > 0 ? [{ type: "break" as const }] : []),
      ...(line === "" ? [] : [{ type: "text" as const, value: line }]),
    ]);
  if (leaf.style?.bold === true) found = [{ type: "strong", children: found }];
  if (leaf.style?.italic === true) found = [{ type: "emphasis", children: found }];
  return leaf.type === "link" ? [{ type: "link", url: leaf.url, children: found }] : found;
}

function paragraphs(children: readonly Inline[]): readonly Block[] {
  return children.length === 0 ? [] : [{ type: "paragraph", children }];
}
