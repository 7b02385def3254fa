import { once } from "node:events";
import type { Request, Response } from "express";
import { type AdapterDeps, chatOf, type StreamedRow } from "../../src/engine/adapter.ts";
import { limits } from "./limits.ts";
import { webAddress } from "./parse.ts";
import { renderPart, type WebPart } from "./render.ts";

/** One message row as the page gets it. `at` is epoch milliseconds. */
export type WebRow = {
  readonly seq: number;
  readonly kind: StreamedRow["kind"];
  readonly at: number;
  readonly parts: readonly WebPart[];
};

export interface Streams {
  /** Keeps one request open as server-sent events and writes every row of the person's chat after `after`. */
  open(user: string, after: number | undefined, req: Request, res: Response): void;
  /** The rows after `after` at once, for browsers and networks that let no stream through. */
  rows(user: string, after: number | undefined): Promise<readonly WebRow[]>;
  /** Ends every stream. Pages come back by themselves, to this or another instance. */
  close(): void;
}

export function createStreams(deps: Pick<AdapterDeps, "stream" | "images" | "log">, heartbeatMs: number): Streams {
  const open = new Map<string, Set<() => void>>();

  async function rows(user: string, after: number | undefined): Promise<readonly WebRow[]> {
    const found = await deps.stream.read(chatOf(webAddress(user)), after, limits.history);
    return Promise.all(found.map((row) => showRow(row, deps)));
  }

  return {
    rows,
    open(user, from, req, res) {
      const end = new AbortController();
      let after = from;
      let reading = false;
      let missed = false;
      let greeted = false;

      const write = async (text: string): Promise<void> => {
        if (!res.write(text)) await once(res, "drain", { signal: end.signal });
      };
      const pump = async (): Promise<void> => {
        if (reading) {
          missed = true;
          return;
        }
        reading = true;
        try {
          do {
            missed = false;
            const found = await rows(user, after);
            for (const row of found) {
              if (end.signal.aborted) return;
              await write(`id: ${row.seq}\ndata: ${JSON.stringify(row)}\n\n`);
            }
            // The newest rows of an opened page are all it gets; a page that was away gets everything it missed.
            if (after !== undefined && found.length === limits.history) missed = true;
            after = found.at(-1)?.seq ?? after ?? 0;
          } while (missed && !end.signal.aborted);
          if (!greeted) await write("event: ready\ndata: 1\n\n");
          greeted = true;
        } catch (error) {
          if (end.signal.aborted) return;
          // The store does not answer: the page keeps what it has and comes back.
          deps.log.warn({ channel: "web", error: error instanceof Error ? error.name : "unknown" }, "stream ended");
          stop();
        } finally {
          reading = false;
        }
      };
      const stop = (): void => {
        if (end.signal.aborted) return;
        end.abort();
        clearInterval(beat);
        unsubscribe();
        const mine = open.get(user);
        mine?.delete(stop);
        if (mine?.size === 0) open.delete(user);
        res.end();
      };

      res.set({
        "Content-Type": "text/event-stream; charset=utf-8",
        "Cache-Control": "no-store, no-transform",
        // Proxies of the nginx family hold answers back unless told: https://nginx.org/en/docs/http/ngx_http_proxy_module.html
        "X-Accel-Buffering": "no",
      });
      res.flushHeaders();
      res.write("retry: 1500\n\n");
      const unsubscribe = deps.stream.subscribe(chatOf(webAddress(user)), () => void pump());
      const beat = setInterval(() => {
        if (!end.signal.aborted) res.write("event: beat\ndata: 1\n\n");
        // Reading here as well means that a lost wake-up delays a message and never swallows it.
        void pump();
      }, heartbeatMs);
      beat.unref();
      req.on("close", stop);
      res.on("error", stop);
      remember(open, user, stop);
      void pump();
    },
    close() {
      for (const stops of [...open.values()]) for (const stop of [...stops]) stop();
    },
  };
}

function remember(open: Map<string, Set<() => void>>, user: string, stop: () => void): void {
  const mine = open.get(user) ?? new Set();
  open.set(user, mine.add(stop));
  const [oldest] = mine;
  if (mine.size > limits.streamsPerPerson) oldest?.();
}

async function showRow(row: StreamedRow, deps: Pick<AdapterDeps, "images" | "log">): Promise<WebRow> {
  const parts = await Promise.all(row.parts.map(async (part) => renderPart(part, await srcOf(part.reply.image, deps))));
  return { seq: row.seq, kind: row.kind, at: row.createdAt, parts };
}

async function srcOf(
  image: StreamedRow["parts"][number]["reply"]["image"],
  deps: Pick<AdapterDeps, "images" | "log">,
): Promise<string | undefined> {
  if (!image) return undefined;
  try {
    return (await deps.images.path?.(image)) ?? (await deps.images.url(image));
  } catch (error) {
    // The message is worth more than its picture: the page prints the alternative text.
    deps.log.warn(
      { channel: "web", kind: image.kind, error: error instanceof Error ? error.name : "unknown" },
      "no picture",
    );
    return undefined;
  }
}
