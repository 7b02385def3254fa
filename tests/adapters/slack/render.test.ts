import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { limits, sizeOf } from "../../../adapters/slack/limits.ts";
import { type Message, render, renderHome } from "../../../adapters/slack/render.ts";
import { isLinkable } from "../../../adapters/slack/rich.ts";
import { clean } from "../../../adapters/slack/text.ts";
import { type Inline, links, type Markup, plainText, toPlain } from "../../../src/engine/markup.ts";
import type { Reply } from "../../../src/engine/types.ts";
import { buttonsOf, type FakeNode, visibleOf } from "../../support/fake-slack-state.ts";
import { judgeSlack } from "../../support/judge-slack.ts";

const options = { picture: undefined, salt: "m1" };
const nodes = (message: Message) => message.blocks as unknown as FakeNode[];
const labels = (message: Message) => buttonsOf(nodes(message)).map((button) => button.label);

describe("buttons", () => {
  const question = (first: string): Reply => ({
    text: plainText("Which?"),
    token: "tokentoken1",
    choices: [
      { option: "a", mark: "A", label: first },
      { option: "b", mark: "B", label: "No" },
    ],
    actions: [
      { option: "c", label: "Menu" },
      { option: "d", label: "Save", primary: true },
      { option: "e", label: "Read", url: "https://example.org/page" },
    ],
  });

  test("short answers stand on their buttons, with their marks", () => {
    const [message] = render(question("Yes"), options);
    expect(message && labels(message)).toEqual(["A  Yes", "B  No", "Menu", "Save", "Read"]);
    expect(message && visibleOf(nodes(message))).toBe("Which?");
  });

  test("when one is long, all stand in the text and the buttons carry the marks", () => {
    const [message] = render(question("Listen first, then ask what they need"), options);
    expect(message && labels(message)).toEqual(["A", "B", "Menu", "Save", "Read"]);
    expect(message && visibleOf(nodes(message))).toBe("Which?\n\nA) Listen first, then ask what they need\nB) No");
    const [first] = buttonsOf(message ? nodes(message) : []);
    expect(first?.node.accessibility_label).toBe("A: Listen first, then ask what they need");
  });

  test("a press carries the token and the letter, a link carries neither", () => {
    const [message] = render(question("Yes"), options);
    const buttons = buttonsOf(message ? nodes(message) : []).map((button) => button.node);
    expect(buttons.map((node) => node.value)).toEqual([
      "tokentoken1a",
      "tokentoken1b",
      "tokentoken1c",
      "tokentoken1d",
      undefined,
    ]);
    expect(buttons[4]?.url).toBe("https://example.org/page");
    expect(buttons.map((node) => node.style)).toEqual([undefined, undefined, undefined, "primary", undefined]);
  });
});

describe("text", () => {
  test("is literal: mentions, links and emphasis that somebody typed stay what they are", () => {
    const typed = "<!channel> <@U1> <https://evil.example|x> *bold* _it_ ~s~ `c` :smile: & @here";
    const [message] = render({ text: plainText(typed) }, options);
    expect(message?.blocks).toEqual([
      {
        type: "rich_text",
        block_id: "m1-0-0",
        elements: [{ type: "rich_text_section", elements: [{ type: "text", text: typed }] }],
      },
    ]);
    expect(message?.text).toBe(
      "&lt;!channel&gt; &lt;@U1&gt; &lt;https://evil.example|x&gt; *bold* _it_ ~s~ `c` :smile: &amp; @here",
    );
  });

  test("a message that replaces another has other block ids", () => {
    const ids = (salt: string) =>
      render({ text: plainText("a") }, { ...options, salt }).flatMap((one) =>
        one.blocks.map((block) => block.block_id),
      );
    expect(ids("m1")).not.toEqual(ids("m2"));
  });

  test("long texts part between paragraphs, and only the last part has buttons", () => {
    const text = Array.from({ length: 12 }, (_, n) => plainText(`${n} ${"x".repeat(2000)}`)).flat();
    const messages = render({ text, actions: [{ option: "a", label: "Next" }], token: "tokentoken1" }, options);
    expect(messages.length).toBeGreaterThan(2);
    expect(messages.map((message) => labels(message).length)).toEqual(
      messages.map((_, n) => (n === messages.length - 1 ? 1 : 0)),
    );
    for (const message of messages) expect(visibleOf(nodes(message))).toMatch(/^\d+ x+(\n+\d+ x+)*$/);
  });

  test("a picture that cannot be shown leaves its description", () => {
    const image = { kind: "progress", data: {}, alt: "Half done" };
    const [without] = render({ text: plainText("Look"), image }, options);
    expect(without && visibleOf(nodes(without))).toBe("Look\n\nHalf done");
    const [shown] = render(
      { text: plainText("Look"), image },
      { ...options, picture: { image_url: "https://example.org/p.png" } },
    );
    expect(shown && visibleOf(nodes(shown))).toBe("[picture: Half done]\nLook");
  });
});

const tricky = [
  "<!channel>",
  "<@U123>",
  "*a* _b_ ~c~ `d`",
  "&amp; < > &",
  "\u202eright to left\u202c",
  "👩‍👩‍👧‍👦",
  "\ud800",
  "line\nline",
  "\u0000",
  '"\\"',
  ":tada:",
  "<https://evil.example|click>",
];
const word = fc.oneof(
  { weight: 8, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
  { weight: 8, arbitrary: fc.string({ unit: "grapheme", maxLength: 40 }) },
  { weight: 8, arbitrary: fc.constantFrom(...tricky) },
  {
    weight: 1,
    arbitrary: fc.nat({ max: 12_000 }).map((size) => "päivä & yö ".repeat(Math.ceil(size / 11)).slice(0, size)),
  },
);
const address = fc.oneof(
  fc.webUrl(),
  fc.constantFrom("https://example.org/a?b=c&d=<e>", "javascript:alert(1)", "mailto:a@example.org", "not an address"),
);
const inline: fc.Arbitrary<Inline> = fc.letrec<{ node: Inline; nodes: Inline[] }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    word.map((value): Inline => ({ type: "text", value })),
    fc.constant<Inline>({ type: "break" }),
    tie("nodes").map((children): Inline => ({ type: "strong", children })),
    tie("nodes").map((children): Inline => ({ type: "emphasis", children })),
    fc.tuple(address, word).map(([url, value]): Inline => ({ type: "link", url, children: [{ type: "text", value }] })),
  ),
  nodes: fc.array(tie("node"), { maxLength: 4 }),
})).node;
const line = fc.array(inline, { maxLength: 5 });
const markup: fc.Arbitrary<Markup> = fc.array(
  fc.oneof(
    line.map((children) => ({ type: "paragraph" as const, children })),
    fc.record({ type: fc.constant("list" as const), ordered: fc.boolean(), items: fc.array(line, { maxLength: 6 }) }),
  ),
  { maxLength: 6 },
);
const option = (index: number) => String.fromCharCode(97 + index);
const reply: fc.Arbitrary<Reply> = fc
  .record({
    text: markup,
    choices: fc.array(word, { maxLength: 6 }),
    actions: fc.array(fc.tuple(word, fc.option(fc.webUrl())), { maxLength: 5 }),
    alt: fc.option(word),
  })
  .map(({ text, choices, actions, alt }) => ({
    text,
    token: "abcdefghijk",
    choices: choices.map((label, index) => ({ option: option(index), mark: option(index).toUpperCase(), label })),
    actions: actions.map(([label, url], index) => ({
      option: option(choices.length + index),
      label,
      ...(url === null ? {} : { url }),
      primary: index === 0,
    })),
    ...(alt === null ? {} : { image: { kind: "k", data: {}, alt } }),
  }));

const bare = (text: string) => clean(text, Number.POSITIVE_INFINITY).replaceAll(/\s/g, "");

/** Links and everything that could notify or run, wherever it stands in a payload. */
function findAll(value: unknown, types: readonly string[]): FakeNode[] {
  if (Array.isArray(value)) return value.flatMap((item) => findAll(item, types));
  if (typeof value !== "object" || value === null) return [];
  const node = value as FakeNode;
  return [
    ...(types.includes(String(node.type)) ? [node] : []),
    ...Object.values(node).flatMap((child) => findAll(child, types)),
  ];
}

describe("whatever authors and people write", () => {
  test("the judge lets it pass, the limits hold, every word arrives and nothing becomes a link or a mention", () => {
    fc.assert(
      fc.property(reply, fc.constantFrom(undefined, { image_url: "https://example.org/p.png" }), (given, picture) => {
        const messages = render(given, { picture, salt: "m1" });
        for (const message of messages) {
          expect(judgeSlack.message(message)).toEqual([]);
          expect(message.text).not.toMatch(/[<>]/);
          expect(message.text.length).toBeLessThanOrEqual(limits.notification);
          const urls = (given.actions ?? []).reduce((sum, action) => sum + (action.url?.length ?? 0), 0);
          expect(sizeOf(JSON.stringify(message.blocks))).toBeLessThanOrEqual(limits.messageBlocks + urls * 5);
          expect(
            findAll(message.blocks, ["user", "broadcast", "usergroup", "channel", "team", "mrkdwn", "date", "emoji"]),
          ).toEqual([]);
        }
        const shown = messages.map((message) => visibleOf(nodes(message))).join("");
        expect(bare(shown)).toContain(bare(expected(given.text)));
        const linked = messages.flatMap((message) => findAll(message.blocks, ["link"]).map((node) => String(node.url)));
        expect([...new Set(linked)]).toEqual([...new Set(links(given.text).filter(isLinkable))]);
        expect(messages.slice(0, -1).flatMap(labels)).toEqual([]);
        const home = { type: "home", blocks: renderHome(given, { picture, salt: "m1" }) };
        expect(judgeSlack.home(home)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  }, 240_000);
});

/** What a reader should see: lists with marks as the fake draws them, addresses that are no links in brackets. */
function expected(text: Markup): string {
  const withAddresses = (children: readonly Inline[]): Inline[] =>
    children.flatMap((node): Inline[] => {
      if (node.type === "text" || node.type === "break") return [node];
      const inner = withAddresses(node.children);
      if (node.type !== "link") return inner;
      if (!isLinkable(node.url)) return [...inner, { type: "text", value: ` (${node.url})` }];
      const empty = clean(toPlain([{ type: "paragraph", children: inner }]), 1e9).trim() === "";
      return empty ? [{ type: "text", value: node.url }] : inner;
    });
  return toPlain(
    text.map((block) =>
      block.type === "paragraph"
        ? { ...block, children: withAddresses(block.children) }
        : { ...block, items: block.items.map(withAddresses) },
    ),
  );
}
