import fc from "fast-check";
import { PNG } from "pngjs";
import { describe, expect, test } from "vitest";
import { drawProgress, type ProgressData, progressData } from "../../src/images/progress.ts";
import { toPng } from "../../src/images/raster.ts";
import { fitLine, wrap } from "../../src/images/text.ts";

const unit = { label: "Доверие и граници", done: 3, total: 6, note: "Следва урок 4" };
const data: ProgressData = { title: "Моят напредък", rows: [unit] };

async function draw(input: unknown): Promise<PNG> {
  return PNG.sync.read(Buffer.from(await toPng(await drawProgress(progressData.parse(input)))));
}

/** How many pixels between two heights are darker than half. */
function ink(picture: PNG, from: number, to: number): number {
  let dark = 0;
  for (let at = from * picture.width * 4; at < to * picture.width * 4; at += 4) {
    if ((picture.data[at] ?? 255) + (picture.data[at + 1] ?? 255) + (picture.data[at + 2] ?? 255) < 384) dark += 1;
  }
  return dark;
}

describe("a progress picture", () => {
  test("shows title, label, count and note, in Cyrillic too", async () => {
    const full = await draw(data);
    const [label, bar] = [110, 155];
    const without = {
      title: await draw({ ...data, title: "" }),
      label: await draw({ ...data, rows: [{ ...unit, label: "" }] }),
      note: await draw({ ...data, rows: [{ ...unit, note: "" }] }),
    };
    expect(ink(full, 0, label) - ink(without.title, 0, label)).toBeGreaterThan(1500);
    expect(ink(full, label, bar) - ink(without.label, label, bar)).toBeGreaterThan(1000);
    expect(full.height).toBeGreaterThan(without.note.height);
    expect(ink(full, bar + 25, full.height)).toBeGreaterThan(400);
    // Two words of equal length are two pictures: letters are drawn, not boxes for missing ones.
    const other = await draw({ ...data, title: "Моят напредьк" });
    expect(full.data.equals(other.data)).toBe(false);
  });

  test("fills the bar as far as the learner is, and ticks what is complete", async () => {
    const inks = [];
    for (const done of [0, 3, 6])
      inks.push(ink(await draw({ title: "", rows: [{ label: "", done, total: 6 }] }), 0, 190));
    const [none = 0, half = 0, all = 0] = inks;
    expect(half - none).toBeGreaterThan(4000);
    expect(all - half).toBeGreaterThan(half - none);
    const many = await draw({ title: "", rows: [{ label: "", done: 30, total: 60 }] });
    expect(ink(many, 0, 190)).toBeGreaterThan(none + 4000);
  });

  test("more done than there is counts as complete", async () => {
    const svg = await drawProgress({ title: "", rows: [{ label: "", done: 9, total: 6, note: "" }] });
    expect(svg).toContain("6/6");
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])("with %i long rows stays within 1,024 by 1,024 and 1 MB", async (count) => {
    const row = { ...unit, label: "Разговор с родителите, със семейството и с училището ".repeat(3) };
    const rows = Array.from({ length: count }, () => row);
    const png = await toPng(await drawProgress({ title: "Семеен ментор ".repeat(10), rows }));
    const { width, height } = PNG.sync.read(Buffer.from(png));
    expect([width, height].every((side) => side <= 1024)).toBe(true);
    expect(png.byteLength).toBeLessThan(1_000_000);
    // The last row is inside: nothing was cut off below.
    expect(ink(PNG.sync.read(Buffer.from(png)), height - 60, height)).toBeGreaterThan(200);
  });

  test("of the same data has the same bytes", async () => {
    const [one, other] = [await drawProgress(data), await drawProgress(data)];
    expect(Buffer.from(await toPng(one)).equals(Buffer.from(await toPng(other)))).toBe(true);
  });

  test.each(["__proto__", "constructor", "toString"])("of a text %s leaves the process as it was", async (text) => {
    const before = [Object.prototype, Object, Object.prototype.toString].map((one) => Object.getOwnPropertyNames(one));
    await draw({ title: text, rows: [{ label: text, done: 1, total: 2, note: text }] });
    await draw(data);
    const after = [Object.prototype, Object, Object.prototype.toString].map((one) => Object.getOwnPropertyNames(one));
    expect(after).toEqual(before);
  });

  test("is drawn whatever the texts are", async () => {
    const any = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.constantFrom("<svg>&\"'", "\ud800", "\u0000\u0008", "]]>"),
    );
    await fc.assert(
      fc.asyncProperty(any, any, async (title, label) => {
        const picture = await draw({ title, rows: [{ label, done: 1, total: 2, note: label }] });
        expect(picture.width).toBe(600);
      }),
      { numRuns: 40 },
    );
  });
});

test("data of another shape is refused with its place", () => {
  const result = progressData.safeParse({ title: "x", rows: [{ label: "x", done: -1, total: 0 }] });
  expect(result.error?.issues.map(({ path }) => path.join("."))).toEqual(["rows.0.done", "rows.0.total"]);
});

test("a text that is too long ends with an ellipsis, a short one is left alone", () => {
  expect(fitLine("Trust", 30, 400)).toBe("Trust");
  expect(fitLine("Trust and boundaries", 30, 200)).toMatch(/^Trust an.*…$/);
  expect(wrap("one two three", 30, 140, 2)).toEqual(["one two", "three"]);
  expect(wrap("one two three four five", 30, 140, 2)).toEqual(["one two", expect.stringMatching(/^three.*…$/)]);
});
