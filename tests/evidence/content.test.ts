import { expect, test } from "vitest";
import { cleanFile, mostFileBytes } from "../../src/evidence/content.ts";
import { cleanPicture } from "../../src/images/upload.ts";
import { docx, jpegWithNotes, odt, pixel, place, pngWithNotes, webpWithNotes, zip } from "./files.ts";
import { pdf } from "./world.ts";

const nobody = () => false;
const word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

test.each([
  ["a PDF", pdf(), "application/pdf"],
  ["a JPEG", pixel, "image/jpeg"],
  ["a PNG", pngWithNotes(), "image/png"],
  ["a WebP", webpWithNotes(), "image/webp"],
  ["a text", Buffer.from("Jeg lyttede, og så spurgte jeg.\r\n"), "text/plain"],
  ["a DOCX", docx(), word],
  ["an ODT", odt(), "application/vnd.oasis.opendocument.text"],
])("%s is known by its bytes", (_name, bytes, mime) => {
  expect(cleanFile(bytes, nobody)).toMatchObject({ mime });
});

test.each([
  ["nothing", Buffer.alloc(0), "empty"],
  ["a program", Buffer.from("\x7fELF\x02\x01\x01\0\0\0", "latin1"), "type"],
  ["a program for another system", Buffer.from("MZ\x90\0\x03\0\0\0", "latin1"), "type"],
  ["text of another encoding", Buffer.from("caf\xe9", "latin1"), "type"],
  ["any archive", zip({ "a.exe": "MZ" }), "type"],
  ["a table", zip({ "[Content_Types].xml": "", "xl/workbook.xml": "" }), "type"],
  [
    "a document with programs",
    zip({ "[Content_Types].xml": "", "word/document.xml": "", "word/vbaProject.bin": "" }),
    "macros",
  ],
  ["an archive that is cut", docx().subarray(0, 80), "type"],
  ["a JPEG that is cut", pixel.subarray(0, pixel.length - 20), "damaged"],
  ["a PNG that is cut", pngWithNotes().subarray(0, 40), "damaged"],
  ["more than 10 MB", Buffer.concat([pdf(), Buffer.alloc(mostFileBytes)]), "large"],
])("%s is not taken", (_name, bytes, fault) => {
  expect(cleanFile(bytes, nobody)).toBe(fault);
});

test("a text that names somebody is not taken", () => {
  expect(cleanFile(Buffer.from("about somebody"), () => true)).toBe("names");
});

test.each([
  ["JPEG", jpegWithNotes()],
  ["PNG", pngWithNotes()],
  ["WebP", webpWithNotes()],
])("a %s says no longer where it was taken", (_name, bytes) => {
  expect(bytes.toString("latin1")).toContain(place);
  const clean = cleanFile(bytes, nobody);
  if (typeof clean === "string") throw new Error(clean);
  expect(Buffer.from(clean.bytes).toString("latin1")).not.toContain("GPS");
  expect(Buffer.from(clean.bytes).toString("latin1")).not.toContain("film");
});

test("a JPEG stays a picture, the way up that its camera noted", async () => {
  const clean = cleanFile(jpegWithNotes(6), nobody);
  if (typeof clean === "string") throw new Error(clean);
  const bytes = Buffer.from(clean.bytes);
  expect(bytes.toString("latin1", 6, 12)).toBe("Exif\0\0");
  expect(bytes.readUInt16BE(30)).toBe(6);
  expect(await cleanPicture(bytes)).toMatchObject({ width: 1, height: 1 });
  const upright = cleanFile(pixel, nobody);
  expect(typeof upright === "string" ? upright : Buffer.from(upright.bytes).equals(pixel)).toBe(true);
});

test("a WebP says no longer that notes follow, and how long it is", () => {
  const clean = cleanFile(webpWithNotes(), nobody);
  if (typeof clean === "string") throw new Error(clean);
  const bytes = Buffer.from(clean.bytes);
  expect(bytes[20]).toBe(0);
  expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8);
});

test("a PNG can still be drawn", async () => {
  const clean = cleanFile(pngWithNotes(), nobody);
  expect(typeof clean === "string" ? clean : await cleanPicture(clean.bytes)).toMatchObject({ width: 1 });
});
