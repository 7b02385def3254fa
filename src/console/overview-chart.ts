/** One bar: what it is called, how long it is, and what stands at its end. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly note: string;
}

/** Colours as they are drawn; the page puts its own in their place, so that a chart fits light and dark. */
const colours = { "#1b1f24": "currentColor", "#0b4f8a": "var(--strong)", "#c3cad3": "var(--line)" } as const;
const [ink, fill, line] = ["#1b1f24", "#0b4f8a", "#c3cad3"] as const;
/** Small enough that letters stay readable on a phone. */
const width = 300;
const fontSize = 13;

/** Bars below one another, each with its label above it, as SVG for the middle of a page. */
export function drawAcross(bars: readonly Bar[], most?: number): Promise<string> {
  return draw(bars.length * 50 + 10, {
    grid: { left: 2, right: 96, top: 14, bottom: 0 },
    xAxis: { type: "value", show: false, min: 0, max: most ?? Math.max(1, ...bars.map(({ value }) => value)) },
    yAxis: {
      type: "category",
      inverse: true,
      data: bars.map(({ label }) => harmless(label)),
      z: 5,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: line } },
      axisLabel: {
        inside: true,
        interval: 0,
        color: ink,
        fontSize,
        verticalAlign: "bottom",
        padding: [0, 0, 11, -6],
        width: width - 10,
        overflow: "truncate",
      },
    },
    series: [
      {
        type: "bar",
        silent: true,
        barWidth: 18,
        itemStyle: { color: fill },
        data: bars.map(({ value, note }) => ({ value, label: noted(note, "right") })),
      },
    ],
  });
}

/** Columns beside one another, for a row of weeks. */
export function drawColumns(bars: readonly Bar[]): Promise<string> {
  return draw(220, {
    grid: { left: 4, right: 4, top: 24, bottom: 44 },
    xAxis: {
      type: "category",
      data: bars.map(({ label }) => harmless(label)),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: line } },
      axisLabel: { interval: 0, rotate: 60, color: ink, fontSize: 11 },
    },
    yAxis: { type: "value", show: false, min: 0, max: Math.max(1, ...bars.map(({ value }) => value)) },
    series: [
      {
        type: "bar",
        silent: true,
        barCategoryGap: "25%",
        itemStyle: { color: fill },
        data: bars.map(({ value, note }) => ({ value, label: noted(note, "top") })),
      },
    ],
  });
}

const noted = (note: string, position: "right" | "top") => ({
  show: true,
  position,
  formatter: () => harmless(note),
  color: ink,
  fontSize,
});

async function draw(height: number, option: Record<string, unknown>): Promise<string> {
  // Loaded with the first chart, and only the parts that draw.
  const [{ init, use }, { BarChart }, { GridComponent }, { SVGRenderer }] = await Promise.all([
    import("echarts/core"),
    import("echarts/charts"),
    import("echarts/components"),
    import("echarts/renderers"),
  ]);
  use([BarChart, GridComponent, SVGRenderer]);
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  chart.setOption({ animation: false, ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return plain(svg);
}

/** Without style sheets, styles and notes of the library: the page allows no style of its own, and a screen reader gets the table. */
function plain(svg: string): string {
  const bare = svg
    .replace(/<style[^>]*>[\s\S]*?<\/style>/gu, "")
    .replace(/ (?:ecmeta_\w+|class|xml:space)="[^"]*"/gu, "")
    .replace(/ style="([^"]*)"/gu, (_whole, style: string) =>
      style
        .split(";")
        .map((one) => one.split(":"))
        .filter(([name]) => name === "font-size" || name === "font-weight")
        .map(([name, value]) => ` ${name}="${value}"`)
        .join(""),
    )
    .replace("<svg ", '<svg class="chart" aria-hidden="true" focusable="false" ');
  return Object.entries(colours).reduce((text, [drawn, shown]) => text.replaceAll(`"${drawn}"`, `"${shown}"`), bare);
}

/** The library keeps the widths of texts in a plain object; a text such as "constructor" would damage the process. */
function harmless(text: string): string {
  return text in Object.prototype ? `${text} ` : text;
}
