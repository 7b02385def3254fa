import { inflateRawSync, inflateSync } from "node:zlib";

const mark = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** https://www.imsglobal.org/spec/ob/v3p0#baking */
const keyword = "openbadgecredential";
/** The most bytes that a compressed text may become. */
const mostBytes = 1_000_000;

/** Puts a credential into a PNG, in front of its pixels; one that is in it already goes. Throws where it is no PNG. */
export function bake(png: Uint8Array, credential: string): Uint8Array {
  const chunks = readChunks(png);
  if (chunks?.[0]?.type !== "IHDR") throw new Error("this is no PNG file");
  const text = Buffer.concat([Buffer.from(`${keyword}\0\0\0\0\0`, "latin1"), Buffer.from(credential, "utf8")]);
  const [header, ...rest] = chunks.filter((chunk) => textOf(chunk) === undefined);
  const made = [header?.whole ?? Buffer.alloc(0), chunkOf("iTXt", text), ...rest.map(({ whole }) => whole)];
  return Buffer.concat([mark, ...made]);
}

/** The credential in a PNG; undefined where there is none, or more than one. */
export function unbake(png: Uint8Array): string | undefined {
  const found = (readChunks(png) ?? []).map(textOf).filter((text) => text !== undefined);
  return found.length === 1 ? found[0] : undefined;
}

/** The credential in a baked SVG; undefined where there is none. */
export function unbakeSvg(svg: string): string | undefined {
  const found = /<openbadges:credential[^>]*>\s*<!\[CDATA\[([\s\S]*?)\]\]>\s*<\/openbadges:credential>/u.exec(svg);
  return found?.[1];
}

/** Puts a credential into an SVG. A `]]>` in it cannot end the section: in JSON it only stands in texts, where `>` may be escaped. */
export function bakeSvg(svg: string, credential: string): string {
  const safe = credential.replaceAll("]]>", "]]\\u003e");
  const inside = `<openbadges:credential xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"><![CDATA[${safe}]]></openbadges:credential>`;
  return svg.replace(/<svg\b[^>]*>/u, (open) => `${open}${inside}`);
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
  readonly whole: Buffer;
}

/** https://www.w3.org/TR/png-3/#5Chunk-layout */
function readChunks(png: Uint8Array): readonly Chunk[] | undefined {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  if (!bytes.subarray(0, 8).equals(mark)) return undefined;
  const chunks: Chunk[] = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 12 + bytes.readUInt32BE(at);
    if (end > bytes.length) break;
    const whole = bytes.subarray(at, end);
    chunks.push({ type: whole.toString("latin1", 4, 8), data: whole.subarray(8, -4), whole });
    at = end;
  }
  return chunks;
}

function chunkOf(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(4);
  frame.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc(body));
  return Buffer.concat([frame, body, sum]);
}

/** The text of an iTXt chunk with the keyword. https://www.w3.org/TR/png-3/#11iTXt */
function textOf({ type, data }: Chunk): string | undefined {
  if (type !== "iTXt" || data.toString("latin1", 0, keyword.length + 1) !== `${keyword}\0`) return undefined;
  const packed = data[keyword.length + 1] === 1;
  const language = data.indexOf(0, keyword.length + 3);
  const translated = language < 0 ? -1 : data.indexOf(0, language + 1);
  if (translated < 0) return undefined;
  const text = data.subarray(translated + 1);
  return packed ? unpacked(text)?.toString("utf8") : text.toString("utf8");
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** https://www.w3.org/TR/png-3/#5CRC-algorithm */
function crc(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (table[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

/** Unpacks what was deflated, up to a bound; undefined where it cannot be. */
export function unpacked(bytes: Uint8Array): Buffer | undefined {
  for (const unpack of [inflateSync, inflateRawSync]) {
    try {
      return unpack(bytes, { maxOutputLength: mostBytes });
    } catch {
      // The other form, or none.
    }
  }
  return undefined;
}
