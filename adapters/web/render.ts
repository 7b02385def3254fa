import type { StreamedRow } from "../../src/engine/adapter.ts";
import type { Block, Inline, Markup } from "../../src/engine/markup.ts";
import type { Json, Reply } from "../../src/engine/types.ts";
import { urlOf } from "../../src/engine/url.ts";

/** One message as the page gets it: text as safe HTML, everything else as data the page makes real elements from. */
export type WebPart = {
  readonly id: string;
  readonly html: string;
  readonly token?: string;
  readonly choices?: readonly { readonly option: string; readonly mark: string; readonly label: string }[];
  readonly actions?: readonly {
    readonly option: string;
    readonly label: string;
    readonly url?: string;
    readonly primary?: true;
  }[];
  /** The token of the prompt whose message this one replaces in place. */
  readonly edits?: string;
  /** `src` is absent where no picture could be made: the page then prints `alt`. */
  readonly image?: { readonly alt: string; readonly src?: string };
};

/** Turns one message into what the page shows. Pure; `src` is the address of its picture. */
export function renderPart(part: StreamedRow["parts"][number], src?: string): WebPart {
  const { id, reply, edits } = part;
  const { choices, actions, image, token } = reply;
  return {
    id,
    html: renderMarkup(reply.text),
    ...(token !== undefined && { token }),
    ...(choices?.length && { choices: choices.map(({ option, mark, label }) => ({ option, mark, label })) }),
    ...(actions?.length && {
      actions: actions.map((action) => ({
        option: action.option,
        label: action.label,
        ...(action.url !== undefined && isPage(action.url) && { url: action.url }),
        ...(action.primary && { primary: true as const }),
      })),
    }),
    ...(edits !== undefined && { edits }),
    ...(image && { image: { alt: image.alt, ...(src !== undefined && { src }) } }),
  };
}

/** A reply as it would be shown, for previews and judges. */
export function previewOf(reply: Reply): Json {
  return renderPart({ id: "preview", reply });
}

/** The text of a message as HTML. Every character that came as text stays text; only known nodes become elements. */
export function renderMarkup(markup: Markup): string {
  return markup.map(block).join("");
}

function block(node: Block): string {
  if (node.type === "paragraph") return `<p>${inline(node.children)}</p>`;
  const tag = node.ordered ? "ol" : "ul";
  return `<${tag}>${node.items.map((item) => `<li>${inline(item)}</li>`).join("")}</${tag}>`;
}

function inline(nodes: readonly Inline[]): string {
  return nodes.map(one).join("");
}

function one(node: Inline): string {
  switch (node.type) {
    case "text":
      return escapeHtml(node.value);
    case "break":
      return "<br>";
    case "strong":
      return `<strong>${inline(node.children)}</strong>`;
    case "emphasis":
      return `<em>${inline(node.children)}</em>`;
    case "link":
      return link(node.url, inline(node.children));
  }
}

function link(url: string, content: string): string {
  // A link that is no web page or mail address (javascript:, data:) keeps its words and loses its target.
  if (!isPage(url)) return content;
  return `<a href="${escapeHtml(url)}" target="_blank" rel="noopener">${content}</a>`;
}

function isPage(url: string): boolean {
  if (urlOf(url) === undefined) return false;
  return ["https:", "http:", "mailto:"].includes(new URL(url).protocol);
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  // NUL is a parse error in HTML; the replacement character is what a browser would show.
  "\0": "\uFFFD",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"'\0]/g, (character) => entities[character] ?? "");
}
