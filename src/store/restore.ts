import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { readArchive } from "./backup/archive.ts";
import type { Target } from "./backup/load.ts";
import { unseal } from "./backup/sealed.ts";
import { type Manifest, manifest, type Plain } from "./backup/tables.ts";

export interface RestoreOptions {
  /** The database to put it into, of either kind. No server may have it open. */
  readonly url: string;
  readonly secret: string;
  readonly previousSecret?: string | undefined;
  /** The file that `backup` wrote. */
  readonly from: string;
  readonly filesDir?: string | undefined;
  readonly keyFile?: string | undefined;
  /** Where a SQLite file that is replaced is kept. */
  readonly backupDir?: string | undefined;
  /** May a database with people in it be replaced? */
  readonly replace?: boolean | undefined;
  readonly now: () => number;
}

/**
 * Puts a backup back. Everything or nothing: a file that is cut, changed or of another secret leaves the database as it was. Afterwards
 * the database is held: nothing is sent and no timer fires until it is released. Returns rows per table.
 */
export async function restore(options: RestoreOptions): Promise<Readonly<Record<string, number>>> {
  // Once through the whole file first: whether it is genuine to its end is known before anything is touched.
  for await (const _ of plain(options));
  const state: State = { counts: {}, files: [] };
  try {
    await readArchive(plain(options), (path, content) => take(path, content, state, options));
    if (state.target === undefined || state.ended !== true) throw new Error("the backup has no database in it");
    await state.target.finish();
  } catch (error) {
    await state.target?.abandon();
    for (const { part } of state.files) await rm(part, { force: true });
    throw error;
  }
  for (const { part, path } of state.files) await rename(part, path);
  return state.counts;
}

interface State {
  manifest?: Manifest;
  target?: Target;
  ended?: boolean;
  readonly counts: Record<string, number>;
  /** Written beside their places, and moved there at the end. */
  readonly files: { readonly part: string; readonly path: string }[];
}

function plain({ from, secret, previousSecret }: RestoreOptions): AsyncIterable<Uint8Array> {
  const secrets = previousSecret === undefined ? [secret] : [secret, previousSecret];
  const unsealed = Readable.from(unseal(createReadStream(from), secrets), { objectMode: false });
  const unpacked = createGunzip();
  pipeline(unsealed, unpacked).catch((error) => unpacked.destroy(error));
  return unpacked;
}

async function take(
  path: string,
  content: AsyncIterable<Uint8Array>,
  state: State,
  options: RestoreOptions,
): Promise<void> {
  if (path === "manifest.json") {
    state.manifest = manifest.parse(JSON.parse(await textOf(content)));
    for (const table of state.manifest.tables) state.counts[table.name] = 0;
    state.target = await openTarget(options, state.manifest);
  } else if (path.startsWith("database/")) await takeRows(path.split("/")[1] ?? "", await textOf(content), state);
  else if (path === "end.json") {
    const expected = JSON.stringify(JSON.parse(await textOf(content)));
    if (expected !== JSON.stringify(state.counts)) throw new Error("the backup lacks rows that it says it has");
    state.ended = true;
  } else if (path === "key" && options.keyFile !== undefined) await takeFile(options.keyFile, content, state);
  else if (path.startsWith("files/") && options.filesDir !== undefined) {
    const inside = normalize(path.slice("files/".length));
    if (inside.startsWith("..") || inside.startsWith("/"))
      throw new Error(`the backup has a file outside its folder: ${path}`);
    await takeFile(join(options.filesDir, inside), content, state);
  } else for await (const _ of content);
}

async function openTarget(options: RestoreOptions, of: Manifest): Promise<Target> {
  const { url, backupDir, now } = options;
  const target = { url, backupDir, now, manifest: of, replace: options.replace === true };
  return url.startsWith("file:")
    ? (await import("./backup/load-sqlite.ts")).openSqliteTarget(target)
    : (await import("./backup/load-postgresql.ts")).openPostgresqlTarget(target);
}

async function takeRows(name: string, lines: string, state: State): Promise<void> {
  const table = state.manifest?.tables.find((candidate) => candidate.name === name);
  if (table === undefined || state.target === undefined)
    throw new Error(`the backup has rows of an unknown table ${name}`);
  const rows = lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as readonly Plain[]);
  await state.target.insert(table, rows);
  state.counts[name] = (state.counts[name] ?? 0) + rows.length;
}

async function takeFile(path: string, content: AsyncIterable<Uint8Array>, state: State): Promise<void> {
  const part = `${path}.restoring`;
  await mkdir(dirname(path), { recursive: true });
  state.files.push({ part, path });
  await pipeline(content, createWriteStream(part, { mode: 0o600 }));
}

async function textOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of content) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}
