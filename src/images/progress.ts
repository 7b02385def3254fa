import { z } from "zod";
import { drawElements, type Element } from "./draw.ts";
import { fitLine, wrap } from "./text.ts";

/** One line of text: characters that XML forbids would make the whole picture unreadable. */
const line = z
  .string()
  .max(200)
  .transform((text) => text.replace(/[\p{Cc}\p{Surrogate}\uFFFE\uFFFF]+/gu, " ").trim());

/**
 * What a picture of kind `progress` shows. Every text comes translated; nothing in it may name a person.
 * `title` is the heading; each row is a unit: its `label`, how many of its `total` steps are `done`, and a short
 * `note` such as "passed, 9 of 10" or "check is open" (empty for none).
 */
export const progressData = z.object({
  title: line,
  rows: z
    .array(
      z.object({
        label: line,
        done: z.number().int().min(0).max(1000),
        total: z.number().int().min(1).max(1000),
        note: line.default(""),
      }),
    )
    .min(1)
    .max(8),
});

export type ProgressData = z.infer<typeof progressData>;
type Row = ProgressData["rows"][number];

/** The picture as SVG, 600 wide and at most 1,024 high: on a phone 300 wide its smallest letters are 12 high. */
export async function drawProgress(data: ProgressData): Promise<string> {
  const title = wrap(data.title, 40, inner, 2);
  const top = margin + title.length * 50 + 24;
  const plans = styles.map((style) => data.rows.map((row) => planRow(row, style)));
  const fitting = plans.find((rows) => top + heightOf(rows) <= maxHeight) ?? plans.at(-1) ?? [];
  const elements: Element[] = title.map((text, index) =>
    label(text, margin, margin + index * 50, 40, colours.ink, true),
  );
  let y = top;
  for (const row of fitting) {
    elements.push(...drawRow(row, y));
    y += row.height;
  }
  return drawElements(elements, width, Math.min(maxHeight, y + margin / 2), colours.paper);
}

const width = 600;
// The strictest platform shows pictures up to 1,024 in each direction and 1 MB:
const maxHeight = 1024;
const margin = 36;
const inner = width - 2 * margin;
const barHeight = 24;
const noteSize = 25;
const colours = {
  paper: "#ffffff",
  ink: "#1c2422",
  soft: "#525e5a",
  done: "#0f5a55",
  open: "#ffffff",
  edge: "#7a8782",
};

/** From roomy to tight: the first in which all rows fit is taken. */
const styles = [
  { size: 30, lines: 2, gap: 36 },
  { size: 30, lines: 1, gap: 30 },
  { size: 26, lines: 1, gap: 14 },
] as const;

type Style = (typeof styles)[number];

interface Planned {
  readonly row: Row;
  readonly size: number;
  readonly lines: readonly string[];
  readonly height: number;
  readonly count: string;
  /** What count and tick take on the right of the first line. */
  readonly countWidth: number;
}

function planRow(row: Row, { size, lines: most, gap }: Style): Planned {
  const done = Math.min(row.done, row.total);
  const count = `${done}/${row.total}`;
  const countWidth = count.length * size * 0.6 + (done === row.total ? size * 1.3 : 0);
  const lines = wrap(row.label, size, inner - countWidth - 16, most);
  const note = row.note === "" ? 0 : noteSize * 1.4;
  return {
    row: { ...row, done },
    size,
    lines,
    count,
    countWidth,
    height: lines.length * size * 1.35 + barHeight + note + gap,
  };
}

function heightOf(rows: readonly Planned[]): number {
  return rows.reduce((sum, row) => sum + row.height, margin / 2);
}

/** A row says everything twice: in shapes and in words. Colour only repeats it. */
function drawRow({ row, size, lines, count, countWidth }: Planned, y: number): Element[] {
  const barY = y + lines.length * size * 1.35 + 4;
  const noteY = barY + barHeight + 7;
  return [
    ...lines.map((text, index) => label(text, margin, y + index * size * 1.35, size, colours.ink, true)),
    label(count, width - margin, y, size, colours.ink, true, "right"),
    ...bar(row.done, row.total, barY),
    ...(row.note === "" ? [] : [label(fitLine(row.note, noteSize, inner), margin, noteY, noteSize, colours.soft)]),
    ...(row.done === row.total ? tick(width - margin - countWidth + size * 0.1, y + size * 0.1, size * 0.9) : []),
  ];
}

/** One box for each step, filled when done; more than twelve steps share one long box. */
function bar(done: number, total: number, y: number): Element[] {
  const all = inner;
  const height = barHeight;
  if (total > 12) {
    const filled = { x: margin, y, width: (all * done) / total, height, r: 6 };
    return [
      { type: "rect", shape: { x: margin, y, width: all, height, r: 6 }, style: outline },
      ...(done === 0 ? [] : [{ type: "rect" as const, shape: filled, style: filling }]),
    ];
  }
  const gap = 8;
  const one = (all - gap * (total - 1)) / total;
  return Array.from({ length: total }, (_, index) => ({
    type: "rect" as const,
    shape: { x: margin + index * (one + gap), y, width: one, height, r: 6 },
    style: index < done ? filling : outline,
  }));
}

const outline = { fill: colours.open, stroke: colours.edge, lineWidth: 2.5 };
const filling = { fill: colours.done, stroke: colours.done, lineWidth: 2.5 };

function tick(x: number, y: number, size: number): Element[] {
  const points = [
    [x, y + size * 0.5],
    [x + size * 0.35, y + size * 0.85],
    [x + size, y + size * 0.1],
  ];
  return [
    { type: "polyline", shape: { points }, style: { fill: "none", stroke: colours.done, lineWidth: size * 0.19 } },
  ];
}

function label(
  text: string,
  x: number,
  y: number,
  size: number,
  fill: string,
  bold = false,
  align: "left" | "right" = "left",
): Element {
  return { type: "text", style: { text, x, y, fill, align, fontSize: size, fontWeight: bold ? 700 : 400 } };
}
