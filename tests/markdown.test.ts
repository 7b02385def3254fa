import { describe, expect, test } from "vitest";
import { MarkdownError, parseMarkdown } from "../src/markdown.ts";

const where = { path: "words/en.yaml", line: 10 };
const text = (value: string) => ({ type: "text", value }) as const;
const paragraph = (...children: readonly object[]) => ({ type: "paragraph", children });

describe("what a chat can show", () => {
  test.each([
    ["plain words", [paragraph(text("plain words"))]],
    ["two\nlines of a paragraph", [paragraph(text("two lines of a paragraph"))]],
    ["one\n\ntwo", [paragraph(text("one")), paragraph(text("two"))]],
    [
      "**strong** and *soft*",
      [
        paragraph({ type: "strong", children: [text("strong")] }, text(" and "), {
          type: "emphasis",
          children: [text("soft")],
        }),
      ],
    ],
    ["first\\\nsecond", [paragraph(text("first"), { type: "break" }, text("second"))]],
    [
      "[a *page*](https://example.org/x)",
      [
        paragraph({
          type: "link",
          url: "https://example.org/x",
          children: [text("a "), { type: "emphasis", children: [text("page")] }],
        }),
      ],
    ],
    [
      "[write](mailto:desk@example.org)",
      [paragraph({ type: "link", url: "mailto:desk@example.org", children: [text("write")] })],
    ],
    ["- one\n- two", [{ type: "list", ordered: false, items: [[text("one")], [text("two")]] }]],
    ["1. one\n\n2. two", [{ type: "list", ordered: true, items: [[text("one")], [text("two")]] }]],
    ["Пишете \\*само\\* &lt;тук&gt;", [paragraph(text("Пишете *само* <тук>"))]],
    [
      "{name}, {n, plural, one {# lesson} other {# lessons}}",
      [paragraph(text("{name}, {n, plural, one {# lesson} other {# lessons}}"))],
    ],
  ])("%j", (source, expected) => {
    expect(parseMarkdown(source, where)).toEqual(expected);
  });
});

describe("what it cannot show is refused with line and advice", () => {
  test.each([
    ["", 10, /empty/],
    ["ok\n\n# Title", 12, /\*\*bold\*\*/],
    ["Title\n---", 10, /heading/],
    ["a <b>word</b>", 10, /HTML/],
    ["ok\n\n<!channel>", 12, /HTML/],
    ["![a dog](https://example.org/dog.png)", 10, /picture/],
    ["```\ncode\n```", 10, /code/],
    ["ok\n\n    four spaces", 12, /spaces/],
    ["a `word`", 10, /quotation marks/],
    ["> said", 10, /quotation/],
    ["ok\n\n***", 12, /empty line/],
    ["[a][b]\n\n[b]: https://example.org", 10, /\[the words\]/],
    ["one\n\n| a | b |\n|---|---|\n| 1 | 2 |", 13, /list/],
    ["[x](http://example.org)", 10, /https:/],
    ["[x](javascript:alert(1))", 10, /https:/],
    ["[x](page.html)", 10, /https:/],
    ["- one\n  - inner", 11, /inner list/],
    ["- # big", 10, /bold/],
    ["- one\n-", 10, /empty/],
    ["3. three", 10, /starts with 3/],
  ])("%j", (source, line, advice) => {
    expect(() => parseMarkdown(source, where)).toThrow(MarkdownError);
    expect(() => parseMarkdown(source, where)).toThrow(new RegExp(`^words/en\\.yaml:${line}: `));
    expect(() => parseMarkdown(source, where)).toThrow(advice);
  });
});
