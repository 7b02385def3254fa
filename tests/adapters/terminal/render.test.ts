import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Layout, previewOf, renderMarkup, renderReply } from "../../../adapters/terminal/render.ts";
import { createScreen } from "../../../adapters/terminal/screen.ts";
import { type Markup, plainText } from "../../../src/engine/markup.ts";
import type { Reply } from "../../../src/engine/types.ts";

const layout: Layout = { width: 40, colour: false, picture: (alt) => `[Picture: ${alt}]` };
const text = (value: string) => ({ type: "text" as const, value });

const styled: Markup = [
  {
    type: "paragraph",
    children: [
      { type: "strong", children: [text("Right.")] },
      text(" See "),
      { type: "link", url: "https://example.org/", children: [text("the page")] },
      text(", it helps."),
      { type: "break" },
      text("Bye"),
    ],
  },
];

describe("a message", () => {
  test("is wrapped, with marks, numbers and hanging lines", () => {
    const reply: Reply = {
      text: plainText("Amina has missed two meetings and has not written. What do you do first?"),
      token: "abcdefghijk",
      image: { kind: "progress", data: {}, alt: "Trust: 1 of 2" },
      choices: [
        { option: "a", mark: "A", label: "Write a short, friendly message without asking why" },
        { option: "b", mark: "B", label: "Wait" },
      ],
      actions: [
        { option: "c", label: "Back" },
        { option: "d", label: "Read more", url: "https://example.org/" },
      ],
    };
    expect(renderReply(reply, [{ option: "c", number: 3 }], layout)).toBe(
      [
        "Amina has missed two meetings and has",
        "not written. What do you do first?",
        "",
        "[Picture: Trust: 1 of 2]",
        "",
        "   A  Write a short, friendly message",
        "      without asking why",
        "   B  Wait",
        "",
        "   3  Back",
        "  Read more: https://example.org/",
      ].join("\n"),
    );
    expect(previewOf(reply)).toContain("   3  Back");
  });

  test("tells a picture only where the text does not say the same", () => {
    const image = { kind: "progress", data: {}, alt: "Trust: 1 of 2\nCheck open" };
    expect(renderReply({ text: plainText("Yours"), image }, [], layout)).toBe(
      "Yours\n\n[Picture: Trust: 1 of 2 Check open]",
    );
    expect(renderReply({ text: plainText(image.alt), image }, [], layout)).toBe("Trust: 1 of 2\nCheck open");
  });

  test("shows where a link leads, keeps punctuation with its word and breaks where it should", () => {
    expect(renderMarkup(styled, { ...layout, width: 80 })).toBe(
      "Right. See the page (https://example.org/), it helps.\nBye",
    );
  });

  test("has styles only where they may be used", () => {
    const coloured = renderMarkup(styled, { ...layout, width: 80, colour: true });
    expect(coloured).toContain("\x1b[1mRight.\x1b[0m");
    expect(renderMarkup(styled, layout)).not.toContain("\x1b");
  });

  test("lists hang, and wide letters count double", () => {
    const list: Markup = [
      { type: "list", ordered: true, items: [[text("one two three four")], [text("日本語 日本語")]] },
    ];
    expect(renderMarkup(list, { ...layout, width: 15 })).toBe(
      "  1. one two\n     three four\n  2. 日本語\n     日本語",
    );
  });

  test("gives a terminal nothing to obey, whatever was typed", () => {
    const word = fc.oneof(
      fc.string({ unit: "binary", maxLength: 12 }),
      fc.constantFrom("\x1b[2J", "\x9b31m", "\u202E", "\x07", "\r", "a b"),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 20 }), (words) => {
        const rendered = renderReply(
          { text: plainText(words.join(" ")), choices: [{ option: "a", mark: "A", label: words.join("") }] },
          [],
          layout,
        );
        expect(rendered.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/u);
      }),
      { numRuns: 2000 },
    );
  });
});

test("no line is wider than the screen while its words are not", () => {
  const words = fc.array(fc.stringMatching(/^[a-zæøåа-я]{1,30}$/), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(words, (said) => {
      const lines = renderMarkup(plainText(said.join(" ")), layout).split("\n");
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(layout.width);
      expect(lines.join(" ")).toBe(said.join(" "));
    }),
  );
});

describe("the screen", () => {
  const row = (...parts: { reply: Reply; edits?: string }[]) => ({
    seq: 1,
    kind: "reply" as const,
    createdAt: 0,
    parts: parts.map((part, index) => ({ id: String(index), ...part })),
  });

  test("numbers buttons behind the choices of the same moment", () => {
    const screen = createScreen();
    const said = { text: plainText("Saved"), token: "say", actions: [{ option: "a", label: "My cards" }] };
    const asked = {
      text: plainText("Which?"),
      token: "ask",
      choices: [
        { option: "a", mark: "1", label: "x" },
        { option: "b", mark: "2", label: "y" },
      ],
      actions: [{ option: "c", label: "Back" }],
    };
    expect(screen.show([row({ reply: said }, { reply: asked })], layout)).toMatch(/ 3 {2}My cards[\s\S]* 4 {2}Back/);
    expect([1, 2, 3, 4, 5].map((number) => screen.button(number))).toEqual([
      undefined,
      undefined,
      { token: "say", option: "a" },
      { token: "ask", option: "c" },
      undefined,
    ]);
    screen.answered();
    expect(screen.button(3)).toBeUndefined();
  });

  test("prints only what an answered message adds", () => {
    const screen = createScreen();
    const question = plainText("Which?");
    screen.show([row({ reply: { text: question, token: "ask" } })], layout);
    const settled = [...question, ...plainText("You answered B: right.")];
    expect(screen.show([row({ edits: "ask", reply: { text: settled } })], layout)).toBe("You answered B: right.");
    expect(screen.show([row({ edits: "ask", reply: { text: question } })], layout)).toBe("");
    expect(screen.show([row({ edits: "unknown", reply: { text: settled } })], layout)).toContain("Which?");
  });
});
