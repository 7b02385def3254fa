import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Part, render } from "../../../adapters/telegram/render.ts";
import { type Block, type Inline, links, type Markup, mapText, toPlain } from "../../../src/engine/markup.ts";
import type { Reply } from "../../../src/engine/types.ts";
import { checkKeyboard, checkText } from "../../support/fake-telegram-rules.ts";
import { type JudgedEntity, telegramJudge } from "../../support/judge-telegram.ts";
import { runs } from "../../support/property.ts";

const judge = telegramJudge();
if (typeof judge === "string") console.warn(`skipped: the property test of Telegram's texts. ${judge}`);

/** Milliseconds: 2,000 runs on a machine that does other things too. */
const SLOW = 180_000;

/** What authors and learners really write, and what nobody should. */
const nasty = fc.constantFrom(
  "<!channel>",
  "*_[]()~`>#+-=|{}.!\\",
  "<b>",
  "</b>",
  '<a href="https://evil.example">x</a>',
  "&amp;",
  "&#x41;",
  "&nbsp;",
  "win.example",
  "https://evil.example/a?b=c&d",
  "http://a.b/",
  "me@x.example",
  "@durov",
  "@a_b",
  "1.2.3.4",
  "tg://resolve?domain=x",
  "ton://x",
  "пример.рф",
  "भारत.भारत",
  "end.Next",
  "www.a.co",
  "x.com:80/y",
  "👩‍👩‍👧‍👦",
  "🇧🇬",
  "é",
  "שלום",
  "مرحبا",
  "\u202etxt.exe",
  "\u2066",
  "\ud83d",
  "\udc00",
  "\0",
  "\u0007",
  "\r\n",
  "\t",
  "\u2028",
  "\ufffe",
  "\u200b",
  "\u2060",
  "/stop",
  "#tag",
  " ",
  "\n",
  ".",
  "@",
  ":",
  "//",
);
const anyText = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .array(fc.oneof(nasty, fc.string({ unit: "grapheme", maxLength: 12 })), { maxLength: 12 })
      .map((parts) => parts.join("")),
  },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(nasty, fc.integer({ min: 1, max: 10_000 }))
      .map(([part, length]) => part.repeat(Math.ceil(length / part.length)).slice(0, length)),
  },
);
const text = anyText.map((value): Inline => ({ type: "text", value }));
const url = fc.oneof(
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.constantFrom(
    "http://localhost:3978/join/x",
    "https://münchen.example/ü",
    "https://1.2.3.4/",
    "mailto:a@b.example",
  ),
);
const plainInline = fc.array(fc.oneof(text, fc.constant<Inline>({ type: "break" })), { maxLength: 4 });
const inline: fc.Arbitrary<Inline> = fc.oneof(
  { weight: 3, arbitrary: text },
  { weight: 1, arbitrary: plainInline.map((children): Inline => ({ type: "strong", children })) },
  {
    weight: 1,
    arbitrary: plainInline.map((children): Inline => ({ type: "emphasis", children: [{ type: "strong", children }] })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(url, plainInline).map(([url, children]): Inline => ({ type: "link", url, children })),
  },
);
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.array(inline, { maxLength: 6 }).map((children): Block => ({ type: "paragraph", children })),
  fc
    .tuple(fc.boolean(), fc.array(fc.array(inline, { maxLength: 3 }), { maxLength: 4 }))
    .map(([ordered, items]): Block => ({ type: "list", ordered, items })),
);
const token = fc.string({ unit: fc.constantFrom(..."abcXYZ019_-"), minLength: 11, maxLength: 11 });
const reply: fc.Arbitrary<Reply> = fc.record(
  {
    text: fc.array(block, { maxLength: 5 }),
    image: fc.record({ kind: fc.constant("chart"), data: fc.constant(1), alt: anyText }),
    token,
    choices: fc
      .array(anyText, { maxLength: 6 })
      .map((labels) =>
        labels.map((label, index) => ({ option: "abcdef".charAt(index), mark: String(index + 1), label })),
      ),
    actions: fc.array(fc.tuple(anyText, fc.option(url, { nil: undefined })), { maxLength: 4 }).map((all) =>
      all.map(([label, url], index) => ({
        option: "uvwxyz".charAt(index),
        label,
        primary: index === 1,
        ...(url === undefined ? {} : { url }),
      })),
    ),
  },
  { requiredKeys: ["text"] },
);

/** Letters, digits and signs: what Telegram trims, replaces or does not show is left out on both sides. */
function seen(text: string): string {
  return text
    .replace(/\r/gu, "")
    .replace(/\p{Cs}/gu, "\ufffd")
    .replace(/[\p{White_Space}\p{C}\p{Default_Ignorable_Code_Point}]/gu, "");
}

/** Everything one part shows, judged; fails where Telegram would refuse it. */
function judged(part: Part): { text: string; entities: readonly JudgedEntity[] } {
  checkKeyboard(part.payload.reply_markup);
  if (part.type === "text") return checkText(part.payload.text, part.payload.parse_mode, 4000, "message");
  if (part.payload.caption === "") return { text: "", entities: [] };
  return checkText(part.payload.caption, part.payload.parse_mode, 1024, "message caption");
}

/** Hosts without a dot and protocols that are not the web's have no link in Telegram; their address is printed. */
const linkable = (url: string) => /^https?:$/u.test(new URL(url).protocol) && new URL(url).hostname.includes(".");
/** Telegram writes some characters of an address in another way; the address is the same. */
const sameAddress = (url: string) => decodeURI(encodeURI(decodeAll(new URL(url).href)));
function decodeAll(text: string): string {
  return text.replace(/%[0-9a-f]{2}/giu, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
}

describe.skipIf(typeof judge === "string")("whatever authors and learners write", () => {
  test(
    "passes Telegram's own parser and limits, only the last part has buttons",
    () => {
      fc.assert(
        fc.property(reply, (reply) => {
          const parts = render(reply);
          for (const part of parts) judged(part);
          expect(parts.length).toBeGreaterThan(0);
          expect(parts.slice(0, -1).every((part) => part.payload.reply_markup === undefined)).toBe(true);
        }),
        { numRuns: runs(2000) },
      );
    },
    SLOW,
  );

  test(
    "is read by the person as it was written",
    () => {
      fc.assert(
        fc.property(fc.array(block, { maxLength: 4 }), (text) => {
          // Links to nowhere print their address; they have a test of their own.
          const webOnly = withoutLinks(text);
          const shown = render({ text: webOnly })
            .map((part) => judged(part).text)
            .join("");
          const wanted = seen(toPlain(mapText(webOnly, wellFormed)));
          expect(seen(shown)).toBe(wanted === "" ? "…" : wanted);
        }),
        { numRuns: runs(2000) },
      );
    },
    SLOW,
  );

  test(
    "has the links of its template and no others",
    () => {
      if (typeof judge === "string") return;
      fc.assert(
        fc.property(fc.array(block, { maxLength: 4 }), (text) => {
          const parts = render({ text }).map(judged);
          const found = parts.flatMap(({ entities }) => entities.flatMap((entity) => entity.url ?? []));
          expect(new Set(found.map(sameAddress))).toEqual(new Set(links(text).filter(linkable).map(sameAddress)));
          for (const { text: shown, entities } of parts) {
            const own = entities.filter((entity) => entity.url !== undefined);
            const automatic = judge
              .automatic(shown)
              .filter((entity) => /^(?:Url|EmailAddress|Mention)$/u.test(entity.type));
            const stray = automatic.filter((entity) => !own.some((link) => overlap(link, entity)));
            const printed = stray.map((entity) => shown.slice(entity.offset, entity.offset + entity.length));
            // An address without a possible link is printed by the template's own will.
            const allowed = links(text)
              .filter((url) => !linkable(url))
              .join(" ");
            expect(printed.filter((address) => !allowed.includes(address))).toEqual([]);
          }
        }),
        { numRuns: runs(2000) },
      );
    },
    SLOW,
  );
});

/** Two halves of a character in two pieces of text never become one. */
function wellFormed(value: string): Inline[] {
  return [{ type: "text", value: value.replace(/\p{Cs}/gu, "\ufffd") }];
}

function overlap(one: JudgedEntity, other: JudgedEntity): boolean {
  return one.offset < other.offset + other.length && other.offset < one.offset + one.length;
}

function withoutLinks(markup: Markup): Markup {
  const plain = (nodes: readonly Inline[]): Inline[] =>
    nodes.flatMap((node) => (node.type === "link" ? plain(node.children) : [node]));
  return markup.map((block) =>
    block.type === "paragraph"
      ? { ...block, children: plain(block.children) }
      : { ...block, items: block.items.map(plain) },
  );
}
