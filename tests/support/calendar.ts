import { expect } from "vitest";

/** Reads an iCalendar text as RFC 5545 says: lines of at most 75 octets, folded by a space, texts escaped. Gives its events. */
export function readCalendar(text: string): readonly ReadonlyMap<string, string>[] {
  expect(text.endsWith("END:VCALENDAR\r\n")).toBe(true);
  const raw = text.split("\r\n");
  for (const line of raw) {
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    // No character is cut in two.
    expect(Buffer.from(line).toString("utf8")).toBe(line);
    expect(line).not.toContain("\ufffd");
    expect(line).not.toMatch(/[\n\r]/u);
  }
  const lines = raw
    .join("\r\n")
    .replace(/\r\n[ \t]/gu, "")
    .split("\r\n");
  const events: Map<string, string>[] = [];
  for (const line of lines) {
    if (line === "BEGIN:VEVENT") events.push(new Map());
    const [, name = "", value = ""] = /^([A-Z-]+)[^:]*:(.*)$/u.exec(line) ?? [];
    const plain = value.replace(/\\([,;\\nN])/gu, (_all, sign: string) => (/n/iu.test(sign) ? "\n" : sign));
    events.at(-1)?.set(name, plain);
  }
  return events;
}
