import { createHash } from "node:crypto";
import { InputFile } from "grammy";
import type { AdapterDeps } from "../../src/engine/adapter.ts";
import type { ImageRef } from "../../src/engine/types.ts";
import type { Bot } from "./bot.ts";
import { NOT_THERE, refusedWith, UNCHANGED } from "./errors.ts";
import type { Part } from "./render.ts";

type Photo = Extract<Part, { type: "photo" }>;
type Sizes = readonly { readonly file_id: string }[] | undefined;

/** A file id of another bot or of a file that is gone. It has never been seen by the person. */
const STALE = /wrong (remote )?file[ _]id|wrong file identifier|FILE_REFERENCE|FILE_ID_INVALID|MEDIA_EMPTY/iu;
/** Telegram does not take this picture, whoever sends it. */
const UNFIT = /PHOTO_|IMAGE_PROCESS_FAILED|photo (has|dimensions|must)/iu;

/** Sends pictures: uploaded once per bot, afterwards by Telegram's own file id. */
export function createPictures(bot: Bot, { keep, images, log }: Pick<AdapterDeps, "keep" | "images" | "log">) {
  /** Runs `use` with the known file id, else with the bytes; undefined where there is no picture to be had. */
  async function withPicture<T>(
    image: ImageRef,
    use: (media: string | InputFile) => Promise<T>,
    sizes: (done: T) => Sizes,
  ) {
    const key = fileKey(bot.id, image);
    const known = await keep.get(key).catch(() => undefined);
    if (typeof known === "string") {
      try {
        return await use(known);
      } catch (error) {
        if (!refusedWith(error, STALE)) throw error;
        await keep.delete(key).catch(() => undefined);
      }
    }
    const bytes = await images.png(image).catch((error: unknown) => {
      log.error(
        { bot: bot.id, image: image.kind, fault: error instanceof Error ? error.name : "fault" },
        "a picture could not be drawn; its text is sent instead",
      );
      return undefined;
    });
    if (bytes === undefined) return undefined;
    try {
      const done = await use(new InputFile(bytes, "picture.png"));
      const id = sizes(done)?.at(-1)?.file_id;
      // Without the id the next one is uploaded again: slower, nothing more.
      if (id !== undefined) await keep.set(key, id).catch(() => undefined);
      return done;
    } catch (error) {
      if (!refusedWith(error, UNFIT)) throw error;
      log.error({ bot: bot.id, image: image.kind }, "Telegram refused a picture; its text is sent instead");
      return undefined;
    }
  }

  return {
    /** The number of the new message, or undefined where the picture cannot be sent. */
    async send(chat: number, { image, payload }: Photo): Promise<number | undefined> {
      const sent = await withPicture(
        image,
        (photo) => bot.api.sendPhoto({ chat_id: chat, photo, ...payload }),
        (message) => message.photo,
      );
      return sent?.message_id;
    },

    /** Puts another picture and text into a message; false where it cannot be done and both should be sent anew. */
    async replace(chat: number, id: number, { image, payload }: Photo): Promise<boolean> {
      const { reply_markup = { inline_keyboard: [] }, caption, parse_mode } = payload;
      const change = (media: string | InputFile) =>
        bot.api.editMessageMedia({
          chat_id: chat,
          message_id: id,
          media: { type: "photo", media, caption, parse_mode },
          reply_markup,
        });
      try {
        const done = await withPicture(image, change, (result) =>
          typeof result === "object" ? result.photo : undefined,
        );
        return done !== undefined;
      } catch (error) {
        if (refusedWith(error, UNCHANGED)) return true;
        if (refusedWith(error, NOT_THERE)) return false;
        throw error;
      }
    },
  };
}

/** The same picture has the same key, whatever is said about it. */
function fileKey(bot: string, { kind, data }: ImageRef): string {
  return `photo:${bot}:${createHash("sha256")
    .update(JSON.stringify([kind, data]))
    .digest("base64url")}`;
}
