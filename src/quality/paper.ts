import { colours, margin, openPaper } from "../certificates/paper.ts";
import type { ReportPart } from "./report-parts.ts";

/** What stands around the parts of a report on paper. */
export interface ReportPaper {
  readonly title: string;
  readonly house: string;
  readonly language: string;
  /** Lines below the title: the year, and who looked at it until when. */
  readonly head: readonly string[];
  readonly parts: readonly ReportPart[];
  /** Epoch milliseconds. */
  readonly at: number;
  /** The figures as data, in the file. */
  readonly data: string;
}

/** The report as a tagged PDF; its figures are in it as data too. */
export async function drawReport(given: ReportPaper): Promise<Uint8Array> {
  const paper = await openPaper({
    title: given.title,
    author: given.house,
    language: given.language,
    at: given.at,
    credential: given.data,
    attachment: "report.json",
  });
  const width = paper.width - 2 * margin;
  paper.line(given.house, { size: 11, bold: true, colour: colours.mark, after: 8 });
  paper.line(given.title, { size: 22, bold: true, tag: "H1", after: 8 });
  for (const line of given.head) paper.line(line, { size: 11, colour: colours.soft, after: 3 });
  for (const { title, bars, rows, lines } of given.parts) {
    if (rows.length === 0) continue;
    paper.room(90);
    paper.y += 14;
    paper.line(title, { size: 15, bold: true, tag: "H2", after: 8 });
    const most = Math.max(1, ...bars.map(({ value }) => value));
    for (const { value } of bars) {
      paper.room(14);
      const { y } = paper;
      // The table below says the same in words.
      paper.decorate((doc) => doc.rect(margin, y, Math.max(1, (width * value) / most), 8).fill(colours.mark));
      paper.y = y + 12;
    }
    const cells = rows.map(({ label, value, source }) => [`${label} (${source})`, value] as const);
    paper.rows(cells, { x: margin, width });
    for (const line of lines) {
      paper.room(40);
      paper.line(`“${line}”`, { size: 10.5, after: 4 });
    }
  }
  return paper.finish();
}
