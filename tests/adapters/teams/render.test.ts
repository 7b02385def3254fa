import { describe, expect, test } from "vitest";
import { renderReply } from "../../../adapters/teams/render.ts";
import type { Block, Inline } from "../../../src/engine/markup.ts";
import type { Reply } from "../../../src/engine/types.ts";
import { buttonsOf, cardOf, textOf } from "../../support/fake-teams-people.ts";
import { judgeCard } from "../../support/judge-teams.ts";
import { say } from "./harness.ts";

const token = "Ab3_-6789xy";
const cards = (reply: Reply, url?: string) => renderReply(reply, url).map((activity) => cardOf(activity as never));
const only = (reply: Reply, url?: string) => {
  const found = cards(reply, url);
  expect(found).toHaveLength(1);
  return found[0] ?? {};
};
const runsOf = (card: Record<string, unknown>) =>
  (card.body as { type: string; inlines?: { text: string }[] }[]).flatMap((element) => element.inlines ?? []);

describe("text", () => {
  test("is literal: markdown, mentions, HTML and date functions stay what was typed", () => {
    const typed =
      "**bold** [x](https://evil.example) <at>all</at> <b>b</b> {{DATE(2026-01-01T00:00:00Z, SHORT)}} `c` # 1. - &amp;";
    const card = only(say(typed));
    expect(textOf(card)).toBe(typed);
    for (const run of runsOf(card)) {
      expect(run).toEqual({ type: "TextRun", text: run.text });
      expect(run.text).not.toMatch(/\{\{\s*(DATE|TIME)/);
    }
  });

  test("keeps strong, emphasis and links, also inside one another", () => {
    const text: Block[] = [
      {
        type: "paragraph",
        children: [
          { type: "text", value: "Read " },
          {
            type: "strong",
            children: [
              {
                type: "link",
                url: "https://a.example/",
                children: [{ type: "emphasis", children: [{ type: "text", value: "this" }] }],
              },
            ],
          },
          { type: "break" },
          { type: "text", value: "soon" },
        ],
      },
    ];
    const card = only({ text });
    expect(textOf(card)).toBe("Read this\nsoon");
    expect(runsOf(card)[1]).toEqual({
      type: "TextRun",
      text: "this",
      weight: "Bolder",
      italic: true,
      underline: true,
      selectAction: { type: "Action.OpenUrl", url: "https://a.example/", title: "this" },
    });
  });

  test("a link that would run something is text only", () => {
    for (const url of ["javascript:alert(1)", "data:text/html,x", "msteams://x", "nonsense"]) {
      const card = only({
        text: [{ type: "paragraph", children: [{ type: "link", url, children: [{ type: "text", value: "x" }] }] }],
      });
      expect(runsOf(card)).toEqual([{ type: "TextRun", text: "x" }]);
    }
  });

  test("lists show their marks", () => {
    const item = (value: string): Inline[] => [{ type: "text", value }];
    const card = only({
      text: [
        { type: "list", ordered: true, items: [item("one"), item("two")] },
        { type: "list", ordered: false, items: [item("three")] },
      ],
    });
    expect(textOf(card)).toBe("1. one\n2. two\n• three");
  });

  test("stands in the summary and the fallback, where nothing can become a link", () => {
    const [activity] = renderReply(say("Hello [x](https://evil.example)\n<at>all</at>"), undefined);
    const card = cardOf(activity as never);
    expect(activity?.summary).toBe("Hello [x] (https://evil.example) ‹at›all‹/at›");
    expect(card.fallbackText).toBe(activity?.summary);
    expect(card.speak).not.toMatch(/[<>&]/);
  });
});

describe("answers", () => {
  const choices = (...labels: string[]) =>
    labels.map((label, index) => ({ option: "abcdefghij".charAt(index), mark: "ABCDEFGHIJ".charAt(index), label }));

  test("short ones stand on their buttons with their marks", () => {
    const card = only(say("Which?", { token, choices: choices("Yes", "No") }));
    expect(buttonsOf(card).map((button) => button.title)).toEqual(["A  Yes", "B  No"]);
    expect(textOf(card)).toBe("Which?");
  });

  test("where one is long all are printed, and the buttons have the marks", () => {
    const long = "an answer that is far too long for a button of its own";
    const card = only(say("Which?", { token, choices: choices("Yes", long) }));
    expect(buttonsOf(card).map((button) => button.title)).toEqual(["A", "B"]);
    expect(textOf(card)).toBe(`Which?\nA) Yes\nB) ${long}`);
    expect(buttonsOf(card)[1]).toMatchObject({ tooltip: long });
  });

  test("carry the token and the letter and nothing else, for old and new clients", () => {
    const [button] = buttonsOf(only(say("Which?", { token, choices: choices("Yes") })));
    expect(button).toMatchObject({
      type: "Action.Execute",
      verb: "press",
      data: { t: `${token}a` },
      fallback: { type: "Action.Submit", data: { t: `${token}a` } },
    });
  });

  test("without a token they are printed: nothing could be pressed", () => {
    const card = only(say("Which?", { choices: choices("Yes"), actions: [{ option: "n", label: "Next" }] }));
    expect(buttonsOf(card)).toEqual([]);
    expect(textOf(card)).toBe("Which?\nA) Yes");
  });
});

describe("actions", () => {
  test("the primary one is first and emphasised; an address opens and never comes back", () => {
    const card = only(
      say("Go", {
        token,
        actions: [
          { option: "m", label: "Menu" },
          { option: "n", label: "Next", primary: true },
          { option: "w", label: "Page", url: "https://fadder.example/x" },
        ],
      }),
    );
    expect(buttonsOf(card)).toMatchObject([
      { title: "Next", style: "positive" },
      { title: "Menu" },
      { title: "Page", type: "Action.OpenUrl", url: "https://fadder.example/x" },
    ]);
    expect(buttonsOf(card)[2]).not.toHaveProperty("data");
  });

  test("more than fit in a row go to a further one", () => {
    const actions = Array.from({ length: 12 }, (_, index) => ({
      option: "abcdefghijkl".charAt(index),
      label: `Do ${index}`,
    }));
    const card = only(say("Go", { token, actions }));
    expect((card.body as { actions?: unknown[] }[]).flatMap((element) => element.actions?.length ?? [])).toEqual([
      5, 5, 2,
    ]);
  });
});

describe("pictures", () => {
  const image = { kind: "progress", data: { done: 3 }, alt: "Three of six lessons done" };
  test("with an https address the picture is shown, with its description", () => {
    const card = only(say("Progress", { image }), "https://fadder.example/i/x.png");
    expect(card.body).toContainEqual({ type: "Image", url: "https://fadder.example/i/x.png", altText: image.alt });
    expect(judgeCard(card)).toEqual([]);
  });
  test.each([undefined, "http://127.0.0.1:3978/i/x.png"])("with %s the description stands in its place", (url) => {
    const card = only(say("Progress", { image }), url);
    expect(textOf(card)).toBe(`Progress\n${image.alt}`);
    expect(judgeCard(card)).toEqual([]);
  });
});

describe("the judge", () => {
  const good = only(say("x", { token, choices: [{ option: "a", mark: "A", label: "b" }] }));
  test.each([
    ["an unknown property", { ...good, foo: 1 }],
    ["an unknown element", { ...good, body: [{ type: "Nope" }] }],
    ["an element of a later version", { ...good, body: [{ type: "Badge", text: "x" }] }],
    ["a card version that does not exist", { ...good, version: "1.7" }],
    ["a TextBlock without text", { ...good, body: [{ type: "TextBlock", wrap: true }] }],
    [
      "a picture that is not https",
      { ...good, body: [{ type: "Image", url: "http://x.example/i.png", altText: "x" }] },
    ],
    ["a picture without description", { ...good, body: [{ type: "Image", url: "https://x.example/i.png" }] }],
    [
      "seven buttons in a row",
      {
        ...good,
        body: [
          {
            type: "ActionSet",
            actions: Array(7).fill({ type: "Action.OpenUrl", title: "x", url: "https://x.example/" }),
          },
        ],
      },
    ],
    [
      "a button without fallback",
      {
        ...good,
        body: [
          {
            type: "ActionSet",
            actions: [{ type: "Action.Execute", title: "x", verb: "press", data: { t: `${token}a` } }],
          },
        ],
      },
    ],
    [
      "a card that is too large",
      { ...good, body: [{ type: "RichTextBlock", inlines: [{ type: "TextRun", text: "x".repeat(15_000) }] }] },
    ],
  ])("refuses %s", (_name, card) => {
    expect(judgeCard(good)).toEqual([]);
    expect(judgeCard(card)).not.toEqual([]);
  });
});
