import type { ComponentChildren } from "preact";
import { render } from "preact-render-to-string";
import type { Block, Inline, Markup } from "../../src/engine/markup.ts";
import type { Reply } from "../../src/engine/types.ts";
import { urlOf } from "../../src/engine/url.ts";

/** What stands around a message, in the reader's language. */
export interface Around {
  readonly language: string;
  /** That nobody reads answers, and where to go on. */
  readonly footer: Markup;
  /** The content id of the picture, where there is one. */
  readonly picture?: string;
}

/** The two forms of a message. Both say the same; neither loads anything from anywhere. */
export interface Mail {
  readonly text: string;
  readonly html: string;
}

/**
 * A reply as an e-mail. Nothing in a mail can be pressed: of the buttons only those that open a page are there, as links, and
 * answers are listed with their marks.
 */
export function renderMail(reply: Reply, around: Around): Mail {
  const { language, footer, picture } = around;
  const choices = reply.choices ?? [];
  const pages = pagesOf(reply);
  const html = render(
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
      </head>
      <body>
        {picture === undefined || reply.image === undefined ? null : (
          <p>
            <img src={`cid:${picture}`} alt={reply.image.alt} width="480" />
          </p>
        )}
        {blocks(reply.text)}
        {choices.map(({ mark, label }) => (
          <p>
            <strong>{mark}</strong> {label}
          </p>
        ))}
        {pages.map(({ label, url }) => (
          <p>
            <a href={url}>{label}</a>
          </p>
        ))}
        <hr />
        {blocks(footer)}
      </body>
    </html>,
  );
  const parts = [
    ...(reply.image === undefined ? [] : [`[${reply.image.alt}]`]),
    ...reply.text.map(plainBlock),
    ...(choices.length === 0 ? [] : [choices.map(({ mark, label }) => `${mark}  ${label}`).join("\n")]),
    ...pages.map(({ label, url }) => `${label}:\n${url}`),
    // The line that mail programs know as the beginning of a signature.
    ["-- ", ...footer.map(plainBlock)].join("\n"),
  ];
  return { html: `<!doctype html>${html}`, text: `${parts.join("\n\n")}\n` };
}

/** The buttons that open a page: the only ones that a mail can have. */
export function pagesOf(reply: Reply): readonly { readonly label: string; readonly url: string }[] {
  return (reply.actions ?? []).flatMap(({ label, url }) => (isPage(url) ? [{ label, url }] : []));
}

function blocks(markup: Markup): ComponentChildren {
  return markup.map((block) => {
    if (block.type === "paragraph") return <p>{inline(block.children)}</p>;
    const items = block.items.map((item) => <li>{inline(item)}</li>);
    return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
  });
}

function inline(nodes: readonly Inline[]): ComponentChildren {
  return nodes.map(one);
}

function one(node: Inline): ComponentChildren {
  switch (node.type) {
    case "text":
      return node.value;
    case "break":
      return <br />;
    case "strong":
      return <strong>{inline(node.children)}</strong>;
    case "emphasis":
      return <em>{inline(node.children)}</em>;
    case "link":
      return isPage(node.url) ? <a href={node.url}>{inline(node.children)}</a> : inline(node.children);
  }
}

function plainBlock(block: Block): string {
  if (block.type === "paragraph") return plain(block.children);
  return block.items.map((item, index) => `${block.ordered ? `${index + 1}.` : "•"} ${plain(item)}`).join("\n");
}

function plain(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => {
      if (node.type === "text") return node.value;
      if (node.type === "break") return "\n";
      const inside = plain(node.children);
      return node.type === "link" && isPage(node.url) && node.url !== inside ? `${inside} (${node.url})` : inside;
    })
    .join("");
}

function isPage(url: string | undefined): url is string {
  return url !== undefined && ["https:", "http:", "mailto:"].includes(urlOf(url)?.protocol ?? "");
}
