import { exifTurn } from "../images/upload.ts";

/** A JPEG file with what shows the picture and nothing else; undefined where it is damaged. Which way up it is stays said. */
export function cleanJpeg(bytes: Buffer): Uint8Array | undefined {
  const kept: Buffer[] = [];
  let turn = 1;
  let scans = 0;
  for (let at = 2; at + 2 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return undefined;
    const mark = bytes[at + 1] ?? 0;
    if (mark === 0xff) {
      at += 1;
      continue;
    }
    // What stands behind the end of the picture is no part of it: a film, a second picture with its place.
    if (mark === 0xd9) return scans === 0 ? undefined : joined(kept, turn);
    if (at + 4 > bytes.length) return undefined;
    const length = bytes.readUInt16BE(at + 2);
    const end = at + 2 + length;
    if (length < 2 || end > bytes.length) return undefined;
    const segment = bytes.subarray(at + 4, end);
    if (mark === 0xe1) turn = exifTurn(segment) ?? turn;
    if (isNeeded(mark, segment)) kept.push(bytes.subarray(at, end));
    at = end;
    if (mark === 0xda) {
      scans += 1;
      const next = afterScan(bytes, at);
      kept.push(bytes.subarray(at, next));
      at = next;
    }
  }
  return undefined;
}

/** Everything but notes, and of notes the three that say how colours are read. */
function isNeeded(mark: number, segment: Buffer): boolean {
  const begins = segment.toString("latin1", 0, 12);
  if (mark === 0xe0) return begins.startsWith("JFIF\0");
  if (mark === 0xe2) return begins.startsWith("ICC_PROFILE\0");
  if (mark === 0xee) return begins.startsWith("Adobe");
  return mark !== 0xfe && (mark < 0xe0 || mark > 0xef);
}

/** Where the pixels of a scan end: at the next mark that is neither filling nor a restart. ITU-T T.81, B.1.1 */
function afterScan(bytes: Buffer, from: number): number {
  for (let at = from; at + 1 < bytes.length; at += 1) {
    const next = bytes[at + 1] ?? 0;
    if (bytes[at] === 0xff && next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  return bytes.length;
}

function joined(kept: readonly Buffer[], turn: number): Uint8Array {
  return Buffer.concat([Buffer.of(0xff, 0xd8), ...(turn === 1 ? [] : [turned(turn)]), ...kept, Buffer.of(0xff, 0xd9)]);
}

/** The shortest note that says which way up a picture is. https://www.cipa.jp/std/documents/e/DC-008-2012_E.pdf, 4.6 */
function turned(turn: number): Buffer {
  const note = Buffer.alloc(36);
  note.writeUInt16BE(0xffe1, 0);
  note.writeUInt16BE(34, 2);
  note.write("Exif\0\0MM\0*", 4, "latin1");
  note.writeUInt32BE(8, 14);
  note.writeUInt16BE(1, 18);
  note.writeUInt16BE(0x0112, 20);
  note.writeUInt16BE(3, 22);
  note.writeUInt32BE(1, 24);
  note.writeUInt16BE(turn, 28);
  return note;
}

/** Chunks of a PNG file beside the critical ones that its pixels need. */
const pngChunks = new Set(["tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "bKGD", "pHYs", "acTL", "fcTL", "fdAT"]);

/** A PNG file without notes, times and places; undefined where it is damaged. https://www.w3.org/TR/png-3/#11Chunks */
export function cleanPng(bytes: Buffer): Uint8Array | undefined {
  const kept = [bytes.subarray(0, 8)];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 12 + bytes.readUInt32BE(at);
    const name = bytes.toString("latin1", at + 4, at + 8);
    if (end > bytes.length) return undefined;
    // A capital letter says that nothing can be shown without it.
    if (/^[A-Z]/u.test(name) || pngChunks.has(name)) kept.push(bytes.subarray(at, end));
    if (name === "IEND") return Buffer.concat(kept);
    at = end;
  }
  return undefined;
}

const webpChunks = new Set(["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"]);

/** A WebP file without notes; undefined where it is damaged. https://developers.google.com/speed/webp/docs/riff_container */
export function cleanWebp(bytes: Buffer): Uint8Array | undefined {
  const kept: Buffer[] = [];
  const whole = Math.min(bytes.length, 8 + bytes.readUInt32LE(4));
  for (let at = 12; at + 8 <= whole; ) {
    const name = bytes.toString("latin1", at, at + 4);
    const length = bytes.readUInt32LE(at + 4);
    const end = at + 8 + length + (length % 2);
    if (at + 8 + length > whole) return undefined;
    if (webpChunks.has(name)) {
      const chunk = Buffer.from(bytes.subarray(at, Math.min(end, whole)));
      // Its flags say that notes follow, and none do.
      if (name === "VP8X" && length > 0) chunk[8] = (chunk[8] ?? 0) & ~0x0c;
      kept.push(chunk);
    }
    at = end;
  }
  if (kept.length === 0) return undefined;
  const body = Buffer.concat(kept);
  const head = Buffer.from("RIFF\0\0\0\0WEBP", "latin1");
  head.writeUInt32LE(body.length + 4, 4);
  return Buffer.concat([head, body]);
}
