const [localMark, entryMark, endMark] = [0x04034b50, 0x02014b50, 0x06054b50];
/** The end record with its longest comment. */
const mostEnd = 22 + 65_535;
/** A document has some dozens of parts. */
const mostEntries = 5_000;

/**
 * The names in a ZIP file's directory; undefined where the file is none. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3
 */
export function zipNames(file: Uint8Array): readonly string[] | undefined {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length < 22 || bytes.readUInt32LE(0) !== localMark) return undefined;
  let end = bytes.length - 22;
  const first = Math.max(0, bytes.length - mostEnd);
  while (end >= first && bytes.readUInt32LE(end) !== endMark) end -= 1;
  if (end < first) return undefined;
  const count = bytes.readUInt16LE(end + 10);
  if (count === 0 || count > mostEntries) return undefined;
  const names: string[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let n = 0; n < count; n += 1) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== entryMark) return undefined;
    const length = bytes.readUInt16LE(at + 28);
    names.push(bytes.toString("utf8", at + 46, at + 46 + length));
    at += 46 + length + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return names;
}
