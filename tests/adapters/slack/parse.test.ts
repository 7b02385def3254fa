import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "../../../adapters/slack/parse.ts";
import { readText } from "../../../adapters/slack/text.ts";

const folder = join(import.meta.dirname, "recorded");

describe("recorded requests", () => {
  for (const name of readdirSync(folder)) {
    const { about, body, parsed } = JSON.parse(readFileSync(join(folder, name), "utf8")) as {
      about: string;
      body: unknown;
      parsed: unknown;
    };
    test(about, () => {
      expect(JSON.parse(JSON.stringify(parse(body)))).toEqual(parsed);
    });
  }
});

test("whatever the body is, parsing ends well", () => {
  const event = { type: "event_callback", event_id: "E", team_id: "T", event: { type: "message", channel_type: "im" } };
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      for (const body of [
        value,
        { ...event, event: value },
        { ...event, event: { ...event.event, ...(value as object) } },
      ]) {
        expect(["input", "off", "group", "drop"]).toContain(parse(body).type);
      }
    }),
  );
});

describe("text as people meant it", () => {
  const cases: [string, string][] = [
    ["plain", "plain"],
    ["a &amp; b &lt;c&gt; &amp;lt;", "a & b <c> &lt;"],
    ["see <http://example.org|example.org>", "see example.org"],
    ["see <https://example.org/a?b=1&amp;c=2>", "see https://example.org/a?b=1&c=2"],
    ["<https://example.org|our page>", "our page (https://example.org)"],
    ["<mailto:a@example.org|a@example.org>", "a@example.org"],
    ["<@U123> and <@U123|Kim>", "@U123 and @Kim"],
    ["<#C1|general>", "#general"],
    ["<!here> <!subteam^S1|@team> <!date^1|soon>", "@here @team soon"],
    ["&lt;!channel&gt;", "<!channel>"],
    ["nul\u0000 and \ud800 alone", "nul and \ufffd alone"],
  ];
  test.each(cases)("%s", (raw, meant) => {
    expect(readText(raw)).toBe(meant);
  });

  test("is capped at 4,000, never inside a character", () => {
    expect(readText("x".repeat(10_000))).toHaveLength(4000);
    const emoji = readText(`x${"👍".repeat(3000)}`);
    expect(emoji.length).toBe(3999);
    expect(emoji).not.toMatch(/\p{Cs}/u);
  });
});
