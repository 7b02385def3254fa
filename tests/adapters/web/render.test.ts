import fc from "fast-check";
import { expect, test } from "vitest";
import { previewOf, renderMarkup, renderPart } from "../../../adapters/web/render.ts";
import { plainText } from "../../../src/engine/markup.ts";
import { anyMarkup, expectedTags } from "./markup.ts";

const link = (url: string) =>
  renderMarkup([{ type: "paragraph", children: [{ type: "link", url, children: [{ type: "text", value: "here" }] }] }]);

test("a text becomes paragraphs, lists, emphasis and links", () => {
  expect(
    renderMarkup([
      {
        type: "paragraph",
        children: [
          { type: "strong", children: [{ type: "text", value: "A & B" }] },
          { type: "break" },
          { type: "emphasis", children: [{ type: "text", value: "so" }] },
        ],
      },
      { type: "list", ordered: true, items: [[{ type: "text", value: "one" }], [{ type: "text", value: "two" }]] },
    ]),
  ).toBe("<p><strong>A &amp; B</strong><br><em>so</em></p><ol><li>one</li><li>two</li></ol>");
});

test("a link opens its own window without an opener, and only a web page or a mail address is one", () => {
  expect(link("https://example.org/?a=1&b=2")).toBe(
    '<p><a href="https://example.org/?a=1&amp;b=2" target="_blank" rel="noopener">here</a></p>',
  );
  for (const url of ["javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "/relative", "no address"]) {
    expect(link(url)).toBe("<p>here</p>");
  }
});

test("no text makes an element or an attribute of its own", () => {
  // Every "<" of the result starts one of these, exactly as written here; the text between them has none.
  const tag = /<\/?(?:p|ul|ol|li|strong|em)>|<br>|<a href="[^"<>]*" target="_blank" rel="noopener">|<\/a>/g;
  fc.assert(
    fc.property(anyMarkup, (markup) => {
      const html = renderMarkup(markup);
      expect(html.replace(tag, "")).not.toMatch(/[<>"'\0]/);
      const opened = [...html.matchAll(tag)].map(([one]) => one).filter((one) => !one.startsWith("</"));
      expect(opened.map((one) => /^<(\w+)/.exec(one)?.[1])).toEqual(expectedTags(markup));
    }),
    { numRuns: 2000 },
  );
});

test("a message carries what can be pressed as data", () => {
  const part = renderPart(
    {
      id: "p1",
      edits: "oldtoken123",
      reply: {
        text: plainText("Which?"),
        token: "newtoken123",
        choices: [{ option: "a", mark: "A", label: "<b>This</b>" }],
        actions: [
          { option: "b", label: "Next", primary: true },
          { option: "c", label: "Page", url: "https://example.org/" },
          { option: "d", label: "Trap", url: "javascript:alert(1)" },
        ],
        image: { kind: "progress", data: {}, alt: "Half done" },
      },
    },
    "/i/abc.png",
  );
  expect(part).toEqual({
    id: "p1",
    html: "<p>Which?</p>",
    token: "newtoken123",
    edits: "oldtoken123",
    choices: [{ option: "a", mark: "A", label: "<b>This</b>" }],
    actions: [
      { option: "b", label: "Next", primary: true },
      { option: "c", label: "Page", url: "https://example.org/" },
      { option: "d", label: "Trap" },
    ],
    image: { alt: "Half done", src: "/i/abc.png" },
  });
});

test("a preview shows the same payload without an address for the picture", () => {
  expect(previewOf({ text: plainText("Hi"), image: { kind: "progress", data: {}, alt: "Half done" } })).toEqual({
    id: "preview",
    html: "<p>Hi</p>",
    image: { alt: "Half done" },
  });
});
