import type { EvidenceDeps } from "./types.ts";

/** Which files are to go: ids of evidence items. */
interface Which {
  readonly evidence: readonly string[];
  /** A person's id, or `system`. */
  readonly by: string;
  /** These files alone, by their ids. */
  readonly only?: readonly string[];
}

/**
 * Destroys the files of items at once: bytes and name go, and a trace says when and by whom. On SQLite the bytes are written over where
 * they stand, because what is only deleted stays readable in the file; on PostgreSQL its own cleaning takes them, and until then
 * they are sealed. Returns how many there were.
 */
export async function destroyFiles({ store, now }: Pick<EvidenceDeps, "store" | "now">, which: Which): Promise<number> {
  const { db } = store;
  const rows = await db.evidenceFile.findMany({
    where: {
      evidenceId: { in: [...which.evidence] },
      destroyedAt: null,
      ...(which.only === undefined ? {} : { id: { in: [...which.only] } }),
    },
    select: { id: true },
  });
  for (const { id } of rows) {
    await overwrite(store, id);
    await db.evidenceFile.update({
      where: { id },
      data: { name: null, bytes: null, destroyedAt: BigInt(now()), destroyedBy: which.by },
    });
  }
  if (rows.length > 0) await forgetLog(store);
  return rows.length;
}

/** Writes zeros over the bytes of files that are about to be deleted with their owner. */
export async function blankFiles(store: Pick<EvidenceDeps["store"], "db">, evidence: readonly string[]): Promise<void> {
  const where = { evidenceId: { in: [...evidence] }, destroyedAt: null };
  for (const { id } of await store.db.evidenceFile.findMany({ where, select: { id: true } }))
    await overwrite(store, id);
}

/** As many zeros as there were bytes: SQLite then writes into the same pages. */
async function overwrite({ db }: Pick<EvidenceDeps["store"], "db">, id: string): Promise<void> {
  const row = await db.evidenceFile.findUnique({ where: { id }, select: { bytes: true } });
  if (row?.bytes == null) return;
  await db.evidenceFile.update({ where: { id }, data: { bytes: new Uint8Array(row.bytes.length) } });
}

/** Empties SQLite's log of writes, in which the old pages stand as well. Where somebody reads meanwhile it is emptied by the next one. */
async function forgetLog({ sql }: Pick<EvidenceDeps["store"], "sql">): Promise<void> {
  if (sql.kind === "sqlite") await sql.all("PRAGMA wal_checkpoint(TRUNCATE)");
}
