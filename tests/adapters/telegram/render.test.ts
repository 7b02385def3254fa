import { describe, expect, test } from "vitest";
import { keyboard } from "../../../adapters/telegram/keyboard.ts";
import { asCaption, render, renderWithoutPicture } from "../../../adapters/telegram/render.ts";
import type { Markup } from "../../../src/engine/markup.ts";
import type { Reply } from "../../../src/engine/types.ts";
import { PROMPT, says } from "./setting.ts";

const image = { kind: "progress", data: { done: 3, of: 6 }, alt: "Three of six lessons are done." };

function texts(reply: Reply): string[] {
  return render(reply).map((part) => (part.type === "text" ? part.payload.text : part.payload.caption));
}

describe("a text", () => {
  test("becomes Telegram's HTML: paragraphs, emphasis, lists, links", () => {
    const text: Markup = [
      {
        type: "paragraph",
        children: [
          { type: "text", value: "A " },
          { type: "strong", children: [{ type: "emphasis", children: [{ type: "text", value: "b" }] }] },
          { type: "break" },
          { type: "link", url: 'https://e.org/?a=1&b="', children: [{ type: "text", value: "page" }] },
        ],
      },
      { type: "list", ordered: false, items: [[{ type: "text", value: "x" }], [{ type: "text", value: "y" }]] },
      { type: "paragraph", children: [{ type: "text", value: "end" }] },
    ];
    expect(texts({ text })).toEqual([
      'A <b><i>b</i></b>\n<a href="https://e.org/?a=1&amp;b=%22">page</a>\n• x\n• y\n\nend',
    ]);
  });

  test("keeps what a person typed as typed", () => {
    expect(texts(says("<b>Bobby</b> & *tables* [x](y) <!channel>"))).toEqual([
      "&lt;b&gt;Bobby&lt;/b&gt; &amp; *tables* [x](y) &lt;!channel&gt;",
    ]);
  });

  test("makes no link of a name that looks like an address", () => {
    const [text] = texts(says("Hello win.example, @durov, https://evil.example and 10.0.0.1"));
    expect(text).toBe("Hello win.\u2060example, @\u2060durov, https:\u2060//evil.\u2060example and 10.\u20600.0.1");
  });

  test("leaves abbreviations, numbers and decimals alone", () => {
    expect(texts(says("e.g. 3.5 т.е. 12.11.2026 Mr. A. B."))).toEqual(["e.g. 3.5 т.е. 12.11.2026 Mr. A. B."]);
  });

  test("shows the address of a link that Telegram would drop", () => {
    const link = (url: string): Reply => ({
      text: [{ type: "paragraph", children: [{ type: "link", url, children: [{ type: "text", value: "here" }] }] }],
    });
    expect(texts(link("http://localhost:3978/join/x"))).toEqual(["here (http://localhost:3978/join/x)"]);
    expect(texts(link("mailto:anna@e.org"))).toEqual(["here (anna@e.org)"]);
  });

  test("is never empty", () => {
    expect(texts(says(" \u200b\u2060 "))).toEqual(["…"]);
  });

  test("of 10,000 characters is cut between paragraphs, with the buttons under the last part", () => {
    const paragraph = `${"word ".repeat(199)}end.`;
    const text = Array.from({ length: 10 }, () => says(paragraph).text).flat();
    const parts = render({ text, token: PROMPT, actions: [{ option: "a", label: "Next" }] });
    expect(parts).toHaveLength(4);
    for (const part of parts) {
      expect(part.type === "text" && part.payload.text.endsWith("end.")).toBe(true);
    }
    expect(parts.map((part) => part.payload.reply_markup !== undefined)).toEqual([false, false, false, true]);
  });

  test("cuts a long word between characters as people see them", () => {
    const family = "👩‍👩‍👧‍👦";
    const pieces = texts(says(family.repeat(600)));
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join("")).toBe(family.repeat(600));
    for (const piece of pieces) expect(piece.length % family.length).toBe(0);
  });

  test("with more emphasis than one message may have is cut before it loses some", () => {
    const children = Array.from({ length: 150 }, (_, index) => ({
      type: "strong" as const,
      children: [{ type: "text" as const, value: `w${index} ` }],
    }));
    const parts = texts({ text: [{ type: "paragraph", children }] });
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) expect(part.split("<b>").length - 1).toBeLessThanOrEqual(100);
  });
});

describe("buttons", () => {
  const choices = (labels: readonly string[]) =>
    labels.map((label, index) => ({ option: "abcdef".charAt(index), mark: "ABCDEF".charAt(index), label }));

  test("carry short answers, one in a row, and the token with the option's letter", () => {
    const { rows, lines } = keyboard({ ...says("?"), token: PROMPT, choices: choices(["Yes", "No"]) });
    expect(rows).toEqual([
      [{ text: "A  Yes", callback_data: `${PROMPT}a` }],
      [{ text: "B  No", callback_data: `${PROMPT}b` }],
    ]);
    expect(lines).toEqual([]);
  });

  test("carry only marks for all answers when one is long, and the answers are printed", () => {
    const long = "Ask what she would like to do about it herself";
    const reply = { ...says("What now?"), token: PROMPT, choices: choices([long, "Nothing"]) };
    expect(keyboard(reply).rows).toEqual([
      [
        { text: "A", callback_data: `${PROMPT}a` },
        { text: "B", callback_data: `${PROMPT}b` },
      ],
    ]);
    expect(texts(reply)).toEqual([`What now?\n\nA) ${long}\nB) Nothing`]);
  });

  test("put the primary one first and alone, and two short ones in a row", () => {
    const { rows } = keyboard({
      ...says("?"),
      token: PROMPT,
      actions: [
        { option: "a", label: "Menu" },
        { option: "b", label: "Save" },
        { option: "c", label: "Next card", primary: true },
      ],
    });
    expect(rows.map((row) => row.map((button) => button.text))).toEqual([["Next card"], ["Menu", "Save"]]);
    expect(rows[0]?.[0]).toMatchObject({ style: "primary" });
  });

  test("open pages that Telegram accepts, and print the others", () => {
    const { rows, lines } = keyboard({
      ...says("?"),
      actions: [
        { option: "a", label: "Open", url: "https://e.org/a" },
        { option: "b", label: "Here", url: "http://localhost:1/a" },
      ],
    });
    expect(rows).toEqual([[{ text: "Open", url: "https://e.org/a" }]]);
    expect(lines).toMatchObject([{ type: "link", url: "http://localhost:1/a" }]);
  });

  test("are refused before sending when their data is too long", () => {
    const reply = { ...says("?"), token: "я".repeat(32), actions: [{ option: "a", label: "Next" }] };
    expect(() => render(reply)).toThrow("65 bytes");
  });
});

describe("a picture", () => {
  test("has the text under it, and what it says where the text does not", () => {
    expect(render({ ...says("Well done."), image })).toMatchObject([
      { type: "photo", payload: { caption: "Well done.\n\nThree of six lessons are done." } },
    ]);
    expect(render({ ...says(`So far: ${image.alt}`), image })).toMatchObject([
      { type: "photo", payload: { caption: `So far: ${image.alt}` } },
    ]);
  });

  test("comes before a text that is too long for a caption", () => {
    const long = "word ".repeat(300).trim();
    const parts = render({ ...says(long), image, token: PROMPT, actions: [{ option: "a", label: "Next" }] });
    expect(parts.map((part) => part.type)).toEqual(["photo", "text"]);
    expect(parts[0]?.payload).toEqual({ caption: image.alt, parse_mode: "HTML" });
    expect(parts[1]?.payload.reply_markup).toBeDefined();
  });

  test("is put in words where none can be shown", () => {
    expect(renderWithoutPicture({ ...says("Well done."), image })).toMatchObject([
      { type: "text", payload: { text: `Well done.\n\n${image.alt}` } },
    ]);
  });

  test("takes a new caption only while it is short enough", () => {
    expect(asCaption(says("short"))).toMatchObject({ caption: "short" });
    expect(asCaption(says("x".repeat(1025)))).toBeUndefined();
  });
});
