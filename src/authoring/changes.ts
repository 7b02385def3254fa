import type { PackFiles } from "./archive.ts";

/** How a file of a draft differs from what is taught, in lines. */
export interface Change {
  readonly path: string;
  readonly kind: "added" | "removed" | "changed";
  readonly added: number;
  readonly removed: number;
}

/** Lines on both sides of which the common ones are looked for one by one; beyond it whole blocks count as changed. */
const mostCompared = 4_000_000;

/** What a draft changes of the files that are taught now, file by file; nothing where they are the same. */
export function changesOf(before: PackFiles, after: PackFiles): readonly Change[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths.flatMap((path): Change[] => {
    const [old, own] = [before.get(path), after.get(path)];
    if (old !== undefined && own !== undefined && Buffer.compare(old, own) === 0) return [];
    const [from, to] = [linesOf(old), linesOf(own)];
    const common = commonLines(from, to);
    const kind = old === undefined ? "added" : own === undefined ? "removed" : "changed";
    return [{ path, kind, added: to.length - common, removed: from.length - common }];
  });
}

function linesOf(bytes: Uint8Array | undefined): readonly string[] {
  if (bytes === undefined || bytes.length === 0) return [];
  return new TextDecoder().decode(bytes).replace(/\n$/u, "").split("\n");
}

/** How many lines both have in the same order: the longest common subsequence. */
function commonLines(from: readonly string[], to: readonly string[]): number {
  let start = 0;
  while (start < from.length && start < to.length && from[start] === to[start]) start += 1;
  let end = 0;
  while (end < from.length - start && end < to.length - start && from.at(-1 - end) === to.at(-1 - end)) end += 1;
  const [a, b] = [from.slice(start, from.length - end), to.slice(start, to.length - end)];
  if (a.length * b.length > mostCompared) return start + end;
  let row = new Uint32Array(b.length + 1);
  for (const line of a) {
    const next = new Uint32Array(b.length + 1);
    for (const [index, other] of b.entries()) {
      const kept = Math.max(row[index + 1] ?? 0, next[index] ?? 0);
      next[index + 1] = line === other ? (row[index] ?? 0) + 1 : kept;
    }
    row = next;
  }
  return start + end + (row[b.length] ?? 0);
}
