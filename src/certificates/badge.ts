import { longDate } from "../domain/long-date.ts";
import { fontFamily, toPng } from "../images/raster.ts";
import { wrap } from "../images/text.ts";
import { bake, bakeSvg } from "./bake.ts";
import { type Display, inFirst } from "./facts.ts";
import { colours } from "./paper.ts";

/** What a badge shows: never a name, because pictures travel. Instants are epoch milliseconds. */
export interface BadgeFacts {
  readonly display: Display;
  readonly language: string;
  readonly validUntil: number | null;
  readonly credential: string;
}

const side = 600;

/** The badge as PNG with the credential in it. */
export async function drawBadge(facts: BadgeFacts): Promise<Uint8Array> {
  return bake(await toPng(badgeSvg(facts)), facts.credential);
}

/** The badge as SVG with the credential in it. */
export function drawBadgeSvg(facts: BadgeFacts): string {
  return bakeSvg(badgeSvg(facts), facts.credential);
}

function badgeSvg({ display, language, validUntil }: BadgeFacts): string {
  const title = fitted(inFirst(display.title, language), 380, 4);
  const level = display.level === undefined ? "" : inFirst(display.level, language);
  const top = 300 - (title.lines.length * title.size * 1.25) / 2 - (level === "" ? 0 : 20);
  const lines = title.lines.map((line, at) =>
    text(line, top + title.size * (1 + at * 1.25), title.size, "#ffffff", true),
  );
  const below = top + title.size * (1 + title.lines.length * 1.25) + 6;
  const issuer = wrap(display.issuer.name, 24, 300, 2);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 ${side} ${side}">`,
    `<title>${escaped(inFirst(display.title, language))}</title>`,
    `<circle cx="300" cy="300" r="292" fill="#ffffff"/>`,
    `<circle cx="300" cy="300" r="284" fill="none" stroke="${colours.mark}" stroke-width="10"/>`,
    `<circle cx="300" cy="300" r="262" fill="${colours.mark}"/>`,
    ...issuer.map((line, at) => text(line, 108 + at * 30, 24, "#ffffff", false)),
    ...lines,
    level === "" ? "" : text(wrap(level, 30, 400, 1)[0] ?? "", below + 12, 30, "#cfe5e1", false),
    validUntil === null ? "" : text(longDate(language, validUntil), 502, 24, "#ffffff", false),
    "</svg>",
  ].join("");
}

/** The largest size at which a text stands in at most so many lines, whole. */
function fitted(
  given: string,
  width: number,
  most: number,
): { readonly size: number; readonly lines: readonly string[] } {
  for (const size of [52, 46, 40, 34, 30]) {
    const lines = wrap(given, size, width, most);
    if (!lines.some((line) => line.endsWith("…"))) return { size, lines };
  }
  return { size: 26, lines: wrap(given, 26, width, most + 1) };
}

function text(line: string, y: number, size: number, fill: string, bold: boolean): string {
  const font = `font-family="${fontFamily}" font-size="${size}" font-weight="${bold ? 700 : 400}"`;
  return `<text x="300" y="${Math.round(y)}" text-anchor="middle" ${font} fill="${fill}">${escaped(line)}</text>`;
}

function escaped(given: string): string {
  const signs: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return given.replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, " ").replace(/[&<>"]/gu, (sign) => signs[sign] ?? "");
}
