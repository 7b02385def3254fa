import type { Shown, ShownPiece } from "../../src/engine/adapter.ts";
import type { Inline } from "../../src/engine/markup.ts";
import type { Part } from "./render.ts";

/** What a chat shows of these messages: a picture with its text below it, and buttons under the message. */
export function shownParts(parts: readonly Part[]): Shown {
  return { look: "bubble", messages: parts.map(pieces) };
}

function pieces(part: Part): readonly ShownPiece[] {
  const html = part.type === "text" ? part.payload.text : part.payload.caption;
  const rows = (part.payload.reply_markup?.inline_keyboard ?? []).map((row) => row.map(({ text }) => text));
  return [
    ...(part.type === "photo" ? [{ type: "picture" as const, alt: part.image.alt }] : []),
    ...(html === ""
      ? []
      : [{ type: "text" as const, text: [{ type: "paragraph" as const, children: inlines(html) }] }]),
    ...(rows.length === 0 ? [] : [{ type: "buttons" as const, rows }]),
  ];
}

/** Reads back the few tags that this adapter writes. */
function inlines(html: string): readonly Inline[] {
  const stack: { readonly tag: string; readonly url: string; readonly children: Inline[] }[] = [
    { tag: "", url: "", children: [] },
  ];
  for (const [token] of html.matchAll(/<[^>]*>|[^<]+/gu)) {
    const open = /^<(b|i|a)(?: href="([^"]*)")?>$/u.exec(token);
    if (open !== null) stack.push({ tag: open[1] ?? "", url: plain(open[2] ?? ""), children: [] });
    else if (token.startsWith("</")) {
      const ended = stack.pop();
      if (ended !== undefined) stack.at(-1)?.children.push(wrapped(ended.tag, ended.url, ended.children));
    } else if (!token.startsWith("<")) stack.at(-1)?.children.push(...lines(plain(token)));
  }
  return stack[0]?.children ?? [];
}

function wrapped(tag: string, url: string, children: readonly Inline[]): Inline {
  if (tag === "a") return { type: "link", url, children };
  return { type: tag === "b" ? "strong" : "emphasis", children };
}

function lines(text: string): readonly Inline[] {
  return text
    .split("\n")
    .flatMap((line, index): readonly Inline[] => [
      ...(index > 0 ? [{ type: "break" as const }] : []),
      ...(line === "" ? [] : [{ type: "text" as const, value: line }]),
    ]);
}

function plain(html: string): string {
  return html.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}
