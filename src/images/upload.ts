import { createHash } from "node:crypto";
import type { Database } from "../store/client.ts";

/** A picture that somebody gave, drawn anew: nothing but its pixels is left of the file. */
export interface CleanPicture {
  readonly mime: "image/png";
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Why a file is not taken; the kinds are keys of words. */
export type PictureFault = "type" | "large" | "dimensions" | "damaged";

/** The most bytes of a picture: what the strictest platform shows, and so what is taken. */
export const mostPictureBytes = 1_000_000;
/** Pixels of a file's side, and of the whole: what is unpacked stays far below the memory of a small machine. */
const [mostSide, mostPixels] = [6_000, 16_000_000];
/** Pixels of the longer side of what is kept, the largest first that stays below the most bytes. The first is what every platform shows. */
const sides = [1_024, 800, 640, 480, 320];

/**
 * Takes a PNG or JPEG file, told by its bytes and not by its name, and draws it anew as PNG: at most 1,024 pixels wide and
 * high, the way up that its camera noted, and without everything else that the file said (place, device, author, thumbnail).
 */
export async function cleanPicture(file: Uint8Array): Promise<CleanPicture | PictureFault> {
  if (file.length > mostPictureBytes) return "large";
  const found = pngFacts(file) ?? jpegFacts(file);
  if (found === undefined) return "type";
  const { width, height, mime, turn } = found;
  if (width < 1 || height < 1) return "damaged";
  if (width > mostSide || height > mostSide || width * height > mostPixels) return "dimensions";
  const data = `data:${mime};base64,${Buffer.from(file).toString("base64")}`;
  for (const side of sides) {
    const scale = Math.min(1, side / Math.max(width, height));
    const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
    const drawn = await draw(data, w, h, turn);
    if (drawn === undefined) return "damaged";
    if (drawn.bytes.length <= mostPictureBytes) return drawn;
  }
  return "large";
}

/** Keeps a picture for an organisation and returns its id. The same bytes are kept once. */
export async function keepPicture(
  db: Pick<Database, "picture">,
  given: { readonly organisationId: string; readonly picture: CleanPicture; readonly now: number },
): Promise<string> {
  const { organisationId, picture, now } = given;
  const id = createHash("sha256").update(picture.bytes).digest("hex");
  const bytes = new Uint8Array(picture.bytes);
  await db.picture.upsert({
    where: { id },
    create: { id, organisationId, mime: picture.mime, bytes, createdAt: BigInt(now) },
    update: {},
  });
  return id;
}

/** The bytes of a kept picture; undefined where there is none. */
export async function keptPicture(db: Pick<Database, "picture">, id: string): Promise<Uint8Array | undefined> {
  const row = await db.picture.findUnique({ where: { id }, select: { bytes: true } });
  return row === null ? undefined : row.bytes;
}

interface Facts {
  readonly mime: "image/png" | "image/jpeg";
  readonly width: number;
  readonly height: number;
  /** How the picture lies, 1 to 8 as EXIF counts; 1 is upright. */
  readonly turn: number;
}

const pngMark = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** https://www.w3.org/TR/png-3/#11IHDR */
function pngFacts(file: Uint8Array): Facts | undefined {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length < 33 || !bytes.subarray(0, 8).equals(pngMark)) return undefined;
  return { mime: "image/png", width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20), turn: 1 };
}

/** Walks over the segments in front of the pixels. https://www.w3.org/Graphics/JPEG/itu-t81.pdf, annex B */
function jpegFacts(file: Uint8Array): Facts | undefined {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8 || bytes[2] !== 0xff) return undefined;
  let turn = 1;
  for (let at = 2; at + 4 <= bytes.length; ) {
    const mark = bytes[at + 1] ?? 0;
    if (bytes[at] !== 0xff) break;
    // A mark may be preceded by any number of fill bytes.
    if (mark === 0xff) {
      at += 1;
      continue;
    }
    const length = bytes.readUInt16BE(at + 2);
    const segment = bytes.subarray(at + 4, at + 2 + length);
    if (mark === 0xe1) turn = exifTurn(segment) ?? turn;
    const isFrame = mark >= 0xc0 && mark <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(mark);
    if (isFrame && segment.length >= 5) {
      return { mime: "image/jpeg", height: segment.readUInt16BE(1), width: segment.readUInt16BE(3), turn };
    }
    if (mark === 0xda || length < 2) break;
    at += 2 + length;
  }
  return { mime: "image/jpeg", width: 0, height: 0, turn };
}

const orientation = 0x0112;

/** The orientation that a camera noted, 1 to 8, in the segment of a JPEG file that says it. https://www.cipa.jp/std/documents/e/DC-008-2012_E.pdf, 4.6.4 */
export function exifTurn(segment: Buffer): number | undefined {
  if (segment.length < 18 || segment.toString("latin1", 0, 6) !== "Exif\0\0") return undefined;
  const tiff = segment.subarray(6);
  const little = tiff.toString("latin1", 0, 2) === "II";
  const short = (at: number): number =>
    at + 2 > tiff.length ? 0 : little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at);
  const start = little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  for (let entry = 0; entry < Math.min(short(start), 100); entry += 1) {
    const at = start + 2 + entry * 12;
    if (short(at) === orientation) {
      const value = short(at + 8);
      return value >= 1 && value <= 8 ? value : undefined;
    }
  }
  return undefined;
}

/** What brings a picture of this width and height upright, by EXIF's count. */
function upright(turn: number, w: number, h: number): string {
  const ways: Readonly<Record<number, readonly number[]>> = {
    2: [-1, 0, 0, 1, w, 0],
    3: [-1, 0, 0, -1, w, h],
    4: [1, 0, 0, -1, 0, h],
    5: [0, 1, 1, 0, 0, 0],
    6: [0, 1, -1, 0, h, 0],
    7: [0, -1, -1, 0, h, w],
    8: [0, -1, 1, 0, 0, w],
  };
  return `matrix(${(ways[turn] ?? [1, 0, 0, 1, 0, 0]).join(" ")})`;
}

/** The picture as PNG, off the main thread; undefined where nothing could be unpacked. */
async function draw(data: string, w: number, h: number, turn: number): Promise<CleanPicture | undefined> {
  const { renderAsync } = await import("@resvg/resvg-js");
  const [width, height] = turn >= 5 ? [h, w] : [w, h];
  const image = `<image href="${data}" width="${w}" height="${h}" preserveAspectRatio="none" transform="${upright(turn, w, h)}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${image}</svg>`;
  const drawn = await renderAsync(svg, { font: { loadSystemFonts: false } });
  if (!drawn.pixels.some((byte) => byte !== 0)) return undefined;
  return { mime: "image/png", bytes: drawn.asPng(), width, height };
}
