// Slack: the blocks of `chat.postMessage`. Draws the three kinds of block that lessons use.
import { render } from "../../dist/adapters/slack/render.js";
import { escapeHtml, pageOf } from "./page.mjs";

/** The messages in a direct message on a desktop. */
export function slackPage(replies) {
  const messages = replies.flatMap((reply, index) => render(reply, { picture: undefined, salt: `m${index}` }));
  return pageOf(
    `#frame { width: 620px; background: #fff; }
    .face { border-radius: 8px; }
    main { padding: 16px 18px 18px; display: grid; gap: 22px; }
    article { display: grid; grid-template-columns: 34px 1fr; gap: 0 12px; }
    .name { font-weight: 700; font-size: 15px; line-height: 1.3; color: #1d1c1d; }
    .name small { font-weight: 600; font-size: 10px; background: #e8eaed; color: #5c6168; border-radius: 3px;
      padding: 1px 4px; margin-left: 5px; vertical-align: 2px; }
    .text { font-size: 15px; line-height: 1.42; color: #1d1c1d; white-space: pre-wrap; }
    ul, ol { padding-left: 26px; }
    .buttons { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; }
    .button { min-width: 44px; text-align: center; border: 1px solid #b9bcc0; border-radius: 8px; padding: 5px 12px;
      font-weight: 700; font-size: 14px; color: #1d1c1d; }
    .button.primary { background: #0f5a55; border-color: #0f5a55; color: #fff; }`,
    `<header><span class="face">F</span><span>Fadder<small>direct message</small></span></header>
    <main>${messages.map(message).join("")}</main>`,
  );
}

function message({ blocks }) {
  return `<article><span class="face">F</span><div><div class="name">Fadder<small>APP</small></div>
    ${blocks.map(block).join("")}</div></article>`;
}

function block({ type, elements }) {
  if (type === "rich_text") return elements.map(rich).join("");
  if (type === "actions") return `<div class="buttons">${elements.map(button).join("")}</div>`;
  throw new Error(`the picture has no drawing for the block "${type}"`);
}

function rich({ type, style, elements }) {
  if (type === "rich_text_section") return `<div class="text">${elements.map(run).join("")}</div>`;
  if (type !== "rich_text_list") throw new Error(`the picture has no drawing for "${type}"`);
  const tag = style === "ordered" ? "ol" : "ul";
  return `<${tag}>${elements.map((item) => `<li>${rich(item)}</li>`).join("")}</${tag}>`;
}

function run({ text, style = {} }) {
  const inner = style.italic ? `<i>${escapeHtml(text)}</i>` : escapeHtml(text);
  return style.bold ? `<b>${inner}</b>` : inner;
}

function button({ text, style }) {
  return `<span class="button ${style ?? ""}">${escapeHtml(text.text)}</span>`;
}
