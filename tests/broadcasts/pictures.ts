/** A JPEG of 24 by 16 pixels, as a browser wrote it: red to blue, with a green corner at the left above and a colour profile. */
const written = [
  "/9j/4AAQSkZJRgABAQAAAQABAAD/4gHYSUNDX1BST0ZJTEUAAQEAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAA",
  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  "AAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAA",
  "ABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1",
  "AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAP",
  "KnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADb/",
  "2wBDAAYEBQYFBAYGBQYHBwYIChAKCgkJChQODwwQFxQYGBcUFhYaHSUfGhsjHBYWICwgIyYnKSopGR8tMC0oMCUoKSj/2wBDAQcHBwoIChMKCh",
  "MoGhYaKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCj/wAARCAAQABgDASIAAhEBAxEB/8QAFwAAAwEA",
  "AAAAAAAAAAAAAAAAAAMEB//EABwQAAMAAQUAAAAAAAAAAAAAAAACAwUGFDGS4f/EABcBAAMBAAAAAAAAAAAAAAAAAAQFBgf/xAAkEQABAgUCBw",
  "AAAAAAAAAAAAARAQQAAgMGIwUhEiIyQVFh8f/aAAwDAQACEQMRAD8AmbWuKXncdPTKLONs5DZw22rfpNJlmpnmBPr7FSwt/T7ZSqjDiyAlT0kd",
  "k8rCrOBLZwNaZ6djTaEjp/kXeP/Z",
].join("");

/** The file. */
export function jpeg(): Buffer {
  return Buffer.from(written, "base64");
}

/** The file as a camera writes it: with how it was held and where, by whom. */
export function withExif(note: string, turn: number): Buffer {
  const file = jpeg();
  const tiff = Buffer.alloc(64 + note.length);
  tiff.write("MM\0\x2a", 0, "latin1");
  tiff.writeUInt32BE(8, 4);
  tiff.writeUInt16BE(2, 8);
  // Orientation: one short.
  tiff.writeUInt16BE(0x0112, 10);
  tiff.writeUInt16BE(3, 12);
  tiff.writeUInt32BE(1, 14);
  tiff.writeUInt16BE(turn, 18);
  // Artist: text.
  tiff.writeUInt16BE(0x013b, 22);
  tiff.writeUInt16BE(2, 24);
  tiff.writeUInt32BE(note.length, 26);
  tiff.writeUInt32BE(64, 30);
  tiff.write(note, 64, "latin1");
  const body = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([file.subarray(0, 2), head, body, file.subarray(2)]);
}

/** The checksum of PNG chunks. https://www.w3.org/TR/png-3/#D-CRCAppendix */
export function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
