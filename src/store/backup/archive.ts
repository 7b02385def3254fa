import { Header, Parser, Pax, type ReadEntry } from "tar";

/** One file of an archive; `size` must be exact. */
export interface Entry {
  readonly path: string;
  readonly size: number;
  readonly content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

const block = 512;

/** Writes a tar archive as a stream, with content that is made while it is written. */
export async function* archive(entries: AsyncIterable<Entry>, at: number): AsyncGenerator<Uint8Array> {
  for await (const { path, size, content } of entries) {
    yield headerOf(path, size, at);
    let written = 0;
    for await (const part of content) {
      const fits = part.subarray(0, size - written);
      written += fits.length;
      if (fits.length > 0) yield fits;
    }
    // A file that became shorter while it was read is filled up: the archive must stay readable.
    const fill = size - written + ((block - (size % block)) % block);
    if (fill > 0) yield Buffer.alloc(fill);
  }
  yield Buffer.alloc(2 * block);
}

/** Reads a tar archive: `take` gets each file's path and its content in parts; the next file waits until it resolves. */
export async function readArchive(
  content: AsyncIterable<Uint8Array>,
  take: (path: string, content: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<void> {
  let taking: Promise<void> = Promise.resolve();
  let failure: unknown;
  const parser = new Parser({
    strict: true,
    onReadEntry(entry: ReadEntry) {
      // Tar emits the next entry when this one has been read to its end, so they queue up by themselves.
      taking = taking
        .then(() => (failure === undefined ? take(entry.path, entry) : void entry.resume()))
        .catch((error) => {
          failure = error;
          entry.resume();
        });
    },
  });
  const ended = new Promise<void>((resolve, reject) => {
    parser.on("end", resolve);
    parser.on("error", reject);
  });
  ended.catch(() => undefined);
  for await (const part of content) {
    if (failure !== undefined) throw failure;
    if (!parser.write(Buffer.from(part))) {
      await Promise.race([new Promise((resolve) => parser.once("drain", resolve)), ended]);
    }
  }
  parser.end();
  await ended;
  await taking;
  if (failure !== undefined) throw failure;
}

function headerOf(path: string, size: number, at: number): Buffer {
  const data = { path, size, mode: 0o600, type: "File" as const, mtime: new Date(at) };
  const header = new Header(data);
  const encoded = Buffer.alloc(block);
  const long = header.encode(encoded);
  return long ? Buffer.concat([new Pax(data).encode(), encoded]) : encoded;
}
