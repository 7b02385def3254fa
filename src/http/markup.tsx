import { Fragment, type JSX } from "preact";
import type { Block, Inline, Markup } from "../engine/markup.ts";

/** A text as elements of a page. Whatever stands in a text node is escaped when the page is written. */
export function Text({ markup }: { readonly markup: Markup }): JSX.Element {
  return <>{markup.map(block)}</>;
}

function block(node: Block): JSX.Element {
  if (node.type === "paragraph") return <p>{node.children.map(inline)}</p>;
  const items = node.items.map((item) => <li>{item.map(inline)}</li>);
  return node.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
}

function inline(node: Inline): JSX.Element {
  if (node.type === "text") return <>{node.value}</>;
  if (node.type === "break") return <br />;
  if (node.type === "strong") return <strong>{node.children.map(inline)}</strong>;
  if (node.type === "emphasis") return <em>{node.children.map(inline)}</em>;
  return (
    <a href={node.url}>
      {node.children.map((child) => (
        <Fragment>{inline(child)}</Fragment>
      ))}
    </a>
  );
}
