import { join } from "node:path";
import { isPackPath, openStored, type PackFiles } from "../authoring/archive.ts";
import type { Programme } from "../domain/programme.ts";
import { onDisk } from "../programmes/files.ts";
import type { Store } from "../store/types.ts";

/** The files of a programme that is taught: what was published here, else its folder on disk; undefined where neither is. */
export function createSources({ db }: Pick<Store, "db">, folder: string) {
  return async ({ id, version }: Pick<Programme, "id" | "version">): Promise<PackFiles | undefined> => {
    const row = await db.programmeSource.findUnique({ where: { id_version: { id, version } } });
    if (row !== null) return openStored(row.files);
    const files = await filesBelow(join(folder, id));
    return files.has("programme.yaml") ? files : undefined;
  };
}

async function filesBelow(folder: string): Promise<PackFiles> {
  const languages = (await onDisk.names(join(folder, "words"))).map((language) => `words/${language}`);
  const paths = (
    await Promise.all(
      ["", ...languages].map(async (at) =>
        (await onDisk.names(join(folder, at))).map((name) => (at === "" ? name : `${at}/${name}`)),
      ),
    )
  ).flat();
  const files = new Map<string, Uint8Array>();
  for (const path of paths.filter(isPackPath)) {
    const bytes = await onDisk.read(join(folder, path));
    if (bytes !== undefined) files.set(path, new Uint8Array(bytes));
  }
  return files;
}
