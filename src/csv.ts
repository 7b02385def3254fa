/** What a spreadsheet would take for a formula. */
const formula = /^[=+\-@\t\r]/u;

/**
 * Rows as CSV for spreadsheets: UTF-8 with a byte order mark, CRLF, everything quoted that needs it. A text that a spreadsheet would run
 * as a formula gets an apostrophe in front; numbers stay numbers.
 */
export function toCsv(head: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  const lines = [head, ...rows].map((row) => row.map(cell).join(","));
  return `\ufeff${lines.join("\r\n")}\r\n`;
}

function cell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const safe = formula.test(value) ? `'${value}` : value;
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
