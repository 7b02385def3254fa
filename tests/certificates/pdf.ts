import { writeFileSync } from "node:fs";
import jsQR from "jsqr";
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";

/** One page, drawn by a library that had no part in writing it. */
export interface SeenPage {
  readonly width: number;
  readonly height: number;
  /** Four bytes a pixel. */
  readonly pixels: Uint8ClampedArray;
  readonly text: string;
  /** Share of dark pixels in a part of the page; measures in points from the top left. */
  dark(x: number, y: number, width: number, height: number): number;
  /** Share of the columns of a part that have any ink: what a line of letters fills and missing ones leave. */
  filled(x: number, y: number, width: number, height: number): number;
  /** What the code on the page says. */
  code(): string | undefined;
  png(): Uint8Array;
}

// The types of the package describe another form of it than the one that is loaded.
const readCode = jsQR as unknown as (data: Uint8ClampedArray, width: number, height: number) => { data: string } | null;

/** Opens a PDF with Mozilla's pdf.js and draws its pages at twice their size. */
export async function openSheet(bytes: Uint8Array) {
  const warnings: string[] = [];
  const { warn, log } = console;
  console.warn = console.log = (...said) => void warnings.push(said.join(" "));
  try {
    const document = await getDocument({ data: new Uint8Array(bytes), verbosity: 1, isEvalSupported: false }).promise;
    const pages: SeenPage[] = [];
    const scale = 2;
    for (let number = 1; number <= document.numPages; number += 1) {
      const page = await document.getPage(number);
      const viewport = page.getViewport({ scale });
      const factory = document.canvasFactory as {
        create(
          width: number,
          height: number,
        ): { canvas: { toBuffer(type: string): Buffer }; context: CanvasRenderingContext2D };
      };
      const { canvas, context } = factory.create(viewport.width, viewport.height);
      await page.render({ canvasContext: context, canvas: null, viewport }).promise;
      const { data, width, height } = context.getImageData(0, 0, viewport.width, viewport.height);
      const content = await page.getTextContent();
      pages.push({
        width,
        height,
        pixels: data,
        text: content.items.map((item) => ("str" in item ? `${item.str}${item.hasEOL ? "\n" : ""}` : "")).join(""),
        dark(x, y, w, h) {
          let count = 0;
          const [left, top] = [Math.round(x * scale), Math.round(y * scale)];
          const [across, down] = [Math.round(w * scale), Math.round(h * scale)];
          for (let row = top; row < top + down; row += 1)
            for (let column = left; column < left + across; column += 1)
              if ((data[(row * width + column) * 4] ?? 255) < 128) count += 1;
          return count / (across * down);
        },
        filled(x, y, w, h) {
          const columns = Array.from({ length: Math.floor(w * scale) }, (_, at) =>
            this.dark(x + at / scale, y, 0.5, h),
          );
          const inked = columns.map((share) => share > 0);
          const [first, last] = [inked.indexOf(true), inked.lastIndexOf(true)];
          return inked.filter(Boolean).length / Math.max(1, last - first + 1);
        },
        code: () => readCode(data, width, height)?.data,
        png: () => canvas.toBuffer("image/png"),
      });
    }
    const structure = JSON.stringify(await (await document.getPage(1)).getStructTree());
    const { info, metadata } = await document.getMetadata();
    const attachments = (await document.getAttachments()) as Record<string, { content: Uint8Array }> | null;
    return {
      pages,
      info: info as Record<string, unknown>,
      metadata,
      attachments,
      structure,
      marked: await document.getMarkInfo(),
      warnings,
    };
  } finally {
    console.warn = warn;
    console.log = log;
  }
}

/** Leaves a picture of a page where FADDER_LOOK says, for a person to look at. */
export function look(name: string, page: SeenPage | undefined): void {
  if (process.env.FADDER_LOOK !== undefined && page !== undefined)
    writeFileSync(`${process.env.FADDER_LOOK}/${name}.png`, page.png());
}
