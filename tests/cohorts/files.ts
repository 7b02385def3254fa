import { zipSync } from "fflate";

/** An XLSX file with one sheet of texts: the smallest that a spreadsheet program would open. */
export function xlsx(rows: readonly (readonly string[])[]): Uint8Array {
  const safe = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const cells = (row: readonly string[]): string =>
    row.map((cell) => `<c t="inlineStr"><is><t>${safe(cell)}</t></is></c>`).join("");
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
    "xl/_rels/workbook.xml.rels": relation("rId1", "worksheet", "worksheets/sheet1.xml"),
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
