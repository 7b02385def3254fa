/**
 * The text of a message: a small subset of mdast, as plain data. Each adapter has one visitor over it, so what a
 * person typed is a `text` node for ever and can become neither a link nor a mention.
 */
export type Inline =
  | { readonly type: "text"; readonly value: string }
  | { readonly type: "strong"; readonly children: readonly Inline[] }
  | { readonly type: "emphasis"; readonly children: readonly Inline[] }
  | { readonly type: "link"; readonly url: string; readonly children: readonly Inline[] }
  | { readonly type: "break" };

export type Block =
  | { readonly type: "paragraph"; readonly children: readonly Inline[] }
  | { readonly type: "list"; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] };

export type Markup = readonly Block[];

/** One paragraph of plain text; line feeds become breaks. For what a person typed and for texts without a template. */
export function plainText(value: string): Markup {
  const children: Inline[] = [];
  for (const [index, line] of value.split("\n").entries()) {
    if (index > 0) children.push({ type: "break" });
    if (line !== "") children.push({ type: "text", value: line });
  }
  return [{ type: "paragraph", children }];
}

/** Several texts below one another. Empty ones are left out. */
export function join(...parts: readonly (Markup | undefined)[]): Markup {
  return parts.flatMap((part) => part ?? []);
}

/** Short paragraphs as the lines of one: a heading and where one is, without the gap between paragraphs. */
export function lines(...parts: readonly Markup[]): Markup {
  const children = parts.flatMap((part) =>
    part.flatMap((block) => (block.type === "paragraph" ? [block.children] : [])),
  );
  return [
    {
      type: "paragraph",
      children: children.flatMap((line, index): readonly Inline[] =>
        index === 0 ? line : [{ type: "break" }, ...line],
      ),
    },
  ];
}

function inlineToPlain(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => {
      if (node.type === "text") return node.value;
      if (node.type === "break") return "\n";
      return inlineToPlain(node.children);
    })
    .join("");
}

/** The text without its markup: for alt texts, notifications, previews and tests. Blocks are parted by a line feed. */
export function toPlain(markup: Markup): string {
  return markup
    .map((block) => {
      if (block.type === "paragraph") return inlineToPlain(block.children);
      return block.items
        .map((item, index) => `${block.ordered ? `${index + 1}.` : "•"} ${inlineToPlain(item)}`)
        .join("\n");
    })
    .join("\n");
}

function inlineLinks(nodes: readonly Inline[]): string[] {
  return nodes.flatMap((node) => {
    if (node.type === "link") return [node.url, ...inlineLinks(node.children)];
    return "children" in node ? inlineLinks(node.children) : [];
  });
}

/** Every address the text links to, in order. The links of a message are always the links of its template. */
export function links(markup: Markup): string[] {
  return markup.flatMap((block) =>
    block.type === "paragraph" ? inlineLinks(block.children) : block.items.flatMap((item) => inlineLinks(item)),
  );
}

function mapInline(nodes: readonly Inline[], change: (value: string) => readonly Inline[]): Inline[] {
  return nodes.flatMap((node): readonly Inline[] => {
    if (node.type === "text") return change(node.value);
    if (node.type === "break") return [node];
    return [{ ...node, children: mapInline(node.children, change) }];
  });
}

/** Replaces every text node by what `change` makes of it. The structure around it stays. */
export function mapText(markup: Markup, change: (value: string) => readonly Inline[]): Markup {
  return markup.map(
    (block): Block =>
      block.type === "paragraph"
        ? { ...block, children: mapInline(block.children, change) }
        : { ...block, items: block.items.map((item) => mapInline(item, change)) },
  );
}
