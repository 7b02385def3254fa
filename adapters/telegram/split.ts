import { isBlank, type Run, slice, tooHeavy, visible } from "./text.ts";

/**
 * Cuts a text into messages of at most `limit` UTF-16 units, at the end of a paragraph where there is one, else of a
 * line, of a word, of a character as people see it. Spaces around a cut go; a text without anything to see is no message.
 */
export function split(runs: readonly Run[], limit: number): Run[][] {
  const text = visible(runs);
  const pieces: Run[][] = [];
  let from = 0;
  while (from < text.length) {
    let room = limit;
    let to = cut(text, from, room);
    while (room > 1 && tooHeavy(slice(runs, from, to))) {
      room = Math.ceil(Math.min(room, to - from) / 2);
      to = cut(text, from, room);
    }
    const piece = trimmed(runs, text, from, to);
    if (!isBlank(visible(piece))) pieces.push(piece);
    from = to;
  }
  return pieces;
}

function trimmed(runs: readonly Run[], text: string, from: number, to: number): Run[] {
  const part = text.slice(from, to);
  const lead = part.length - part.trimStart().length;
  return slice(runs, from + lead, from + lead + part.trim().length);
}

/** Where the message that starts at `from` ends. */
function cut(text: string, from: number, limit: number): number {
  if (text.length - from <= limit) return text.length;
  const window = text.slice(from, from + limit);
  for (const last of [window.lastIndexOf("\n\n"), window.lastIndexOf("\n"), lastSpace(window)]) {
    // A border too near to the start would leave a message of a few words before a long one.
    if (last >= limit / 4) return from + last + 1;
  }
  return from + wholeCharacters(text, from, limit);
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
/** Longer than any emoji family; what is longer was made to be. */
const CLUSTER = 200;

/** The largest length up to `limit` that does not cut a character as people see it. */
function wholeCharacters(text: string, from: number, limit: number): number {
  const start = isLow(text, from + limit - CLUSTER) ? limit - CLUSTER - 1 : limit - CLUSTER;
  const tail = Math.max(0, start);
  const found = graphemes.segment(text.slice(from + tail, from + limit + CLUSTER)).containing(limit - tail);
  const whole = tail + (found?.index ?? 0);
  if (whole > tail) return whole;
  if (!isLow(text, from + limit)) return limit;
  return limit > 1 ? limit - 1 : 2;
}

function lastSpace(window: string): number {
  let index = window.length - 1;
  while (index >= 0 && !/\s/u.test(window.charAt(index))) index -= 1;
  return index;
}

function isLow(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff;
}
