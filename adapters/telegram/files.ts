import { z } from "zod";
import type { Input } from "../../src/engine/types.ts";
import { safeText } from "./safe-text.ts";

const file = z.object({
  file_id: z.string(),
  file_size: z.number().nonnegative().optional(),
  file_name: z.string().optional(),
  mime_type: z.string().optional(),
});

/** What a message may hold beside text. */
export const fileFields = {
  photo: z.array(file).optional(),
  document: file.optional(),
  voice: file.optional(),
  audio: file.optional(),
  video: file.optional(),
  video_note: file.optional(),
  animation: file.optional(),
  sticker: file.optional(),
  location: z.unknown().optional(),
  contact: z.unknown().optional(),
  poll: z.unknown().optional(),
  dice: z.unknown().optional(),
  story: z.unknown().optional(),
};
type Message = { readonly [Field in keyof typeof fileFields]?: z.infer<(typeof fileFields)[Field]> };

/** Which field means what. An animation comes with a document too, so the order matters. */
const FILES = [
  ["animation", "video/mp4"],
  ["document", "application/octet-stream"],
  ["voice", "audio/ogg"],
  ["audio", "audio/mpeg"],
  ["video", "video/mp4"],
  ["video_note", "video/mp4"],
  // A sticker is somebody's answer in pictures; silence would look like a fault, so it is declined like a file.
  ["sticker", "image/webp"],
] as const;
const OTHERS = [
  ["location", "application/geo+json"],
  ["contact", "text/vcard"],
  ["poll", "application/octet-stream"],
  ["dice", "application/octet-stream"],
  ["story", "application/octet-stream"],
] as const;

/** The announcement of a file, or undefined for a message without one. Nothing is fetched. */
export function announcedFile(message: Message): Input | undefined {
  const photo = message.photo?.at(-1);
  if (photo !== undefined) return announce(photo, "photo", "image/jpeg");
  for (const [field, mime] of FILES) {
    const found = message[field];
    if (found !== undefined) return announce(found, field, mime);
  }
  for (const [field, mime] of OTHERS) {
    if (message[field] !== undefined) return { type: "file", name: field, mime, bytes: 0, handle: null };
  }
  return undefined;
}

function announce(found: z.infer<typeof file>, field: string, mime: string): Input {
  return {
    type: "file",
    name: safeText(found.file_name ?? field, 200),
    mime: safeText(found.mime_type ?? mime, 100),
    bytes: found.file_size ?? 0,
    handle: { file: found.file_id },
  };
}
