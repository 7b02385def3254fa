import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Programme } from "../domain/programme.ts";
import { parseCompiled } from "./compiled.ts";
import type { Files } from "./files.ts";

/**
 * A programme as the build of this very code compiled it; undefined where its files have been changed since, or were never there. Reading
 * and checking the files of five programmes takes seconds, and a server starts with them.
 */
export async function builtProgramme(files: Files, folder: string): Promise<Programme | undefined> {
  // Beside the compiled code alone: what runs from the sources reads the files.
  const place = new URL(`../../programmes-built/${await sumOf(files, folder)}.json`, import.meta.url);
  const text = await readFile(place, "utf8").catch(() => undefined);
  return text === undefined ? undefined : parseCompiled(text);
}

/** What stands for everything in the files of a folder: any change of a name or a byte changes it. */
export async function sumOf(files: Files, folder: string): Promise<string> {
  const hash = createHash("sha256");
  for (const [path, bytes] of await contents(files, folder, "")) {
    hash.update(`${path}\n${bytes.length}\n`);
    hash.update(bytes);
  }
  return hash.digest("hex");
}

async function contents(files: Files, folder: string, below: string): Promise<readonly [string, Uint8Array][]> {
  const found = await Promise.all(
    (await files.names(folder)).map(async (name): Promise<readonly [string, Uint8Array][]> => {
      const [path, here] = [join(folder, name), `${below}${name}`];
      const inner = await contents(files, path, `${here}/`);
      if (inner.length > 0) return inner;
      const bytes = await files.read(path).catch(() => undefined);
      return bytes === undefined ? [] : [[here, bytes]];
    }),
  );
  return found.flat();
}
