import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Since, sinceIn, withdrawAgain } from "../certificates/again.ts";
import type { Config } from "../config.ts";
import type { Log } from "../engine/adapter.ts";
import { eraseAgain, tombstonesIn } from "../privacy/erase.ts";
import { backup as writeCopy } from "../store/backup.ts";
import { restore as readCopy } from "../store/restore.ts";
import { openFoundation, secretOf } from "./parts.ts";

/** Writes database, files and keys into one encrypted file; returns where, and how many rows it has. */
export async function backup(config: Config, to: string | undefined): Promise<{ path: string; rows: number }> {
  // The real clock on purpose: the name is for people who look for last night's copy.
  const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const path = to ?? join(config.backupDir, `fadder-${stamp}.backup`);
  if (existsSync(path)) throw new Error(`${path} is there already; a backup is never written over`);
  const { databaseUrl: url, filesDir } = config;
  const counts = await writeCopy({
    url,
    secret: secretOf(config),
    to: path,
    filesDir,
    keyFile: keyFile(config),
    now: config.clock.now,
  });
  return { path, rows: sum(counts) };
}

/**
 * Puts a copy back. Erasures and withdrawals of certificates made since are kept from the database that is replaced, where it still opens, and made again:
 * nobody who was erased comes back with an old copy.
 */
export async function restore(
  config: Config,
  from: string,
  log: Log,
): Promise<{ rows: number; erased: number; withdrawn: number }> {
  if (!existsSync(from)) throw new Error(`there is no file ${from}`);
  const secret = secretOf(config);
  const { tombstones, since } = await keptBefore(config, log);
  const { databaseUrl: url, filesDir, backupDir, previousSecret } = config;
  const { now } = config.clock;
  const counts = await readCopy({
    url,
    secret,
    previousSecret,
    from,
    filesDir,
    keyFile: keyFile(config),
    backupDir,
    replace: true,
    now,
  });
  const { store } = await openFoundation(config, log, { migrate: true, use: "command" });
  try {
    const erased = await eraseAgain(store, tombstones, now());
    return { rows: sum(counts), erased, withdrawn: await withdrawAgain(store.db, since, now()) };
  } finally {
    await store.close();
  }
}

interface Kept {
  readonly tombstones: ReadonlyMap<string, string>;
  readonly since: Since;
}

async function keptBefore(config: Config, log: Log): Promise<Kept> {
  try {
    const { store } = await openFoundation(config, log, { migrate: false, use: "command" });
    try {
      return { tombstones: await tombstonesIn(store), since: await sinceIn(store.db) };
    } finally {
      await store.close();
    }
  } catch (error) {
    log.warn(
      { error },
      "the database that is replaced could not be read; erasures and withdrawn certificates since the backup are not known",
    );
    return { tombstones: new Map(), since: { keys: [], lists: [], gone: [] } };
  }
}

/** The product's own secret, where it made one. */
function keyFile(config: Config): string | undefined {
  return config.secret === undefined ? join(config.dataDir, "secret") : undefined;
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
