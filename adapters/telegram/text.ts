import type { Inline, Markup } from "../../src/engine/markup.ts";
import { ENTITIES, MARKED_UP_BYTES } from "./limits.ts";

/** One tag around a text. Two are the same only where they are the same object. */
interface Style {
  readonly open: string;
  readonly close: string;
}

/** A piece of visible text and the tags around it, the outer one first. */
export interface Run {
  readonly value: string;
  readonly styles: readonly Style[];
  /** Stands there as the template wrote it: the text of a link, or an address that no link can carry. */
  readonly asWritten?: true;
}

/** A text as Telegram will show it: blocks as lines, list items with their marks, nothing that turns into a link by itself. */
export function toRuns(markup: Markup): Run[] {
  const runs: Run[] = [];
  for (const [index, block] of markup.entries()) {
    if (index > 0) runs.push(line(block.type === "list" ? "\n" : "\n\n"));
    if (block.type === "paragraph") runs.push(...inlineRuns(block.children, []));
    else {
      for (const [position, item] of block.items.entries()) {
        runs.push(line(`${position > 0 ? "\n" : ""}${block.ordered ? `${position + 1}.` : "•"} `));
        runs.push(...inlineRuns(item, []));
      }
    }
  }
  return withoutAutomaticLinks(runs);
}

/** A line that the renderer adds by itself. */
export function line(value: string): Run {
  return { value: clean(value), styles: [] };
}

/** What a person sees of these runs. */
export function visible(runs: readonly Run[]): string {
  return runs.map((run) => run.value).join("");
}

/** Whether Telegram would call this text empty. */
export function isBlank(text: string): boolean {
  return !/[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{C}\u2800]/u.test(text);
}

/** The part from `from` to before `to`, counted in UTF-16 units as Telegram counts. */
export function slice(runs: readonly Run[], from: number, to: number): Run[] {
  const found: Run[] = [];
  let at = 0;
  for (const run of runs) {
    const value = run.value.slice(Math.max(0, from - at), Math.max(0, to - at));
    if (value !== "") found.push({ ...run, value });
    at += run.value.length;
  }
  return found;
}

/** Telegram's HTML. https://core.telegram.org/bots/api#html-style */
export function toHtml(runs: readonly Run[]): string {
  let html = "";
  let open: readonly Style[] = [];
  for (const run of runs) {
    let same = 0;
    while (same < open.length && open[same] === run.styles[same]) same += 1;
    html += open
      .slice(same)
      .reverse()
      .map((style) => style.close)
      .join("");
    html += run.styles
      .slice(same)
      .map((style) => style.open)
      .join("");
    html += escapeHtml(run.value);
    open = run.styles;
  }
  return (
    html +
    [...open]
      .reverse()
      .map((style) => style.close)
      .join("")
  );
}

/** Whether these runs carry more markup than one message may. */
export function tooHeavy(runs: readonly Run[]): boolean {
  const styles = new Set(runs.flatMap((run) => run.styles));
  return styles.size > ENTITIES || Buffer.byteLength(toHtml(runs)) > MARKED_UP_BYTES;
}

/**
 * Well formed and free of what Telegram removes or refuses: lone surrogates, control characters, and the overrides
 * that would turn the text after them around. https://github.com/tdlib/td, `clean_input_string`
 */
export function clean(value: string): string {
  return (
    value
      .replace(/\p{Cs}/gu, "\ufffd")
      .replace(/\r\n?|[\u2028\u2029]/gu, "\n")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e]/gu, "")
      .replace(/\t/gu, " ")
  );
}

/** The address as Telegram takes it for a link or a button, or undefined: it refuses hosts without a dot, for example. */
export function linkTarget(address: string): string | undefined {
  const url = parseAddress(address);
  if (url === undefined) return undefined;
  const web = url.protocol === "https:" || url.protocol === "http:";
  const host = url.hostname.includes(".") || url.hostname.startsWith("[");
  return web && host && url.port !== "0" && url.href.length <= 2048 ? url.href : undefined;
}

/** Not `URL.canParse`: once compiled, Node 20's refuses addresses with letters such as ü. */
function parseAddress(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

function inlineRuns(nodes: readonly Inline[], styles: readonly Style[], inLink = false): Run[] {
  return nodes.flatMap((node): Run[] => {
    if (node.type === "text") return [{ value: clean(node.value), styles, ...(inLink ? { asWritten: true } : {}) }];
    if (node.type === "break") return [{ value: "\n", styles }];
    if (node.type === "link") {
      return inLink ? inlineRuns(node.children, styles, true) : linkRuns(node.url, node.children, styles);
    }
    return inlineRuns(node.children, [...styles, tag(node.type === "strong" ? "b" : "i")], inLink);
  });
}

function tag(name: "b" | "i"): Style {
  return { open: `<${name}>`, close: `</${name}>` };
}

function linkRuns(url: string, children: readonly Inline[], styles: readonly Style[]): Run[] {
  const target = linkTarget(url);
  const written = clean(url.replace(/^mailto:/iu, ""));
  const style = target === undefined ? [] : [{ open: `<a href="${escapeAttribute(target)}">`, close: "</a>" }];
  const inside = inlineRuns(children, [...styles, ...style], target !== undefined);
  const text = visible(inside);
  if (isBlank(text)) {
    // Kept apart from the text around it, which would become part of the address.
    const value = target === undefined ? `${JOINER}${written}${JOINER}` : written;
    return [{ value, styles: [...styles, ...style], asWritten: true }];
  }
  // Telegram drops a link it does not accept without a word, and the address would be lost with it.
  if (target === undefined && text !== written) inside.push({ value: ` (${written})`, styles, asWritten: true });
  return inside;
}

/** Invisible, breaks no line, and ends what Telegram would take for an address. */
const JOINER = "\u2060";

/**
 * Telegram makes links of addresses, domains and @names in plain text by itself, so a name such as "win.example" would
 * become one. Commands, hashtags and telephone numbers are left: they lead nowhere outside.
 */
const AUTOMATIC = /\.(?=\p{L}[\p{L}\p{M}\p{N}-])|(?<=\d)\.(?=\d+\.\d+\.\d+)|:(?=\/\/)|@(?=\w)/gu;

function withoutAutomaticLinks(runs: readonly Run[]): Run[] {
  const text = visible(runs);
  const after = new Set([...text.matchAll(AUTOMATIC)].map((match) => match.index));
  if (after.size === 0) return [...runs];
  let at = 0;
  return runs.map((run) => {
    const start = at;
    at += run.value.length;
    if (run.asWritten) return run;
    let value = "";
    for (let index = 0; index < run.value.length; index += 1) {
      value += run.value.charAt(index);
      if (after.has(start + index)) value += JOINER;
    }
    return { ...run, value };
  });
}

function escapeHtml(text: string): string {
  return text.replace(/&/gu, "&amp;").replace(/</gu, "&lt;").replace(/>/gu, "&gt;");
}

function escapeAttribute(text: string): string {
  return escapeHtml(text).replace(/"/gu, "&quot;");
}
