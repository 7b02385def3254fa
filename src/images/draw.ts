import { fontFamily } from "./raster.ts";

/** A shape or a text at a fixed place, in the words of echarts' graphic component. */
export type Element =
  | {
      readonly type: "text";
      readonly style: {
        readonly text: string;
        readonly x: number;
        readonly y: number;
        readonly fill: string;
        readonly align: "left" | "right";
        readonly fontSize: number;
        readonly fontWeight: number;
      };
    }
  | { readonly type: "rect"; readonly shape: Readonly<Record<string, number>>; readonly style: Stroke }
  | {
      readonly type: "polyline";
      readonly shape: { readonly points: readonly (readonly number[])[] };
      readonly style: Stroke;
    };

interface Stroke {
  readonly fill: string;
  readonly stroke: string;
  readonly lineWidth: number;
}

/** Lets echarts draw the elements on the server, as SVG. Texts are escaped there. */
export async function drawElements(
  elements: readonly Element[],
  width: number,
  height: number,
  background: string,
): Promise<string> {
  // Loaded with the first picture, and only the parts that draw.
  const [{ init, use }, { GraphicComponent }, { SVGRenderer }] = await Promise.all([
    import("echarts/core"),
    import("echarts/components"),
    import("echarts/renderers"),
  ]);
  use([GraphicComponent, SVGRenderer]);
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  chart.setOption({
    animation: false,
    backgroundColor: background,
    graphic: {
      elements: elements.map((element) =>
        element.type === "text"
          ? { ...element, style: { ...element.style, text: harmless(element.style.text), fontFamily } }
          : element,
      ),
    },
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

/**
 * zrender keeps the widths of texts in a plain object under the text itself. A text "__proto__" makes it write into
 * `Object.prototype`, and from then on the whole process is damaged; a space behind it is another key and looks the same.
 */
function harmless(text: string): string {
  return text in Object.prototype ? `${text} ` : text;
}
