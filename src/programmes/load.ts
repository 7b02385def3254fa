import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Programme } from "../domain/programme.ts";
import { buildProgramme } from "./build.ts";
import { builtProgramme } from "./built.ts";
import { checkIntegrity } from "./check.ts";
import { type Files, onDisk } from "./files.ts";
import { readPack } from "./pack.ts";
import type { Problem } from "./problem.ts";
import type { Checked } from "./rules/rule.ts";
import { placeTexts } from "./texts.ts";

/** A programme and what it was made from, for the rules of authors. */
export interface Loaded extends Checked {
  readonly programme: Programme;
}

/**
 * Reads every programme below `folder`, one folder each. A programme with problems is left out; where there are any, a
 * server must not start.
 */
export async function loadProgrammes(folder: string): Promise<{
  readonly programmes: readonly Programme[];
  readonly loaded: readonly Loaded[];
  readonly problems: readonly Problem[];
}> {
  const names = await foldersIn(folder);
  if (names.length === 0) {
    const message = "there is no programme here: expected one folder for each, see PROGRAMMES_DIR";
    return { programmes: [], loaded: [], problems: [{ rule: "files", path: folder, line: 1, message }] };
  }
  const results = await Promise.all(names.map((name) => loadProgramme(onDisk, join(folder, name))));
  const loaded = results.flatMap((one) => one.loaded ?? []);
  return {
    programmes: loaded.map((one) => one.programme),
    loaded,
    problems: results.flatMap((one) => one.problems),
  };
}

/** What a server teaches from a folder: the same programmes, and those that the build compiled need not be read again. */
export async function taughtProgrammes(folder: string): Promise<{
  readonly programmes: readonly Programme[];
  readonly problems: readonly Problem[];
}> {
  const names = await foldersIn(folder);
  if (names.length === 0) return loadProgrammes(folder);
  const results = await Promise.all(
    names.map(async (name) => {
      const programme = await builtProgramme(onDisk, join(folder, name));
      if (programme !== undefined) return { programmes: [programme], problems: [] };
      const { loaded, problems } = await loadProgramme(onDisk, join(folder, name));
      return { programmes: loaded === undefined ? [] : [loaded.programme], problems };
    }),
  );
  return {
    programmes: results.flatMap((one) => one.programmes),
    problems: results.flatMap((one) => one.problems),
  };
}

/** Reads one programme, wherever its files are: its words, and what it cannot be taught without. */
export async function loadProgramme(
  files: Files,
  folder: string,
): Promise<{ readonly loaded?: Loaded; readonly problems: readonly Problem[] }> {
  const read = await readPack(files, folder);
  if (read.value === undefined) return { problems: read.problems };
  const { words, framework, requirements, quality, problems } = await placeTexts(read.value);
  const checked = { pack: read.value, words, framework };
  const found = [...problems, ...(await checkIntegrity(checked))];
  if (found.length > 0) return { problems: found };
  return {
    loaded: { ...checked, programme: buildProgramme(read.value, words, { framework, requirements, quality }) },
    problems: [],
  };
}

// The lock and a README may stand beside the programmes. A link to a folder counts as one.
async function foldersIn(folder: string): Promise<string[]> {
  const names = await onDisk.names(folder);
  const are = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        (found) => found.isDirectory(),
        () => true,
      ),
    ),
  );
  return names.filter((_, index) => are[index]);
}
