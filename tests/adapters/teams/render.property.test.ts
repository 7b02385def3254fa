import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderReply } from "../../../adapters/teams/render.ts";
import type { Block, Inline } from "../../../src/engine/markup.ts";
import type { Reply } from "../../../src/engine/types.ts";
import { buttonsOf, cardOf, textOf } from "../../support/fake-teams-people.ts";
import { judgeActivity } from "../../support/judge-teams.ts";
import { runs } from "../../support/property.ts";

const token = "Ab3_-6789xy";

describe("whatever authors and people write", () => {
  const wild = fc.oneof(
    { weight: 6, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
    { weight: 6, arbitrary: fc.string({ unit: "grapheme", maxLength: 60 }) },
    {
      weight: 6,
      arbitrary: fc.constantFrom(
        "<!channel>",
        "**x** _y_ [z](https://e.example)",
        "{{TIME(2026-01-01T00:00:00Z)}}",
        '"\\"'.repeat(200),
        "\u202Eabc",
        "😀👨‍👩‍👧",
        "\ud800",
        "a\u0000b",
        "{{{{DATE(",
      ),
    },
    fc
      .tuple(fc.string({ unit: "binary", minLength: 1, maxLength: 12 }), fc.integer({ min: 400, max: 900 }))
      .map(([unit, times]) => unit.repeat(times)),
  );
  const text: fc.Arbitrary<Inline> = wild.map((value) => ({ type: "text", value }));
  const inline: fc.Arbitrary<Inline> = fc.oneof(
    { weight: 5, arbitrary: text },
    fc.constant({ type: "break" as const }),
    fc.array(text, { maxLength: 2 }).map((children) => ({ type: "strong" as const, children })),
    fc
      .tuple(fc.oneof(fc.webUrl(), fc.string()), fc.array(text, { maxLength: 2 }))
      .map(([url, children]) => ({ type: "link" as const, url, children })),
  );
  const inlines = fc.array(inline, { maxLength: 6 });
  const block: fc.Arbitrary<Block> = fc.oneof(
    inlines.map((children) => ({ type: "paragraph" as const, children })),
    fc
      .tuple(fc.boolean(), fc.array(inlines, { maxLength: 4 }))
      .map(([ordered, items]) => ({ type: "list" as const, ordered, items })),
  );
  const letters = "abcdefghijklmnopqrstuvwxyz";
  const reply: fc.Arbitrary<Reply> = fc.record(
    {
      text: fc.array(block, { maxLength: 6 }),
      image: fc.record({ kind: fc.constant("p"), data: fc.constant(null), alt: wild }),
      choices: fc
        .array(wild, { maxLength: 10 })
        .map((labels) =>
          labels.map((label, index) => ({ option: letters.charAt(index), mark: String(index + 1), label })),
        ),
      actions: fc
        .array(fc.tuple(wild, fc.option(fc.oneof(fc.webUrl(), fc.string()), { nil: undefined })), { maxLength: 8 })
        .map((list) =>
          list.map(([label, url], index) => ({
            option: letters.charAt(12 + index),
            label,
            primary: index === 1,
            ...(url === undefined ? {} : { url }),
          })),
        ),
      token: fc.constant(token),
    },
    { requiredKeys: ["text"] },
  );

  test("every card passes the judges, the text arrives whole and every button is on the last card", () => {
    const letter = (value: string) => value.replace(/\p{Surrogate}/gu, "\ufffd").replace(/[\p{Cc}\s]/gu, "");
    const all = (nodes: readonly Inline[]): string =>
      nodes.map((node) => (node.type === "text" ? node.value : "children" in node ? all(node.children) : "")).join("");
    fc.assert(
      fc.property(reply, fc.constantFrom(undefined, "https://fadder.example/i/x.png"), (value, url) => {
        const activities = renderReply(value, url);
        for (const activity of activities) {
          expect(judgeActivity(activity)).toEqual([]);
          const card = cardOf(activity as never);
          const texts = [
            activity.summary,
            textOf(card),
            card.fallbackText,
            ...buttonsOf(card).map((button) => button.title),
          ];
          expect(texts.join(" ")).not.toMatch(/\p{Surrogate}/u);
        }
        const shown = letter(activities.map((activity) => textOf(cardOf(activity as never))).join("\n"));
        for (const part of value.text) {
          const lines = part.type === "paragraph" ? [part.children] : part.items;
          for (const line of lines) expect(shown).toContain(letter(all(line)));
        }
        const buttons = activities.map((activity) => buttonsOf(cardOf(activity as never)));
        expect(buttons.slice(0, -1).flat()).toEqual([]);
        const pressed = (buttons.at(-1) ?? []).flatMap(
          (button) => (button.data as { t: string } | undefined)?.t.slice(11) ?? [],
        );
        const wanted = [
          ...(value.choices ?? []),
          ...(value.actions ?? []).filter((action) => action.url === undefined),
        ];
        expect([...pressed].sort()).toEqual(value.token === undefined ? [] : wanted.map((one) => one.option).sort());
      }),
      // Shrinking a card of this size takes minutes; the printed seed finds it again.
      { numRuns: runs(2000), endOnFailure: true },
    );
  }, 300_000);
});
