import { fileEnding } from "../evidence/content.ts";
import type { KeptFile } from "../evidence/types.ts";

/** Where a file of evidence lies in the archive; `mydata.json` names it so. */
export function pathOf({ id, name, mime }: Pick<KeptFile, "id" | "name" | "mime">): string {
  // A path of an archive must not lead out of it, whatever a file is called.
  const plain = name.replace(/[^\p{L}\p{N} ._-]/gu, "").replace(/^[. ]+/u, "");
  return `evidence/${id.slice(0, 8)}-${plain === "" ? `evidence.${fileEnding(mime)}` : plain}`;
}
