import { describe, expect, test } from "vitest";
import { type Message, render } from "../../../adapters/slack/render.ts";
import { plainText } from "../../../src/engine/markup.ts";
import type { Reply } from "../../../src/engine/types.ts";
import { buttonsOf, type FakeNode, visibleOf } from "../../support/fake-slack-state.ts";

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

  test("many small points weigh as much as Slack's own form of them", () => {
    const items = Array.from({ length: 24 }, (_, index) => [{ type: "text" as const, value: String(index) }]);
    const text = Array.from({ length: 12 }, () => ({ type: "list" as const, ordered: false, items }));
    const messages = render({ text }, options);
    for (const { blocks } of messages) expect(JSON.stringify(blocks).length).toBeLessThanOrEqual(9_000);
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
