import { PNG } from "pngjs";
import { describe, expect, test } from "vitest";
import { drawRadar, radarData } from "../../src/images/radar.ts";
import { toPng } from "../../src/images/raster.ts";

const axes = ["A1", "A2", "A3", "B1", "B2", "B3", "C1", "C2", "C3", "C4", "D1", "D2", "D3", "E1", "E2", "E3"];
const same = (value: number | null) => axes.map(() => value);
const data = {
  title: "Самооценка",
  levels: 4,
  axes,
  groups: [
    { code: "A", label: "Моята роля и моето развитие" },
    { code: "B", label: "Förhållande och samtal på ärligt språk" },
    { code: "C", label: "Стиль" },
    { code: "D", label: "Etik, säkerhet och rättigheter" },
    { code: "E", label: "Мрежа" },
  ],
  series: [
    { kind: "required", label: "Търсено: ниво 1", values: same(1) },
    { kind: "self", label: "Моята преценка", values: axes.map((_, index) => index % 4) },
  ],
};

async function draw(input: unknown): Promise<PNG> {
  return PNG.sync.read(Buffer.from(await toPng(drawRadar(radarData.parse(input)))));
}

/** How many pixels are nearer to a colour than to anything else that is drawn. */
function count(picture: PNG, [r, g, b]: readonly [number, number, number], from = 0, to = picture.height): number {
  let found = 0;
  for (let at = from * picture.width * 4; at < to * picture.width * 4; at += 4) {
    const far = Math.abs((picture.data[at] ?? 0) - r) + Math.abs((picture.data[at + 1] ?? 0) - g);
    if (far + Math.abs((picture.data[at + 2] ?? 0) - b) < 40) found += 1;
  }
  return found;
}

const ink = [0x1c, 0x24, 0x22] as const;
const [self, assessor, earlier] = [
  [0x0f, 0x5a, 0x55],
  [0xb0, 0x3a, 0x00],
  [0x6b, 0x4e, 0x8f],
] as const;

describe("a radar picture", () => {
  test("draws letters of every script: each text adds ink of its own", async () => {
    const full = await draw(data);
    for (const without of [
      { ...data, title: "" },
      { ...data, groups: data.groups.map((one) => ({ ...one, label: "" })) },
      { ...data, axes: axes.map(() => "") },
    ])
      expect(count(full, ink) - count(await draw(without), ink)).toBeGreaterThan(800);
    // Letters, not one box for all that is missing: words of equal length look different.
    for (const [one, other] of [
      ["Самооценка", "Самооценкы"],
      ["åäö", "aao"],
    ])
      expect((await draw({ ...data, title: one })).data.equals((await draw({ ...data, title: other })).data)).toBe(
        false,
      );
  });

  test("tells each line apart, and one that nobody gave is not there", async () => {
    const more = [
      ...data.series,
      { kind: "earlier", label: "before", values: same(2) },
      { kind: "assessor", label: "assessors", values: axes.map((_, index) => (index < 3 ? 4 : null)) },
    ];
    const [few, all] = [await draw(data), await draw({ ...data, series: more })];
    for (const colour of [assessor, earlier]) {
      expect(count(few, colour)).toBe(0);
      expect(count(all, colour)).toBeGreaterThan(300);
    }
    expect(count(few, self)).toBeGreaterThan(2000);
  });

  test("a higher level is a larger shape", async () => {
    const areas = [];
    for (const level of [1, 2, 4]) {
      const picture = await draw({ ...data, series: [{ kind: "self", label: "", values: same(level) }] });
      // White under a light veil of the line's colour.
      areas.push(count(picture, [0xd9, 0xe5, 0xe4], 0, 560));
    }
    const [one = 0, two = 0, four = 0] = areas;
    expect(two).toBeGreaterThan(one * 2);
    expect(four).toBeGreaterThan(two * 2);
  });

  test("stays within 1,024 by 1,024 and 1 MB with all that may be in it, and is the same each time", async () => {
    const series = ["required", "earlier", "self", "assessor"].map((kind) => ({
      kind,
      label: "Моята преценка ".repeat(10),
      values: same(3),
    }));
    const groups = Array.from({ length: 10 }, (_, index) => ({ code: `${index}`, label: "Förhållande ".repeat(10) }));
    const svg = drawRadar(radarData.parse({ ...data, series, groups }));
    const [one, other] = [await toPng(svg), await toPng(svg)];
    const { width, height } = PNG.sync.read(Buffer.from(one));
    expect([width, height].every((side) => side <= 1024)).toBe(true);
    expect(one.byteLength).toBeLessThan(1_000_000);
    expect(Buffer.from(one).equals(Buffer.from(other))).toBe(true);
  });

  test("texts are texts: nothing typed becomes a part of the drawing", async () => {
    const svg = drawRadar(
      radarData.parse({ ...data, title: `<script>"&'`, groups: [{ code: "\u0000", label: "]]>\ud800" }] }),
    );
    expect(svg).not.toContain("<script");
    expect((await draw({ ...data, title: `<script>"&'` })).width).toBe(600);
  });

  test.each([1, 2, 3, 40])("with %i axes", async (many) => {
    const few = Array.from({ length: many }, (_, index) => `A${index}`);
    const values = few.map(() => 2);
    expect((await draw({ ...data, axes: few, series: [{ kind: "self", label: "x", values }] })).width).toBe(600);
  });

  test("data of another shape is refused with its place", () => {
    const result = radarData.safeParse({ ...data, levels: 0, series: [{ kind: "other", label: "x", values: [] }] });
    expect(result.error?.issues.map(({ path }) => path.join("."))).toEqual(["levels", "series.0.kind"]);
  });
});
