import type { Shown, ShownPiece } from "../../src/engine/adapter.ts";
import type { Inline, Markup } from "../../src/engine/markup.ts";
import type { CardElement, RichTextBlock } from "./card.ts";
import type { CardActivity } from "./render.ts";

/** What a chat shows of these cards. */
export function shownCards(activities: readonly CardActivity[]): Shown {
  return { look: "card", messages: activities.map(({ attachments: [{ content }] }) => content.body.map(piece)) };
}

function piece(element: CardElement): ShownPiece {
  switch (element.type) {
    case "Image":
      return { type: "picture", alt: element.altText };
    case "ActionSet":
      return { type: "buttons", rows: [element.actions.map(({ title }) => title ?? "")] };
    case "RichTextBlock":
      return { type: "text", text: paragraph(element) };
  }
}

function paragraph({ inlines }: RichTextBlock): Markup {
  const children = inlines.map((run): Inline => {
    let found: Inline = { type: "text", value: run.text };
    if (run.weight === "Bolder") found = { type: "strong", children: [found] };
    if (run.italic === true) found = { type: "emphasis", children: [found] };
    const url = run.selectAction?.url;
    return url === undefined ? found : { type: "link", url, children: [found] };
  });
  return [{ type: "paragraph", children }];
}
