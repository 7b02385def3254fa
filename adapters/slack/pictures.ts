import { createHash } from "node:crypto";
import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import type { Images, Keep, Log } from "../../src/engine/adapter.ts";
import type { ImageRef } from "../../src/engine/types.ts";
import { platformCode, toDeliveryError } from "./errors.ts";
import type { Picture } from "./render.ts";

export interface Pictures {
  /**
   * Where Slack finds a picture: our own address, or a file uploaded into the workspace. Undefined when it could not be
   * drawn or uploaded; the message then goes with its description. Throws a DeliveryError only when Slack throttles.
   */
  find(client: WebClient, team: string, image: ImageRef | undefined): Promise<Picture>;
  /** Forgets an upload that Slack does not accept any more. */
  forget(team: string, image: ImageRef): Promise<void>;
}

/** Slack takes an uploaded file in after it answered: https://github.com/slackapi/node-slack-sdk/issues/1865 */
const READY = { tries: 10, everyMs: 300 } as const;

/** See `Pictures`. `wait` is given so that tests need no time. */
export function createPictures(images: Images, keep: Keep, log: Log, wait = sleep): Pictures {
  return {
    async find(client, team, image) {
      if (!image) return undefined;
      try {
        const url = await images.url(image);
        if (url !== undefined) return { image_url: url };
        const key = keyOf(team, image);
        const kept = await keep.get(key);
        if (typeof kept === "string") return { slack_file: { id: kept } };
        const id = await upload(client, await images.png(image));
        await untilReady(client, id, wait);
        await keep.set(key, id);
        return { slack_file: { id } };
      } catch (error) {
        const failure = toDeliveryError(error, true);
        if (failure.failure === "throttled") throw failure;
        log.warn({ team, code: failure.code }, "picture left out");
        return undefined;
      }
    },
    async forget(team, image) {
      await keep.delete(keyOf(team, image));
    },
  };
}

const uploadShape = z.object({
  files: z.array(z.object({ files: z.array(z.object({ id: z.string() })).min(1) })).min(1),
});

async function upload(client: WebClient, png: Uint8Array): Promise<string> {
  const answer = await client.filesUploadV2({ file: Buffer.from(png), filename: "picture.png" });
  const [first] = uploadShape.parse(answer).files;
  const id = first?.files[0]?.id;
  if (id === undefined) throw new Error("Slack named no file after an upload.");
  return id;
}

const infoShape = z.object({ file: z.object({ mimetype: z.string().nullish() }) });

async function untilReady(client: WebClient, file: string, wait: (ms: number) => Promise<void>): Promise<void> {
  for (let tried = 0; tried < READY.tries; tried += 1) {
    try {
      const info = infoShape.parse(await client.files.info({ file }));
      if (info.file.mimetype) return;
    } catch (error) {
      // Without the scope to look, the message itself will tell.
      if (platformCode(error) === "missing_scope") return;
      if (platformCode(error) !== "file_not_found") throw error;
    }
    await wait(READY.everyMs);
  }
  throw new Error("Slack did not make an uploaded picture ready in time.");
}

function keyOf(team: string, image: ImageRef): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([image.kind, image.data]))
    .digest("hex");
  return `file:${team}:${hash.slice(0, 32)}`;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
