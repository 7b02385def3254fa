import { deflateSync } from "node:zlib";

/** A word that stands nowhere but in a picture's notes. */
export const place = "GPS-55.6761N-12.5683E";

/** A picture of one pixel as JPEG with notes: where it was taken, a comment, a second picture behind its end. `turn`: which way up. */
export function jpegWithNotes(turn = 6): Buffer {
  const tiff = Buffer.alloc(26);
  tiff.write("MM\0*", 0, "latin1");
  tiff.writeUInt32BE(8, 4);
  tiff.writeUInt16BE(1, 8);
  tiff.writeUInt16BE(0x0112, 10);
  tiff.writeUInt16BE(3, 12);
  tiff.writeUInt32BE(1, 14);
  tiff.writeUInt16BE(turn, 18);
  const exif = segment(0xe1, Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff, Buffer.from(place)]));
  const xmp = segment(0xe1, Buffer.from(`http://ns.adobe.com/xap/1.0/\0<x>${place}</x>`));
  const maker = segment(0xed, Buffer.from(`Photoshop 3.0\0${place}`));
  const comment = segment(0xfe, Buffer.from(place));
  const all = [exif, xmp, maker, comment];
  return Buffer.concat([
    pixel.subarray(0, 2),
    ...all,
    pixel.subarray(2, pixel.length - 2),
    Buffer.of(0xff, 0xd9),
    Buffer.from(`\xff\xd8 a film ${place}`, "latin1"),
  ]);
}

function segment(mark: number, data: Buffer): Buffer {
  const head = Buffer.of(0xff, mark, 0, 0);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

/** Baseline JPEG, one grey pixel. */
export const pixel = Buffer.from(
  "/9j/4AAQSkZJRgABAQEAYABgAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q==",
  "base64",
);

/** A PNG picture of one pixel with notes. */
export function pngWithNotes(): Buffer {
  const head = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", head),
    chunk("tEXt", Buffer.from(`Comment\0${place}`)),
    chunk("eXIf", Buffer.from(place)),
    chunk("IDAT", deflateSync(Buffer.of(0, 128))),
    chunk("tIME", Buffer.from([7, 234, 3, 3, 9, 0, 0])),
    chunk("IEND", Buffer.alloc(0)),
    Buffer.from(place),
  ]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc(body));
  return Buffer.concat([length, body, sum]);
}

function crc(bytes: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}

/** A WebP file with notes; its pixels are none, which nobody looks at here. */
export function webpWithNotes(): Buffer {
  const part = (name: string, data: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(data.length);
    return Buffer.concat([Buffer.from(name, "latin1"), length, data, Buffer.alloc(data.length % 2)]);
  };
  const flags = Buffer.alloc(10);
  flags[0] = 0x0c;
  const body = Buffer.concat([
    part("VP8X", flags),
    part("VP8 ", Buffer.from("pixels!")),
    part("EXIF", Buffer.from(place)),
    part("XMP ", Buffer.from(place)),
  ]);
  const head = Buffer.from("RIFF\0\0\0\0WEBP", "latin1");
  head.writeUInt32LE(body.length + 4, 4);
  return Buffer.concat([head, body]);
}

/** A ZIP file of unpacked parts. */
export function zip(parts: Readonly<Record<string, string>>): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(parts)) {
    const [label, data] = [Buffer.from(name), Buffer.from(text)];
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(20, 4);
    head.writeUInt32LE(crc(data), 14);
    head.writeUInt32LE(data.length, 18);
    head.writeUInt32LE(data.length, 22);
    head.writeUInt16LE(label.length, 26);
    local.push(head, label, data);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt32LE(data.length, 20);
    entry.writeUInt32LE(data.length, 24);
    entry.writeUInt16LE(label.length, 28);
    entry.writeUInt32LE(at, 42);
    central.push(entry, label);
    at += 30 + label.length + data.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(parts).length, 8);
  end.writeUInt16LE(Object.keys(parts).length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...local, directory, end]);
}

/** The smallest text documents of both families. */
export const docx = () => zip({ "[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document/>" });
export const odt = () =>
  zip({ mimetype: "application/vnd.oasis.opendocument.text", "content.xml": "<office:document-content/>" });
