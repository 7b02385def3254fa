import type { PersonState, Session } from "../engine/session.ts";
import type { Json } from "../engine/types.ts";
import { personColumns, settingsOf } from "./rows.ts";
import type { Sql } from "./sql.ts";
import { StoreError } from "./types.ts";

/**
 * Moves everything of `from` to `into` in one transaction and removes `from`. Conflict where either session has moved since it was
 * read, so a turn decided against either person before conflicts afterwards. The same record key on both sides: the older entry stays.
 */
export async function mergePersons(
  sql: Sql,
  from: string,
  into: string,
  merged: { readonly session: Session; readonly person: PersonState; readonly progress?: Json },
  revs: { readonly from: number; readonly into: number },
): Promise<void> {
  await sql.transaction(async (inside) => {
    await lockBoth(inside, from, into, revs);
    await moveRecords(inside, from, into);
    // Twice, because each half has an index of its own; the addresses still belong to `from`.
    for (const half of ["status <= 1", "status >= 2"]) {
      await inside.run(
        `UPDATE "Outbox" SET "personId" = $2 WHERE ${half} AND "addressId" IN (SELECT id FROM "Address" WHERE "personId" = $1)`,
        [from, into],
      );
    }
    for (const table of ["Delivery", "FailedTurn", "Job", "Address", "LinkCode", "FormerPerson"]) {
      const journal = table === "Delivery" ? " AND journal IS NOT NULL" : "";
      await inside.run(`UPDATE "${table}" SET "personId" = $2 WHERE "personId" = $1${journal}`, [from, into]);
    }
    // Timers of the same name: those of `into` stay.
    await inside.run(
      `UPDATE "Timer" SET "personId" = $2 WHERE "personId" = $1 AND name NOT IN (SELECT name FROM "Timer" WHERE "personId" = $2)`,
      [from, into],
    );
    await movePeople(inside, from, into);
    // Tokens are many and have no index by person: they find their person through this row.
    await inside.run(`INSERT INTO "FormerPerson"(id, "personId") VALUES ($1, $2)`, [from, into]);
    await writeMerged(inside, into, merged, revs.into);
    await inside.run(`DELETE FROM "Person" WHERE id = $1`, [from]);
  });
}

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

async function moveRecords(sql: Sql, from: string, into: string): Promise<void> {
  // Of two entries under one key the older stays; at the same instant the one of `into`.
  await sql.run(
    `DELETE FROM "Record" WHERE "personId" = $2 AND EXISTS
      (SELECT 1 FROM "Record" o WHERE o."personId" = $1 AND o.key = "Record".key AND o.at < "Record".at)`,
    [from, into],
  );
  await sql.run(
    `DELETE FROM "Record" WHERE "personId" = $1 AND EXISTS (SELECT 1 FROM "Record" o WHERE o."personId" = $2 AND o.key = "Record".key)`,
    [from, into],
  );
  await sql.run(`UPDATE "Record" SET "personId" = $2 WHERE "personId" = $1`, [from, into]);
}

/** Tables in which a person has at most one row of a kind: the row of `into` stays. */
const unique: Readonly<Record<string, string>> = {
  Grant: `o.role = x.role AND o."organisationId" = x."organisationId"
    AND coalesce(o.programme, '') = coalesce(x.programme, '') AND coalesce(o."deputyFor", '') = coalesce(x."deputyFor", '')`,
  Membership: `o."cohortId" = x."cohortId"`,
  Topic: "o.topic = x.topic",
  BroadcastDelivery: `o."broadcastId" = x."broadcastId"`,
};

/**
 * Roles, courses, permissions and what was said. Texts keep the id of their author, because they are sealed together with it; the
 * trail keeps what it says.
 */
async function movePeople(sql: Sql, from: string, into: string): Promise<void> {
  for (const [table, same] of Object.entries(unique)) {
    await sql.run(
      `DELETE FROM "${table}" AS x WHERE x."personId" = $1 AND EXISTS (SELECT 1 FROM "${table}" o WHERE o."personId" = $2 AND ${same})`,
      [from, into],
    );
  }
  for (const [table, column] of [
    ...Object.keys(unique).map((table) => [table, "personId"] as const),
    ["Consent", "personId"],
    ["SignIn", "personId"],
    ["ConsoleSession", "personId"],
    ["Question", "personId"],
    ["Question", "caredBy"],
    ["Membership", "caredBy"],
    ["Note", "personId"],
    ["Grant", "deputyFor"],
    ["Filter", "owner"],
    ["Broadcast", "author"],
    ["Invite", "usedBy"],
    // Who asked for something must not be the second person who allows it, under any id.
    ["Approval", "askedBy"],
    ["Approval", "decidedBy"],
  ]) {
    await sql.run(`UPDATE "${table}" SET "${column}" = $2 WHERE "${column}" = $1`, [from, into]);
  }
}

async function writeMerged(
  sql: Sql,
  into: string,
  merged: { readonly session: Session; readonly person: PersonState; readonly progress?: Json },
  rev: number,
): Promise<void> {
  const c = personColumns(merged.person);
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
  if (merged.progress === undefined) return;
  await sql.run(
    `INSERT INTO "Progress"("personId", state) VALUES ($1, $2) ON CONFLICT ("personId") DO UPDATE SET state = excluded.state`,
    [into, JSON.stringify(merged.progress)],
  );
}
