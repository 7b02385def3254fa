import { describe, expect, test } from "vitest";
import { judgeSlack } from "../../support/judge-slack.ts";

const button = (text: string, id = "b") => ({ type: "button", action_id: id, text: { type: "plain_text", text } });
const message = (...blocks: unknown[]) => ({ text: "hello", blocks });
const rich = (...elements: unknown[]) => ({ type: "rich_text", elements: [{ type: "rich_text_section", elements }] });

describe("the judge refuses what Slack refuses", () => {
  const cases: [string, unknown][] = [
    ["an unknown block", message({ type: "poster" })],
    ["an unknown property", message({ ...rich({ type: "text", text: "a" }), colour: "red" })],
    ["a long button", message({ type: "actions", elements: [button("x".repeat(76))] })],
    ["a long button value", message({ type: "actions", elements: [{ ...button("x"), value: "x".repeat(2001) }] })],
    [
      "a button in markdown",
      message({ type: "actions", elements: [{ ...button("x"), text: { type: "mrkdwn", text: "x" } }] }),
    ],
    ["an unknown style", message({ type: "actions", elements: [{ ...button("x"), style: "loud" }] })],
    [
      "26 buttons in a block",
      message({ type: "actions", elements: Array.from({ length: 26 }, (_, n) => button("x", `b${n}`)) }),
    ],
    ["two buttons of one id", message({ type: "actions", elements: [button("x"), button("y")] })],
    ["a long section", message({ type: "section", text: { type: "mrkdwn", text: "x".repeat(3001) } })],
    ["a section without text", message({ type: "section" })],
    ["a picture without description", message({ type: "image", image_url: "https://example.org/a.png" })],
    [
      "a long description",
      message({ type: "image", image_url: "https://example.org/a.png", alt_text: "x".repeat(2001) }),
    ],
    ["51 blocks", message(...Array.from({ length: 51 }, () => ({ type: "divider" })))],
    ["12,001 characters", message(...Array.from({ length: 5 }, () => rich({ type: "text", text: "x".repeat(2500) })))],
    ["an empty text", message(rich({ type: "text", text: "" }))],
    ["an empty rich text", message(rich())],
    ["no text for notifications", { text: "", blocks: [rich({ type: "text", text: "a" })] }],
  ];
  test.each(cases)("%s", (_, payload) => {
    expect(judgeSlack.message(payload)).not.toEqual([]);
  });

  test("and lets a good message, home and manifest through", () => {
    const good = message(rich({ type: "text", text: "a" }), { type: "actions", elements: [button("x".repeat(75))] });
    expect(judgeSlack.message(good)).toEqual([]);
    expect(judgeSlack.home({ type: "home", blocks: good.blocks })).toEqual([]);
    expect(judgeSlack.manifest({ display_information: { name: "x".repeat(35) } })).toEqual([]);
  });

  test("manifests with a long name, an unknown scope or field", () => {
    const good = { display_information: { name: "Fadder" } };
    expect(judgeSlack.manifest({ display_information: { name: "x".repeat(36) } })).not.toEqual([]);
    expect(judgeSlack.manifest({ ...good, oauth_config: { scopes: { bot: ["read:everything"] } } })).not.toEqual([]);
    expect(judgeSlack.manifest({ ...good, privacy: "x" })).not.toEqual([]);
  });
});
