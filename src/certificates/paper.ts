import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const fonts = {
  regular: require.resolve("@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf"),
  bold: require.resolve("@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf"),
};

/** What a sheet is about, for its metadata and its attachment. */
export interface PaperFacts {
  readonly title: string;
  readonly author: string;
  readonly language: string;
  /** Epoch milliseconds: the same facts give the same bytes. */
  readonly at: number;
  /** The signed credential, attached byte for byte. */
  readonly credential: string;
  readonly attachment: string;
}

/** How a line of text is set. */
export interface Line {
  readonly size: number;
  readonly bold?: boolean;
  readonly colour?: string;
  readonly align?: "left" | "center" | "right";
  /** Space below, in points. */
  readonly after?: number;
  /** What it is, for readers that speak the page. */
  readonly tag?: "H1" | "H2" | "P";
}

/** Sheets of A4 with text in a column, drawn from top to bottom. Measures are points. */
export interface Paper {
  readonly width: number;
  readonly height: number;
  /** Where the next line goes. */
  y: number;
  line(text: string, how: Line, place?: { readonly x: number; readonly width: number }): void;
  /** The largest size from `most` down to `least` at which the text is one line, or `least`. */
  fit(text: string, most: number, least: number, width: number, bold: boolean): number;
  /** A table of two columns, the second to the right. */
  rows(rows: readonly (readonly [string, string])[], place: { readonly x: number; readonly width: number }): void;
  /** What only decorates: passed over by readers that speak the page. */
  decorate(draw: (doc: PDFKit.PDFDocument) => void): void;
  /** A code that opens an address, in squares. */
  qr(url: string, x: number, y: number, size: number, alt: string): Promise<void>;
  /** Begins a new sheet where less than `height` is left on this one. */
  room(height: number): void;
  finish(): Promise<Uint8Array>;
}

/** The colours of the progress picture. */
export const colours = { ink: "#1c2422", soft: "#525e5a", mark: "#0f5a55", edge: "#b9c4c0" } as const;
export const margin = 64;

/** Begins a document: PDF/A-3b, tagged, with its language, its title and both fonts in it. */
export async function openPaper(facts: PaperFacts): Promise<Paper> {
  const { default: PDFDocument } = await import("pdfkit");
  const date = new Date(facts.at);
  const doc = new PDFDocument({
    size: "A4",
    margins: { top: margin, bottom: margin, left: margin, right: margin },
    pdfVersion: "1.7",
    subset: "PDF/A-3b",
    tagged: true,
    lang: facts.language,
    displayTitle: true,
    font: fonts.regular,
    info: {
      Title: harmless(facts.title),
      Author: harmless(facts.author),
      Creator: "Fadder",
      Producer: "Fadder",
      CreationDate: date,
      ModDate: date,
    },
  });
  const parts: Buffer[] = [];
  const whole = new Promise<Uint8Array>((resolve, reject) => {
    doc.on("data", (part: Buffer) => parts.push(part));
    doc.on("end", () => resolve(Buffer.concat(parts)));
    doc.on("error", reject);
  });
  const root = doc.struct("Document");
  doc.addStructure(root);
  const attached = { name: facts.attachment, type: "application/ld+json", creationDate: date, modifiedDate: date };
  // Not in the library's types: how the file belongs to the sheet, which PDF/A-3 wants to know.
  doc.file(Buffer.from(facts.credential), Object.assign(attached, { relationship: "Source" }));
  const inner = doc.page.width - 2 * margin;
  const set = (size: number, bold: boolean) => doc.font(bold ? fonts.bold : fonts.regular).fontSize(size);

  const paper: Paper = {
    width: doc.page.width,
    height: doc.page.height,
    y: margin,
    line(text, how, place = { x: margin, width: inner }) {
      const { size, bold = false, colour = colours.ink, align = "left", after = 0, tag = "P" } = how;
      set(size, bold);
      const height = doc.heightOfString(text, { width: place.width, align });
      const { y } = paper;
      root.add(
        doc.struct(tag, {}, () => {
          set(size, bold).fillColor(colour).text(text, place.x, y, { width: place.width, align });
        }),
      );
      paper.y = y + height + after;
    },
    fit(text, most, least, width, bold) {
      for (let size = most; size > least; size -= 1) if (set(size, bold).widthOfString(text) <= width) return size;
      return least;
    },
    rows(rows, { x, width }) {
      const table = doc.struct("Table");
      root.add(table);
      for (const [left, right] of rows) {
        const place = Math.ceil(set(10.5, true).widthOfString(right)) + 4;
        const height = set(10.5, false).heightOfString(left, { width: width - place - 12 });
        paper.room(height + 6);
        const { y } = paper;
        const row = doc.struct("TR");
        table.add(row);
        row.add(
          doc.struct("TH", {}, () => {
            set(10.5, false)
              .fillColor(colours.soft)
              .text(left, x, y, { width: width - place - 12 });
          }),
        );
        row.add(
          doc.struct("TD", {}, () => {
            set(10.5, true)
              .fillColor(colours.ink)
              .text(right, x + width - place, y, { width: place, align: "right" });
          }),
        );
        row.end();
        paper.y = y + height + 6;
      }
      table.end();
    },
    decorate(draw) {
      doc.markContent("Artifact", { type: "Layout" });
      doc.save();
      draw(doc);
      doc.restore();
      doc.endMarkedContent();
    },
    async qr(url, x, y, size, alt) {
      const { create } = await import("qrcode");
      const { modules } = create(url, { errorCorrectionLevel: "M" });
      const side = size / modules.size;
      root.add(
        doc.struct("Figure", { alt }, () => {
          for (let row = 0; row < modules.size; row += 1)
            for (let column = 0; column < modules.size; column += 1)
              // A hair wider, so that no printer draws lines between squares.
              if (modules.get(row, column)) doc.rect(x + column * side, y + row * side, side + 0.05, side + 0.05);
          doc.fill("#000000");
        }),
      );
    },
    room(height) {
      if (paper.y + height <= doc.page.height - margin) return;
      doc.addPage();
      paper.y = margin;
    },
    async finish() {
      root.end();
      doc.end();
      return whole;
    },
  };
  return paper;
}

/** The library writes these texts into XML as they are. */
function harmless(text: string): string {
  return text.replace(/&/gu, "＆").replace(/</gu, "‹").replace(/>/gu, "›");
}
