import { unbake, unbakeSvg, unpacked } from "./bake.ts";

/** The most bytes of a file that is looked at. */
export const mostFileBytes = 2_000_000;

/**
 * The text of the credential in a file, told by its bytes and not by its name: JSON, a baked PNG or SVG, or a PDF with the credential
 * attached. Undefined where there is none, or more than one, or the file is too large.
 */
export function credentialIn(file: Uint8Array): string | undefined {
  if (file.length > mostFileBytes) return undefined;
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes[0] === 0x89) return unbake(bytes);
  if (bytes.toString("latin1", 0, 5) === "%PDF-") return attached(bytes);
  const text = bytes
    .toString("utf8")
    .replace(/^\ufeff/u, "")
    .trim();
  if (text.startsWith("{")) return text;
  return text.startsWith("<") ? unbakeSvg(text) : undefined;
}

/** Attachments that are looked at in one file. */
const mostAttachments = 20;

/** The one attachment of a PDF that is a credential. Files are whole objects in it, packed or not; ISO 32000-1, 7.11.4. */
function attached(pdf: Buffer): string | undefined {
  const text = pdf.toString("latin1");
  const found: string[] = [];
  const heads = /\/Type\s*\/EmbeddedFile\b/gu;
  for (let looked = 0; looked < mostAttachments; looked += 1) {
    const head = heads.exec(text);
    if (head === null) break;
    const begin = text.indexOf("stream", head.index);
    const dictionary = text.slice(text.lastIndexOf(" obj", head.index), begin);
    const length = /\/Length (\d+)\b(?! \d+ R)/u.exec(dictionary)?.[1];
    const from = begin + (text.startsWith("stream\r\n", begin) ? 8 : 7);
    const to = length === undefined ? text.indexOf("endstream", from) : from + Number(length);
    if (begin < 0 || to < from || to > pdf.length) continue;
    const stream = pdf.subarray(from, to);
    const content = dictionary.includes("/FlateDecode") ? unpacked(stream) : stream;
    const read = content?.toString("utf8");
    if (read?.includes('"proof"')) found.push(read);
  }
  return found.length === 1 ? found[0] : undefined;
}
