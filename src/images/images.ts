import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RequestHandler } from "express";
import { z } from "zod";
import type { Images, Keep, Log } from "../engine/adapter.ts";
import type { ImageRef, Json } from "../engine/types.ts";
import { drawProgress, progressData } from "./progress.ts";
import { drawRadar, radarData } from "./radar.ts";
import { toPng } from "./raster.ts";

export interface ImagesParts {
  /** Where finished pictures are kept; made when the first one is. Losing it costs time, nothing else. */
  readonly dir: string;
  readonly sign: (purpose: string, text: string) => string;
  readonly publicUrl: string | undefined;
  readonly log: Log;
  /** What each address shows, in the store: a picture that is not on this disk is drawn again. */
  readonly refs: Pick<Keep, "get" | "set">;
  /** The bytes of a picture that an organisation gave, by its id; undefined where it is gone. */
  readonly given: (id: string) => Promise<Uint8Array | undefined>;
}

/** Pictures, their addresses, and the route that hands them out. */
export interface ImageServer extends Images {
  path(image: ImageRef): Promise<string>;
  /** For `GET /i/:file`. */
  readonly route: RequestHandler<{ file: string }>;
}

/**
 * Draws pictures when they are asked for. An address is a signature over what the picture shows, so nobody can guess one;
 * nothing in a picture names a person, so equal pictures share one file and there are only as many as there are states.
 */
export function createImages(parts: ImagesParts): ImageServer {
  const { dir, sign, publicUrl, log, refs, given } = parts;
  const drawing = new Map<string, Promise<Uint8Array>>();
  /** Ids whose reference is in the store already. */
  const noted = new Set<string>();

  function idOf(image: Ref): string {
    return sign("image", `${version} ${image.kind} ${canonical(image.data)}`);
  }

  async function made(id: string, image: Ref): Promise<Uint8Array> {
    const underWay = drawing.get(id);
    if (underWay) return underWay;
    const work = (async () => (await fromDisk(dir, id)) ?? keep(dir, id, await draw(image, given), log))();
    drawing.set(id, work);
    try {
      return await work;
    } finally {
      drawing.delete(id);
    }
  }

  async function path(image: ImageRef): Promise<string> {
    const id = idOf(image);
    await made(id, image);
    if (!noted.has(id)) {
      await refs.set(id, { kind: image.kind, data: image.data });
      if (noted.size > 10_000) noted.clear();
      noted.add(id);
    }
    return `/i/${id}.png`;
  }

  return {
    path,
    png: (image) => made(idOf(image), image),
    url: async (image) => (publicUrl === undefined ? undefined : `${publicUrl}${await path(image)}`),
    async route(req, res) {
      const id = /^([\w-]{20,100})\.png$/.exec(req.params.file)?.[1];
      const bytes = id === undefined ? undefined : ((await fromDisk(dir, id)) ?? (await again(id)));
      if (!bytes) {
        res.status(404).type("text").send("There is no such picture.");
        return;
      }
      res.set({
        "Content-Type": "image/png",
        "Cache-Control": "public, max-age=31536000, immutable",
        // Chat programs show it inside pages of their own.
        "Cross-Origin-Resource-Policy": "cross-origin",
      });
      res.send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    },
  };

  async function again(id: string): Promise<Uint8Array | undefined> {
    const ref = refSchema.safeParse(await refs.get(id));
    if (!ref.success) return undefined;
    const found = ref.data as Ref;
    // A picture that an organisation gave may be gone; one that cannot be drawn is a fault.
    return found.kind === "given" ? made(id, found).catch(() => undefined) : made(id, found);
  }
}

/** Raise it when a drawing changes: new pictures get new addresses, old addresses keep what they showed. */
const version = 1;

type Ref = Pick<ImageRef, "kind" | "data">;
const refSchema = z.object({ kind: z.string(), data: z.json() });

const kinds: Readonly<Record<string, (data: Json) => Promise<string>>> = {
  progress: (data) => drawProgress(progressData.parse(data)),
  radar: async (data) => drawRadar(radarData.parse(data)),
};

/** What an organisation gave is kept as PNG already; everything else is drawn from its data. */
const givenData = z.object({ id: z.string().regex(/^[0-9a-f]{64}$/u) });

async function draw(image: Ref, given: ImagesParts["given"]): Promise<Uint8Array> {
  if (image.kind === "given") {
    const bytes = await given(givenData.parse(image.data).id);
    if (bytes === undefined) throw new Error("this picture is not there any more");
    return bytes;
  }
  const svg = kinds[image.kind];
  if (!svg) throw new Error(`no picture of kind "${image.kind}"; there are: given, ${Object.keys(kinds).join(", ")}`);
  return toPng(await svg(image.data));
}

async function fromDisk(dir: string, id: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(join(dir, `${id}.png`));
  } catch {
    return undefined;
  }
}

/** Written beside and moved, so that nobody reads half a picture. A full disk costs the copy, not the picture. */
async function keep(dir: string, id: string, bytes: Uint8Array, log: Log): Promise<Uint8Array> {
  try {
    await mkdir(dir, { recursive: true });
    const temporary = join(dir, `${id}.${process.pid}.tmp`);
    await writeFile(temporary, bytes);
    await rename(temporary, join(dir, `${id}.png`));
  } catch (error) {
    log.warn({ code: (error as NodeJS.ErrnoException).code ?? "unknown" }, "a picture could not be kept on disk");
  }
  return bytes;
}

/** The same data in any order of its keys is the same text: databases reorder them. */
function canonical(value: Json): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
