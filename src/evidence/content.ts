import { cleanJpeg, cleanPng, cleanWebp } from "./strip.ts";
import { zipNames } from "./zip.ts";

/** The most bytes of one file. */
export const mostFileBytes = 10 * 1024 * 1024;

/** What is taken, with the ending that a file gets when it is handed out. */
export const fileTypes = {
  "application/pdf": "pdf",
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/webp": "webp",
  "text/plain": "txt",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
  "application/vnd.oasis.opendocument.text": "odt",
} as const;
export type FileType = keyof typeof fileTypes;

/** The ending of a kept file's name. */
export function fileEnding(mime: string): string {
  return Object.entries(fileTypes).find(([type]) => type === mime)?.[1] ?? "bin";
}

/** A file that may be kept. Of a picture only what is needed to show it is left. */
export interface CleanFile {
  readonly mime: FileType;
  readonly bytes: Uint8Array;
}

/** Why a file is not taken; the kinds are keys of words. */
export type FileFault = "empty" | "large" | "type" | "damaged" | "macros" | "names";

/**
 * Tells what a file is by its bytes, never by its name, and takes out of a picture what says where, when and with what it was made.
 * `mentions` says whether a plain text names people or tells a case.
 */
export function cleanFile(file: Uint8Array, mentions: (text: string) => boolean): CleanFile | FileFault {
  if (file.length === 0) return "empty";
  if (file.length > mostFileBytes) return "large";
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const begins = bytes.toString("latin1", 0, 12);
  if (begins.startsWith("%PDF-")) return { mime: "application/pdf", bytes };
  if (begins.startsWith("\xff\xd8\xff")) return picture("image/jpeg", cleanJpeg(bytes));
  if (begins.startsWith("\x89PNG\r\n\x1a\n")) return picture("image/png", cleanPng(bytes));
  if (begins.startsWith("RIFF") && begins.endsWith("WEBP")) return picture("image/webp", cleanWebp(bytes));
  if (begins.startsWith("PK")) return writing(bytes);
  const text = textOf(bytes);
  if (text === undefined) return "type";
  return mentions(text) ? "names" : { mime: "text/plain", bytes };
}

function picture(mime: FileType, bytes: Uint8Array | undefined): CleanFile | FileFault {
  return bytes === undefined ? "damaged" : { mime, bytes };
}

/** A text document is a ZIP file with certain parts; one that carries programs is none of them. */
function writing(bytes: Buffer): CleanFile | FileFault {
  const names = zipNames(bytes);
  if (names === undefined) return "type";
  if (names.some((name) => /vbaProject|(?:^|\/)(?:Basic|Scripts)\//u.test(name))) return "macros";
  if (names.includes("[Content_Types].xml") && names.includes("word/document.xml")) {
    return { mime: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", bytes };
  }
  const odt = "application/vnd.oasis.opendocument.text";
  // The type stands first and is not packed, so that it can be read without unpacking (ODF 1.3, part 2, 3.3).
  if (names[0] === "mimetype" && bytes.toString("latin1", 38, 38 + odt.length + 2) === `${odt}PK`) {
    return { mime: odt, bytes };
  }
  return "type";
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Plain text in UTF-8; undefined for everything else, such as a program. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = utf8.decode(bytes);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what no text has
    return /[\u0000-\u0008\u000e-\u001f\u007f]/u.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}
