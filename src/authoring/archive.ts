import { unzipSync, zipSync } from "fflate";

/** The files of a programme by their paths below its folder, such as `words/en/unit-1.yaml`. */
export type PackFiles = ReadonlyMap<string, Uint8Array>;

/** What a programme's archive may hold: files, bytes of one unpacked, bytes of all unpacked. */
export const most = { files: 400, bytes: 1024 * 1024, allBytes: 8 * 1024 * 1024 } as const;
/** A text packs ten times smaller; what unpacks to more than this many times its size is no text. */
const mostRatio = 200;
/** The files that a programme has. */
const known = /^(?:[a-z]+\.yaml|words\/[a-z]{2,3}(?:-[A-Za-z]{2,4})?\/[a-z0-9.-]+\.yaml)$/u;
/** What machines put beside files by themselves. */
const litter = /(?:^|\/)(?:__MACOSX\/|\.[^/]*$|Thumbs\.db$|desktop\.ini$)/u;

/** Why an archive is not taken: a key of `programmes.upload.*`, with the name of a file where it is about one. */
export interface Refused {
  readonly refused: "none" | "many" | "large" | "bomb" | "outside" | "kind" | "twice" | "structure";
  readonly name?: string;
}

/** Whether a file of this name may be in a programme. */
export function isPackPath(path: string): boolean {
  return path.length <= 120 && known.test(path);
}

/**
 * Reads a ZIP of a programme's folder; folders that hold everything else are left out of the paths. Sizes are held against the
 * directory before anything is unpacked, and nothing is unpacked beyond what the directory says.
 */
export function readArchive(bytes: Uint8Array): { readonly files: PackFiles; readonly folder?: string } | Refused {
  let refused: Refused | undefined;
  let count = 0;
  let all = 0;
  const names = new Set<string>();
  const refuse = (why: Refused["refused"], name: string): false => {
    refused ??= { refused: why, name: name.slice(0, 120) };
    return false;
  };
  try {
    const found = unzipSync(bytes, {
      filter({ name, size, originalSize }) {
        if (refused !== undefined) return false;
        if (isOutside(name)) return refuse("outside", name);
        if (name.endsWith("/") || litter.test(name)) return false;
        count += 1;
        all += originalSize;
        if (names.has(name)) return refuse("twice", name);
        names.add(name);
        if (count > most.files) return refuse("many", name);
        if (originalSize > Math.max(size, 100) * mostRatio) return refuse("bomb", name);
        if (originalSize > most.bytes || all > most.allBytes) return refuse("large", name);
        return true;
      },
    });
    if (refused !== undefined) return refused;
    return below(new Map(Object.entries(found)));
  } catch {
    return { refused: "none" };
  }
}

function isOutside(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: names are made by strangers.
  return /^[/\\]|^[A-Za-z]:|\\|[\u0000-\u001f]|(?:^|\/)\.\.?(?:\/|$)/u.test(name);
}

/** Takes the folders away that stand around everything, and looks at what is left. */
function below(files: PackFiles): { readonly files: PackFiles; readonly folder?: string } | Refused {
  let inside = files;
  let folder: string | undefined;
  while (!inside.has("programme.yaml")) {
    const tops = new Set([...inside.keys()].map((path) => path.slice(0, path.indexOf("/") + 1)));
    const [top = ""] = tops;
    if (tops.size !== 1 || top === "") return { refused: "structure" };
    folder = top.slice(0, -1);
    inside = new Map([...inside].map(([path, bytes]) => [path.slice(top.length), bytes]));
  }
  const strange = [...inside.keys()].find((path) => !isPackPath(path));
  if (strange !== undefined) return { refused: "kind", name: strange };
  return { files: inside, ...(folder === undefined ? {} : { folder }) };
}

/** The files as a ZIP, below a folder where one is given. The same files give the same bytes. */
export function writeArchive(files: PackFiles, folder?: string): Uint8Array {
  const front = folder === undefined ? "" : `${folder}/`;
  const sorted = [...files].sort(([one], [other]) => (one < other ? -1 : 1));
  const mtime = new Date(Date.UTC(2000, 0, 1, 12));
  return zipSync(Object.fromEntries(sorted.map(([path, bytes]) => [`${front}${path}`, bytes])), { mtime });
}

/** Reads what `writeArchive` wrote for the database. */
export function openStored(bytes: Uint8Array): PackFiles {
  return new Map(Object.entries(unzipSync(bytes)));
}
