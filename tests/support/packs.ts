import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const programmes = fileURLToPath(new URL("../../programmes", import.meta.url));
let folder: string | undefined;

/**
 * A folder with the programme for family mentors alone, by a link: for `PROGRAMMES_DIR` of tests that are about this one, whatever
 * else is taught. Made once a process, and gone with it.
 */
export function familyMentor(): string {
  if (folder !== undefined) return folder;
  const made = mkdtempSync(join(tmpdir(), "fadder-packs-"));
  symlinkSync(join(programmes, "family-mentor"), join(made, "family-mentor"), "dir");
  process.once("exit", () => rmSync(made, { recursive: true, force: true }));
  folder = made;
  return made;
}
