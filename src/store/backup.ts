import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { archive, type Entry } from "./backup/archive.ts";
import { type Dump, openDump } from "./backup/dump.ts";
import { seal } from "./backup/sealed.ts";
import type { Manifest } from "./backup/tables.ts";

export interface BackupOptions {
  /** The database, as in `openStore`. A server may be running. */
  readonly url: string;
  readonly secret: string;
  /** The file to write; it appears whole or not at all. */
  readonly to: string;
  /** The folder of uploaded files, where there is one. */
  readonly filesDir?: string | undefined;
  /** The file with the product's own secret, where it made one. */
  readonly keyFile?: string | undefined;
  readonly now: () => number;
}

/**
 * Writes database, files and keys into one encrypted file: a packed tar archive in the form of `seal`. The database is in it as one
 * consistent view, row by row, so that it can be restored into either kind of database. Returns rows per table.
 */
export async function backup(options: BackupOptions): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  const dump = await openDump(options.url);
  const part = `${options.to}.part`;
  try {
    await mkdir(dirname(options.to), { recursive: true });
    const entries = entriesOf(dump, options, counts);
    await pipeline(
      Readable.from(archive(entries, options.now()), { objectMode: false }),
      createGzip({ level: 3 }),
      (packed: AsyncIterable<Uint8Array>) => seal(packed, options.secret),
      createWriteStream(part, { mode: 0o600 }),
    );
    await flush(part);
    await rename(part, options.to);
    return counts;
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  } finally {
    await dump.close();
  }
}

async function* entriesOf(dump: Dump, options: BackupOptions, counts: Record<string, number>): AsyncGenerator<Entry> {
  const { kind, migrations, tables } = dump;
  const first: Manifest = { format: 1, at: options.now(), kind, migrations: [...migrations], tables: [...tables] };
  yield whole("manifest.json", JSON.stringify(first));
  for (const table of tables) {
    let piece = 0;
    counts[table.name] = 0;
    for await (const rows of dump.rows(table)) {
      piece += 1;
      counts[table.name] = (counts[table.name] ?? 0) + rows.length;
      const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
      yield whole(`database/${table.name}/${String(piece).padStart(6, "0")}.jsonl`, lines);
    }
  }
  if (options.keyFile !== undefined) yield* file("key", options.keyFile);
  if (options.filesDir !== undefined) yield* folder(options.filesDir);
  yield whole("end.json", JSON.stringify(counts));
}

function whole(path: string, text: string): Entry {
  const bytes = Buffer.from(text);
  return { path, size: bytes.length, content: [bytes] };
}

async function* file(path: string, from: string): AsyncGenerator<Entry> {
  const found = await stat(from).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (found?.isFile() === true) yield { path, size: found.size, content: createReadStream(from) };
}

async function* folder(root: string): AsyncGenerator<Entry> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    },
  );
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    yield* file(`files/${relative(root, path).split(sep).join("/")}`, path);
  }
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
