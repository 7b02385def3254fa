import { expect, test } from "vitest";
import { openDump } from "../../src/store/backup/dump.ts";
import { createDatabase, databaseKinds } from "../support/databases.ts";

test.each(databaseKinds)("a backup on %s takes files a few at a time, and all of them", async (kind) => {
  const database = await createDatabase(kind);
  try {
    const { db } = await database.open();
    const facts = { programme: "p", version: "1", organisationId: "o", kind: "file", prior: false, competences: "[]" };
    await db.evidence.create({
      data: { id: "e", personId: "p", ...facts, state: "draft", shared: false, createdAt: 1n, changedAt: 1n },
    });
    for (let n = 0; n < 9; n += 1) {
      const bytes = new Uint8Array([n]);
      const file = { id: `f${n}`, evidenceId: "e", mime: "text/plain", size: 1, bytes, tickedAt: 1n };
      await db.evidenceFile.create({ data: file });
    }
    const dump = await openDump(database.url);
    const table = dump.tables.find(({ name }) => name === "EvidenceFile");
    if (table === undefined) throw new Error("the table is not in the backup");
    const pieces: number[] = [];
    for await (const rows of dump.rows(table)) pieces.push(rows.length);
    await dump.close();
    expect(pieces).toEqual([4, 4, 1]);
  } finally {
    await database.drop();
  }
});
