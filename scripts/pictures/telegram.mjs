// Telegram: text in its HTML dialect and inline keyboards, as `sendMessage` gets them.
import { render } from "../../dist/adapters/telegram/render.js";
import { escapeHtml, pageOf } from "./page.mjs";

/** The messages on a phone. */
export function telegramPage(replies) {
  const messages = replies.flatMap((reply) => render(reply)).map(message);
  return pageOf(
    `#frame { width: 390px; background: #e7ebe6; }
    .face { border-radius: 50%; }
    main { padding: 12px 12px 16px; display: grid; gap: 10px; }
    article { width: 352px; }
    .text { background: #fff; border-radius: 14px 14px 14px 4px; padding: 9px 13px 10px; font-size: 15px;
      line-height: 1.38; color: #14191d; white-space: pre-wrap; box-shadow: 0 1px 1px #0000001f; }
    .keys { display: grid; gap: 4px; margin-top: 4px; }
    .row { display: flex; gap: 4px; }
    .key { flex: 1; text-align: center; background: #5e7d77; color: #fff; border-radius: 9px; padding: 9px 6px;
      font-weight: 600; font-size: 14px; }
    .key.primary { background: #0f5a55; }`,
    `<header><span class="face">F</span><span>Fadder<small>bot</small></span></header><main>${messages.join("")}</main>`,
  );
}

function message({ payload }) {
  const rows = payload.reply_markup?.inline_keyboard ?? [];
  const keys = rows.map((row) => `<div class="row">${row.map(key).join("")}</div>`).join("");
  // The text is HTML already, escaped by the adapter; only its own few tags are in it.
  return `<article><div class="text">${payload.text ?? payload.caption}</div>
    ${keys && `<div class="keys">${keys}</div>`}</article>`;
}

function key({ text, style }) {
  return `<span class="key ${style ?? ""}">${escapeHtml(text)}</span>`;
}
