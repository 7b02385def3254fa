import { limits, sizeOf } from "./limits.ts";

/** A text that can be stored and sent everywhere: well formed, without control characters, at most `cap` UTF-16 units. */
export function clean(text: string, cap: number): string {
  const formed = Buffer.from(text, "utf8").toString("utf8").replace(CONTROL, "");
  return formed.length <= cap ? formed : cutAt(formed, cap);
}

/** Escapes a text for a place where Slack reads mrkdwn: afterwards it holds no mention, no link and no date. */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Shortens a text to `size` (counted by `sizeOf`), with an ellipsis where something was left out. */
export function shorten(text: string, size: number): string {
  if (sizeOf(text) <= size) return text;
  return `${text.slice(0, fitting(text, size - 1))}…`;
}

/** How many UTF-16 units of `text` fit into `size`, never ending inside a character. */
export function fitting(text: string, size: number): number {
  let used = 0;
  let end = 0;
  for (const character of text) {
    used += sizeOf(character);
    if (used > size) break;
    end += character.length;
  }
  return end;
}

/**
 * What a person meant by the text of a Slack message: entities become characters again; `<…>` becomes what the person
 * saw. https://docs.slack.dev/messaging/formatting-message-text#retrieving
 */
export function readText(text: string): string {
  const plain = text.replace(/<([^<>]*)>/g, (_, inside: string) => readAngle(inside));
  return clean(plain.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"), limits.incomingText);
}

const CONTROL = /(?![\n\t])\p{Cc}/gu;

function readAngle(inside: string): string {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? "" : inside.slice(bar + 1);
  if (target.startsWith("@") || target.startsWith("#")) {
    return label === "" ? target : `${target.slice(0, 1)}${label.replace(/^[@#]/, "")}`;
  }
  if (target.startsWith("!")) return label === "" ? `@${target.slice(1)}` : label;
  const bare = target.replace(/^(mailto|tel):/, "");
  if (label === "" || label === bare || label === target) return label === "" ? bare : label;
  // Slack adds a scheme to "example.org"; the person typed only the label.
  return target.replace(/^https?:\/\//, "").replace(/\/$/, "") === label.replace(/\/$/, "")
    ? label
    : `${label} (${bare})`;
}

function cutAt(text: string, cap: number): string {
  const last = text.charCodeAt(cap - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? cap - 1 : cap);
}
