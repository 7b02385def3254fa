import { dayMs } from "../domain/durations.ts";
import type { Session } from "../engine/session.ts";
import type { Json } from "../engine/types.ts";
import type { Box } from "./box.ts";
import { type Before, readBefore, references } from "./merge-before.ts";
import { joinDeliveries } from "./merge-broadcasts.ts";
import { joinSeats } from "./merge-seats.ts";
import type { MergedPerson, MergeExtras } from "./merge-types.ts";
import { type PersonColumns, personColumns, settingsOf } from "./rows.ts";
import type { Sql } from "./sql.ts";
import { StoreError } from "./types.ts";

/** What the sealed rows of `Undo` are bound to. */
export const undoPurpose = "undo";
/** What a merge is called in the table `Undo`. */
export const undoAction = "person.merge";
/** How long two persons who became one can be two again. */
const undoMs = 30 * dayMs;

/**
 * Moves everything of `from` to `into` in one transaction and removes `from`. Conflict where either session has moved since it was
 * read, so a turn decided against either person before conflicts afterwards. The same record key on both sides: the older entry stays.
 */
export async function mergePersons(
  sql: Sql,
  box: Pick<Box, "seal">,
  from: string,
  into: string,
  merged: MergedPerson,
  revs: { readonly from: number; readonly into: number },
  now: number,
  { undo, code }: MergeExtras = {},
): Promise<void> {
  const columns = { ...merged, person: personColumns(merged.person) };
  await sql.transaction(async (inside) => {
    await lockBoth(inside, from, into, revs);
    if (code !== undefined) await useCode(inside, code, now);
    const { before, remove, move } = await readBefore(inside, from, into, columns);
    // Twice, because each half has an index of its own; the addresses still belong to `from`.
    for (const half of ["status <= 1", "status >= 2"]) {
      await inside.run(
        `UPDATE "Outbox" SET "personId" = $2 WHERE ${half} AND "addressId" IN (SELECT id FROM "Address" WHERE "personId" = $1)`,
        [from, into],
      );
    }
    await inside.run(`UPDATE "Delivery" SET "personId" = $2 WHERE "personId" = $1 AND journal IS NOT NULL`, [
      from,
      into,
    ]);
    // Of two entries under one key the older stays; at the same instant the one of `into`.
    const older = `EXISTS (SELECT 1 FROM "Record" o WHERE o."personId" = $1 AND o.key = x.key AND o.at < x.at)`;
    await remove("Record", `x."personId" = $2 AND ${older}`, [from, into]);
    await joinSeats(inside, from, into, remove);
    for (const [table, same] of Object.entries(unique)) {
      const known = `EXISTS (SELECT 1 FROM "${table}" o WHERE o."personId" = $2 AND ${same})`;
      await remove(table, `x."personId" = $1 AND ${known}`, [from, into]);
    }
    await joinDeliveries(inside, from, into, remove);
    // Texts keep the id of their author, because they are sealed together with it; the trail keeps what it says.
    for (const reference of references) await move(reference);
    // Tokens are many and have no index by person: they find their person through this row.
    await inside.run(`INSERT INTO "FormerPerson"(id, "personId") VALUES ($1, $2)`, [from, into]);
    await writeMerged(inside, into, columns, revs.into);
    await inside.run(`DELETE FROM "Person" WHERE id = $1`, [from]);
    if (undo !== undefined) await keepUndo(inside, box, before, undo, now);
  });
}

/** Tables in which a person has at most one row of a kind: the row of `into` stays. */
const unique: Readonly<Record<string, string>> = {
  Record: "o.key = x.key",
  Timer: "o.name = x.name",
  Grant: `o.role = x.role AND o."organisationId" = x."organisationId"
    AND coalesce(o.programme, '') = coalesce(x.programme, '') AND coalesce(o."deputyFor", '') = coalesce(x."deputyFor", '')`,
  Membership: `o."cohortId" = x."cohortId"`,
  Topic: "o.topic = x.topic",
  Seat: `o."eventId" = x."eventId"`,
  Conflict: `o."assessmentId" = x."assessmentId"`,
};

async function lockBoth(sql: Sql, from: string, into: string, revs: { readonly from: number; readonly into: number }) {
  const lock = sql.kind === "sqlite" ? "" : " FOR UPDATE";
  // In the order of the hot path: sessions by key, then people.
  const sessions = await sql.all(
    `SELECT "personId", rev FROM "Session" WHERE "personId" IN ($1, $2) ORDER BY "personId"${lock}`,
    [from, into],
  );
  const people = await sql.all(`SELECT id FROM "Person" WHERE id IN ($1, $2) ORDER BY id${lock}`, [from, into]);
  const rev = (id: string) => sessions.find((row) => row.personId === id)?.rev ?? 0;
  if (people.length !== 2 || rev(from) !== revs.from || rev(into) !== revs.into) {
    throw new StoreError("conflict", "one of the two people has moved on since the merge was decided");
  }
}

/** Uses a link code up with the merge it is for: of two who type it at once one gets it. */
async function useCode(sql: Sql, codeHash: string, now: number): Promise<void> {
  const used = await sql.run(`UPDATE "LinkCode" SET "usedAt" = $2 WHERE "codeHash" = $1 AND "usedAt" IS NULL`, [
    codeHash,
    now,
  ]);
  if (used === 0) throw new StoreError("conflict", "somebody else has used this code meanwhile");
}

async function keepUndo(
  sql: Sql,
  box: Pick<Box, "seal">,
  before: Before,
  undo: { readonly id: string; readonly actor: string },
  now: number,
): Promise<void> {
  const sealed = box.seal(undoPurpose, Buffer.from(JSON.stringify(before)), undo.id);
  await sql.run(
    `INSERT INTO "Undo"(id, action, subject, "before", actor, "createdAt", "expiresAt") VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [undo.id, undoAction, before.into, sealed, undo.actor, now, now + undoMs],
  );
}

async function writeMerged(
  sql: Sql,
  into: string,
  merged: { readonly session: Session; readonly person: PersonColumns; readonly progress?: Json },
  rev: number,
): Promise<void> {
  const c = merged.person;
  await sql.run(
    `UPDATE "Person" SET name = $2, language = $3, "secondLanguage" = $4, "timeZone" = $5, "timeZoneKnown" = $6, rhythm = $7,
      "pausedUntil" = $8, stopped = $9, roles = $10 WHERE id = $1`,
    [into, c.name, ...settingsOf(c)],
  );
  await sql.run(
    `INSERT INTO "Session"("personId", rev, state) VALUES ($1, $2, $3)
      ON CONFLICT ("personId") DO UPDATE SET rev = excluded.rev, state = excluded.state`,
    [into, rev + 1, JSON.stringify(merged.session)],
  );
  if (merged.progress !== undefined) await writeProgress(sql, into, merged.progress);
}

/** Puts a person's progress in place of what there was. */
export async function writeProgress(sql: Sql, personId: string, progress: Json): Promise<void> {
  await sql.run(
    `INSERT INTO "Progress"("personId", state) VALUES ($1, $2) ON CONFLICT ("personId") DO UPDATE SET state = excluded.state`,
    [personId, JSON.stringify(progress)],
  );
}
