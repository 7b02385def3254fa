import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the package, found from the sources as well as from the build: the one whose package.json is ours. */
export function packageRoot(from: string = import.meta.url): string {
  for (let folder = dirname(fileURLToPath(from)); ; folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (existsSync(file) && JSON.parse(readFileSync(file, "utf8")).name === "fadder") return folder;
    if (dirname(folder) === folder) throw new Error(`no package.json of "fadder" above ${fileURLToPath(from)}`);
  }
}
