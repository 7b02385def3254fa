import type { Shown } from "../../src/engine/adapter.ts";
import type { Markup } from "../../src/engine/markup.ts";
import type { Reply } from "../../src/engine/types.ts";
import { pagesOf } from "./render.tsx";

/** What a mail program shows: the subject, the picture, the text, answers as lines, and links where a button opens a page. */
export function shownLetter(reply: Reply, subject: string, footer: Markup): Shown {
  const { text, image, choices = [] } = reply;
  const answers = choices.map(({ mark, label }): Markup[number] => ({
    type: "paragraph",
    children: [
      { type: "strong", children: [{ type: "text", value: mark }] },
      { type: "text", value: ` ${label}` },
    ],
  }));
  const links = pagesOf(reply).map(({ label }) => [label]);
  const heading: Markup = [
    { type: "paragraph", children: [{ type: "strong", children: [{ type: "text", value: subject }] }] },
  ];
  return {
    look: "letter",
    messages: [
      [
        { type: "text", text: heading },
        ...(image === undefined ? [] : [{ type: "picture" as const, alt: image.alt }]),
        { type: "text", text: [...text, ...answers] },
        ...(links.length === 0 ? [] : [{ type: "buttons" as const, rows: links }]),
        { type: "text", text: footer },
      ],
    ],
  };
}
