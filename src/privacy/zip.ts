import { Zip, ZipDeflate, ZipPassThrough } from "fflate";

/** One file of an archive. */
export interface Entry {
  /** Its path in the archive. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Epoch milliseconds. */
  readonly at: number;
  /** It is packed already, as pictures and documents are. */
  readonly packed: boolean;
}

/** A ZIP file, piece by piece: of its entries one at a time is in memory. Throws what reading an entry throws. */
export async function* zipOf(entries: AsyncIterable<Entry>): AsyncGenerator<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let failure: Error | undefined;
  const zip = new Zip((error, piece) => {
    if (error === null) pieces.push(piece);
    else failure = error;
  });
  const made = function* (): Generator<Uint8Array> {
    if (failure !== undefined) throw failure;
    yield* pieces.splice(0);
  };
  for await (const { path, bytes, at, packed } of entries) {
    const file = packed ? new ZipPassThrough(path) : new ZipDeflate(path, { level: 6 });
    file.mtime = at;
    zip.add(file);
    file.push(bytes, true);
    yield* made();
  }
  zip.end();
  yield* made();
}
