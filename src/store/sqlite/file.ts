import { mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import Sqlite from "better-sqlite3";

/** A connection of better-sqlite3. */
export type Connection = Sqlite.Database;

/**
 * How long a statement waits for another process that writes to the same file, milliseconds. Commands beside a running
 * server write in pieces below 50 ms, so this is long.
 */
const busyMs = 3_000;

/**
 * The log is copied into the file when it has so many pages of 4 KiB. The default of 1,000 is three batches of 64 turns: with eight times
 * as many, pages that change in each batch are copied once, which made writes a third faster.
 */
export const checkpointPages = 8_000;

/**
 * The same for the connection of transactions beside the hot path. They write new rows in bulk, of which nothing is saved by waiting,
 * and copying 8,000 pages at once would hold the process up for 60 ms.
 */
export const bulkCheckpointPages = 500;

/** The path inside `file:…`, made absolute. */
export function sqlitePath(url: string): string {
  const path = url.replace(/^file:(\/\/)?/, "").replace(/\?.*$/, "");
  if (path === "" || path === ":memory:") {
    throw new Error(`DATABASE_URL ${url} names no file; write for example file:./data/fadder.db`);
  }
  return resolve(path);
}

/** Opens the file, with its folder, in the one way every connection of ours must have. */
export function connect(path: string, checkpoint = checkpointPages): Connection {
  makeFolder(path);
  const connection = new Sqlite(path, { timeout: busyMs });
  connection.pragma("journal_mode = WAL");
  connection.pragma("synchronous = FULL");
  connection.pragma("foreign_keys = ON");
  connection.pragma("cache_size = -32000");
  connection.pragma(`wal_autocheckpoint = ${checkpoint}`);
  connection.pragma("temp_store = MEMORY");
  assertPragmas(connection);
  return connection;
}

/** What an acknowledged write rests on. */
function assertPragmas(connection: Connection): void {
  const found = {
    journal_mode: connection.pragma("journal_mode", { simple: true }),
    synchronous: connection.pragma("synchronous", { simple: true }),
    foreign_keys: connection.pragma("foreign_keys", { simple: true }),
  };
  if (found.journal_mode !== "wal" || found.synchronous !== 2 || found.foreign_keys !== 1) {
    throw new Error(
      `SQLite refuses the settings that keep writes safe (found ${JSON.stringify(found)}); ` +
        "the file must be on a local disk that supports write-ahead logging",
    );
  }
}

/**
 * One server per file: takes a lock that dies with the process and returns the way to give it back, or undefined where
 * another process (or another store of this one) has it.
 */
export function lock(path: string): (() => void) | undefined {
  makeFolder(path);
  const connection = new Sqlite(`${path}.lock`, { timeout: 0 });
  try {
    connection.pragma("journal_mode = MEMORY");
    connection.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    connection.close();
    if (error instanceof Sqlite.SqliteError && error.code.startsWith("SQLITE_BUSY")) return undefined;
    throw error;
  }
  return () => connection.close();
}

function makeFolder(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    throw new Error(
      `the folder ${dirname(path)} cannot be made for the database; name another in DATABASE_URL or DATA_DIR`,
      {
        cause: error,
      },
    );
  }
}
