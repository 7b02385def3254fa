/** Widths of bold Noto Sans in em, a little too wide rather than too narrow. The first class that fits counts. */
const classes: readonly (readonly [RegExp, number])[] = [
  [/[\s.,:;!'’|()[\]iljІі]/u, 0.36],
  [/[tfrs–-]/u, 0.5],
  [/[mwMWOQ@%—ЖШЩЮФЫМжшщюфымæÆœ]/u, 0.96],
  [/\p{Lu}/u, 0.72],
  [/[\u1100-\uffff]/u, 1],
];

function widthOf(text: string, size: number): number {
  let em = 0;
  for (const character of text) em += classes.find(([which]) => which.test(character))?.[1] ?? 0.63;
  return em * size;
}

/** The text, or as much of it as fits into `width` with an ellipsis behind it. */
export function fitLine(text: string, size: number, width: number): string {
  if (widthOf(text, size) <= width) return text;
  let kept = "";
  for (const character of text) {
    if (widthOf(`${kept}${character}…`, size) > width) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

/** The text in at most `most` lines of `width`, broken between words. */
export function wrap(text: string, size: number, width: number, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/u)) {
    const last = lines.at(-1);
    if (last !== undefined && (lines.length === most || widthOf(`${last} ${word}`, size) <= width)) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines.map((line) => fitLine(line, size, width));
}
