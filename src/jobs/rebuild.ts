import { progressFromRecord } from "../people/loaded.ts";
import type { Database } from "../store/client.ts";

/** How many persons are rebuilt between two pauses, so that a running server keeps answering. */
const page = 50;

/**
 * Computes every person's progress anew from the record and writes what differs.
 * Returns how many there are and how many were different.
 */
export async function rebuildProgress(db: Database): Promise<{ readonly persons: number; readonly changed: number }> {
  let persons = 0;
  let changed = 0;
  let after: string | undefined;
  for (;;) {
    const rows = await db.person.findMany({
      select: { id: true, progress: true },
      orderBy: { id: "asc" },
      take: page,
      ...(after === undefined ? {} : { cursor: { id: after }, skip: 1 }),
    });
    for (const row of rows) {
      persons += 1;
      const state = JSON.stringify(await progressFromRecord(db, [row.id]));
      if ((row.progress?.state ?? "null") === state) continue;
      changed += 1;
      await db.progress.upsert({ where: { personId: row.id }, create: { personId: row.id, state }, update: { state } });
    }
    after = rows.at(-1)?.id;
    if (rows.length < page) return { persons, changed };
  }
}
