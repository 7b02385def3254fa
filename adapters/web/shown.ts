import type { Shown } from "../../src/engine/adapter.ts";
import type { Reply } from "../../src/engine/types.ts";

/** What the page shows of a message: the picture above the text, each answer in a row of its own, other buttons in one. */
export function shownPage({ text, image, choices = [], actions = [] }: Reply): Shown {
  const rows = [
    ...choices.map(({ mark, label }) => [`${mark} ${label}`]),
    ...(actions.length === 0 ? [] : [actions.map(({ label }) => label)]),
  ];
  return {
    look: "page",
    messages: [
      [
        ...(image === undefined ? [] : [{ type: "picture" as const, alt: image.alt }]),
        { type: "text", text },
        ...(rows.length === 0 ? [] : [{ type: "buttons" as const, rows }]),
      ],
    ],
  };
}
