import { readdir, readFile } from "node:fs/promises";

/** Where a programme is read from: a folder of the disk, or files that somebody handed in. Paths are joined with `/`. */
export interface Files {
  /** The names in a folder that are not hidden, sorted; none where there is no such folder. */
  names(folder: string): Promise<readonly string[]>;
  /** The bytes of a file; undefined where there is none. Throws where it cannot be read. */
  read(path: string): Promise<Uint8Array | undefined>;
}

/** The disk of this machine. */
export const onDisk: Files = {
  async names(folder) {
    return visible(await readdir(folder).catch(() => []));
  },
  read: (path) =>
    readFile(path).catch((error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    }),
};

/** Files in memory, by their paths. */
export function inMemory(files: ReadonlyMap<string, Uint8Array>): Files {
  const below = (folder: string): readonly string[] =>
    [...files.keys()].flatMap((path) => (path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : []));
  return {
    async names(folder) {
      return visible([...new Set(below(folder).map((path) => path.split("/")[0] ?? ""))]);
    },
    read: async (path) => files.get(path),
  };
}

function visible(names: readonly string[]): string[] {
  return names.filter((name) => !name.startsWith(".")).sort();
}
