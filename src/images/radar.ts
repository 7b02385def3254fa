import { z } from "zod";
import { fontFamily } from "./raster.ts";
import { fitLine } from "./text.ts";

/** One line of text: characters that XML forbids would make the whole picture unreadable. */
const line = z
  .string()
  .max(200)
  .transform((text) => text.replace(/[\p{Cc}\p{Surrogate}\uFFFE\uFFFF]+/gu, " ").trim());

const level = z.number().int().min(0).max(20);

/**
 * What a picture of kind `radar` shows: a ring for each level, an axis for each competence. Every text comes translated; nothing in it
 * may name a person (`src/domain/radar.ts` draws it up).
 */
export const radarData = z.object({
  title: line,
  levels: level.min(1),
  axes: z.array(line).min(1).max(40),
  groups: z.array(z.object({ code: line, label: line })).max(10),
  series: z
    .array(
      z.object({
        kind: z.enum(["self", "required", "assessor", "earlier"]),
        label: line,
        values: z.array(level.nullable()),
      }),
    )
    .max(4),
});

type Radar = z.infer<typeof radarData>;
type Series = Radar["series"][number];

/** 600 wide: on a phone 300 wide its smallest letters are 12 high. */
const width = 600;
const margin = 36;
const centre = width / 2;
/** The outermost ring; the axes' names stand around it. */
const radius = 205;
const titleHeight = 84;
const middle = titleHeight + radius + 44;
/** The strictest platform shows pictures up to 1,024 in each direction. */
const maxHeight = 1024;
const colours = { paper: "#ffffff", ink: "#1c2422", soft: "#525e5a", edge: "#b4bdb9" };

/** Each is told apart by its line and its mark as well: colour only repeats it. */
const styles: Readonly<
  Record<
    Series["kind"],
    { readonly colour: string; readonly line: string; readonly width: number; readonly mark: Mark }
  >
> = {
  required: { colour: "#525e5a", line: "14 8", width: 3.5, mark: "none" },
  earlier: { colour: "#6b4e8f", line: "2 8", width: 4, mark: "none" },
  self: { colour: "#0f5a55", line: "", width: 4.5, mark: "round" },
  assessor: { colour: "#b03a00", line: "", width: 3.5, mark: "square" },
};
type Mark = "none" | "round" | "square";

/**
 * The picture as SVG. Written by hand: it takes a fraction of a millisecond, so the thread that answers people stays free; the pixels are
 * made elsewhere (`toPng`), and a page may hold the drawing itself. At most 1,024 high with four lines and ten groups.
 */
export function drawRadar(given: Radar): string {
  const { title, levels, axes, groups, series } = given;
  const below = middle + radius + 72;
  const rows = series.length + groups.length;
  const rowHeight = Math.min(37, (maxHeight - 8 - below) / Math.max(1, rows));
  const height = Math.ceil(below + rows * rowHeight + 8);
  const parts = [
    `<rect width="${width}" height="${height}" fill="${colours.paper}"/>`,
    text(fitLine(title, 38, width - 2 * margin), margin, 58, 38, { bold: true }),
    ...Array.from({ length: levels }, (_, index) => ring(axes.length, (index + 1) / levels)),
    ...axes.map((label, index) => axis(label, index, axes.length)),
    ...series.map((one) => shape(one, axes.length, levels)),
    ...Array.from({ length: levels }, (_, index) =>
      text(String(index + 1), centre + 7, middle - (radius * (index + 1)) / levels + 24, 22, { colour: colours.soft }),
    ),
    ...series.map((one, index) => key(one, below + index * rowHeight)),
    ...groups.map(({ code, label }, index) => {
      const y = below + (series.length + index) * rowHeight;
      const words = text(fitLine(label, 25, width - 2 * margin - 66), margin + 66, y, 25, {});
      return text(fitLine(code, 25, 60), margin, y, 25, { bold: true }) + words;
    }),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${parts.join("")}</svg>`;
}

/** The place of a value between 0 and 1 on an axis; the first axis points up, the others follow clockwise. */
function at(index: number, of: number, share: number): readonly [number, number] {
  const angle = (2 * Math.PI * index) / of - Math.PI / 2;
  return [centre + Math.cos(angle) * radius * share, middle + Math.sin(angle) * radius * share];
}

const point = ([x, y]: readonly [number, number]): string => `${x.toFixed(1)},${y.toFixed(1)}`;

function ring(axes: number, share: number): string {
  const corners = Array.from({ length: axes }, (_, index) => point(at(index, axes, share)));
  return `<polygon points="${corners.join(" ")}" fill="none" stroke="${colours.edge}" stroke-width="1.5"/>`;
}

function axis(label: string, index: number, of: number): string {
  const [x, y] = at(index, of, 1);
  const [tx, ty] = at(index, of, 1.13);
  const spoke = `<line x1="${centre}" y1="${middle}" x2="${x.toFixed(1)}" y2="${y.toFixed(1)}" stroke="${colours.edge}" stroke-width="1.5"/>`;
  return spoke + text(fitLine(label, 25, 80), tx, ty + 9, 25, { bold: true, anchor: "middle" });
}

/** One line around; it is open where a level is unknown. */
function shape({ kind, values }: Series, of: number, levels: number): string {
  const { colour, line: dashes, width: stroke, mark } = styles[kind];
  const places = Array.from({ length: of }, (_, index) => {
    const value = values[index] ?? null;
    return value === null ? undefined : at(index, of, Math.min(value, levels) / levels);
  });
  const look = `stroke="${colour}" stroke-width="${stroke}" stroke-linejoin="round"${dashes === "" ? "" : ` stroke-dasharray="${dashes}" stroke-linecap="round"`}`;
  const whole = places.every((one) => one !== undefined);
  const fill = kind === "self" ? `fill="${colour}" fill-opacity="0.16"` : 'fill="none"';
  const drawn = whole
    ? `<polygon points="${places.flatMap((one) => (one ? [point(one)] : [])).join(" ")}" ${fill} ${look}/>`
    : places
        .map((one, index) => {
          const next = places[(index + 1) % of];
          return one && next ? `<polyline points="${point(one)} ${point(next)}" fill="none" ${look}/>` : "";
        })
        .join("");
  return drawn + places.map((one) => (one ? markAt(mark, colour, one) : "")).join("");
}

function markAt(mark: Mark, colour: string, [x, y]: readonly [number, number]): string {
  if (mark === "none") return "";
  if (mark === "round") return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="7" fill="${colour}"/>`;
  return `<rect x="${(x - 6).toFixed(1)}" y="${(y - 6).toFixed(1)}" width="12" height="12" fill="${colours.paper}" stroke="${colour}" stroke-width="3.5"/>`;
}

function key({ kind, label }: Series, y: number): string {
  const { colour, line: dashes, width: stroke, mark } = styles[kind];
  const dashed = dashes === "" ? "" : ` stroke-dasharray="${dashes}" stroke-linecap="round"`;
  const sample = `<line x1="${margin}" y1="${y - 9}" x2="${margin + 50}" y2="${y - 9}" stroke="${colour}" stroke-width="${stroke}"${dashed}/>`;
  return (
    sample +
    markAt(mark, colour, [margin + 25, y - 9]) +
    text(fitLine(label, 25, width - 2 * margin - 66), margin + 66, y, 25, {})
  );
}

function text(
  words: string,
  x: number,
  y: number,
  size: number,
  { bold = false, anchor = "start", colour = colours.ink }: { bold?: boolean; anchor?: string; colour?: string },
): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" font-family="${fontFamily}, sans-serif" font-size="${size}" font-weight="${bold ? 700 : 400}" fill="${colour}" text-anchor="${anchor}">${escaped(words)}</text>`;
}

function escaped(words: string): string {
  return words.replace(/[&<>"']/gu, (sign) => `&#${sign.charCodeAt(0)};`);
}
