import { zipSync } from "fflate";

/** A day as spreadsheets keep it: days since the end of 1899, shown by a style. */
export function date(days: number): { readonly days: number } {
  return { days };
}

type Cell = string | number | { readonly days: number };

/** An XLSX file with one sheet of texts, numbers and days: the smallest that a spreadsheet program would open. */
export function xlsx(rows: readonly (readonly Cell[])[]): Uint8Array {
  const safe = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const cells = (row: readonly Cell[]): string =>
    row
      .map((cell) => {
        if (typeof cell === "string") return `<c t="inlineStr"><is><t>${safe(cell)}</t></is></c>`;
        return typeof cell === "number" ? `<c t="n"><v>${cell}</v></c>` : `<c t="n" s="1"><v>${cell.days}</v></c>`;
      })
      .join("");
  const sheet = rows.map((row, index) => `<row r="${index + 1}">${addressed(cells(row), index + 1)}</row>`).join("");
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const packaged = "http://schemas.openxmlformats.org/package/2006";
  const relation = (id: string, type: string, target: string): string =>
    `<Relationships xmlns="${packaged}/relationships"><Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/></Relationships>`;
  const files = {
    "[Content_Types].xml": `<Types xmlns="${packaged}/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>`,
    "_rels/.rels": relation("rId1", "officeDocument", "xl/workbook.xml"),
    "xl/workbook.xml": `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="People" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships xmlns="${packaged}/relationships"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
    // The second style shows a number as a day.
    "xl/styles.xml": `<styleSheet xmlns="${main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    "xl/worksheets/sheet1.xml": `<worksheet xmlns="${main}"><sheetData>${sheet}</sheetData></worksheet>`,
  };
  const encoder = new TextEncoder();
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, encoder.encode(text)])));
}

/** Cells need their addresses: A1, B1, … */
function addressed(cells: string, row: number): string {
  let column = 0;
  return cells.replace(/<c t=/gu, () => `<c r="${String.fromCharCode(65 + column++)}${row}" t=`);
}
