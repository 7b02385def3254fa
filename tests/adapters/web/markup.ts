import fc from "fast-check";
import type { Block, Inline, Markup } from "../../../src/engine/markup.ts";

/** Texts that would be dangerous if anything forgot to escape them, mixed with anything at all. */
const nasty = fc.constantFrom(
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  "<!--",
  "-->",
  "]]>",
  "&lt;b&gt;",
  "&#60;",
  "</p></article>",
  "\0<",
  "\u202Egnp.exe",
  "<svg/onload=alert(1)>",
  "<!channel>",
);

export const anyText = fc.oneof(
  nasty,
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.string({ unit: "binary", maxLength: 20 }),
);

const anyUrl = fc.oneof(
  fc.webUrl(),
  fc.constantFrom(
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    'https://example.org/"onclick="alert(1)',
    "https://example.org/?a=1&b=<b>",
    "//example.org",
    "mailto:someone@example.org",
  ),
  anyText,
);

const { inline } = fc.letrec<{ inline: Inline }>((tie) => ({
  inline: fc.oneof(
    { maxDepth: 3, depthIdentifier: "inline" },
    fc.record({ type: fc.constant("text" as const), value: anyText }),
    fc.record({ type: fc.constant("break" as const) }),
    fc.record({ type: fc.constant("strong" as const), children: fc.array(tie("inline"), { maxLength: 3 }) }),
    fc.record({ type: fc.constant("emphasis" as const), children: fc.array(tie("inline"), { maxLength: 3 }) }),
    fc.record({ type: fc.constant("link" as const), url: anyUrl, children: fc.array(tie("inline"), { maxLength: 2 }) }),
  ),
}));

const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ type: fc.constant("paragraph" as const), children: fc.array(inline, { maxLength: 4 }) }),
  fc.record({
    type: fc.constant("list" as const),
    ordered: fc.boolean(),
    items: fc.array(fc.array(inline, { maxLength: 3 }), { maxLength: 3 }),
  }),
);

/** Any message text, as an author or a person could cause it. */
export const anyMarkup: fc.Arbitrary<Markup> = fc.array(block, { maxLength: 4 });

const tags = { strong: "strong", emphasis: "em", link: "a", break: "br" } as const;

function inlineTags(nodes: readonly Inline[]): string[] {
  return nodes.flatMap((node) => {
    if (node.type === "text") return [];
    const below = "children" in node ? inlineTags(node.children) : [];
    return node.type === "link" && !mayLink(node.url) ? below : [tags[node.type], ...below];
  });
}

/** The elements a text may become, in document order, worked out from its structure alone. */
export function expectedTags(markup: Markup): string[] {
  return markup.flatMap((node) =>
    node.type === "paragraph"
      ? ["p", ...inlineTags(node.children)]
      : [node.ordered ? "ol" : "ul", ...node.items.flatMap((item) => ["li", ...inlineTags(item)])],
  );
}

function mayLink(url: string): boolean {
  try {
    return /^(https?|mailto):$/.test(new URL(url).protocol);
  } catch {
    return false;
  }
}
