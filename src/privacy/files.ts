import { filePurpose, filesOf } from "../evidence/read.ts";
import type { Store } from "../store/types.ts";
import { everythingAbout } from "./about.ts";
import { idsOf } from "./erase.ts";
import { pathOf } from "./file-path.ts";
import type { Entry } from "./zip.ts";

/** What opens texts and files; `context` is what each was bound to. */
export interface Opening {
  readonly open: (purpose: string, sealed: Uint8Array, context: string) => string;
  readonly openBytes: (purpose: string, sealed: Uint8Array, context: string) => Uint8Array;
}

/** How many files somebody handed in are still there, and their bytes together. */
export async function filesAbout(
  store: Pick<Store, "db">,
  personId: string,
): Promise<{ readonly count: number; readonly bytes: number }> {
  const { _count, _sum } = await store.db.evidenceFile.aggregate({
    where: { destroyedAt: null, evidence: { personId: { in: [...(await idsOf(store, personId))] } } },
    _count: true,
    _sum: { size: true },
  });
  return { count: _count, bytes: _sum.size ?? 0 };
}

/** Everything about a person as files: all that is stored as JSON, and what they handed in as it was kept. */
export async function* entriesAbout(
  store: Pick<Store, "db">,
  personId: string,
  { open, openBytes }: Opening,
  now: number,
): AsyncGenerator<Entry> {
  const found = await everythingAbout(store, personId, open);
  if (found === undefined) return;
  yield { path: "mydata.json", bytes: Buffer.from(JSON.stringify(found, null, 2)), at: now, packed: false };
  const { db } = store;
  const items = await db.evidence.findMany({
    where: { personId: { in: [...(await idsOf(store, personId))] } },
    orderBy: { createdAt: "asc" },
    select: { id: true },
  });
  for (const item of items) {
    for (const file of await filesOf(db, { open }, item.id)) {
      const row = await db.evidenceFile.findUnique({ where: { id: file.id }, select: { bytes: true } });
      // Destroyed while the archive was written.
      if (row === null || row.bytes === null) continue;
      const bytes = openBytes(filePurpose, row.bytes, file.id);
      yield { path: pathOf(file), bytes, at: file.tickedAt, packed: file.mime !== "text/plain" };
    }
  }
}
