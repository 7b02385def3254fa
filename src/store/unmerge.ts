import { project } from "../domain/progress.ts";
import { emptySession, type RecordEntry, type Session } from "../engine/session.ts";
import type { Json } from "../engine/types.ts";
import type { Box } from "./box.ts";
import { undoAction, undoPurpose, writeProgress } from "./merge.ts";
import { type Before, references } from "./merge-before.ts";
import { deliveryAgain } from "./merge-broadcasts.ts";
import { parsed } from "./rows.ts";
import { bytes, number, type Row, type Sql, text, type Value } from "./sql.ts";

/** Keys in one statement: fewer than any database's limit of placeholders. */
const piece = 500;

/**
 * Makes two persons again of what `mergePersons` made one: in one transaction everything goes back to where it was. What has happened
 * since stays with the person who was kept; messages go with their chat. Undefined where it is too late, was done already, or where
 * one of the two has become part of somebody else meanwhile.
 */
export async function undoMerge(
  sql: Sql,
  box: Pick<Box, "open">,
  id: string,
  now: number,
): Promise<{ readonly from: string; readonly into: string } | undefined> {
  return sql.transaction(async (inside) => {
    const [row] = await inside.all(
      `SELECT "before", "createdAt" FROM "Undo" WHERE id = $1 AND action = $2 AND "undoneAt" IS NULL AND "expiresAt" > $3`,
      [id, undoAction, now],
    );
    if (row === undefined) return undefined;
    const before = parsed<Before>(Buffer.from(box.open(undoPurpose, bytes(row, "before"), id)).toString());
    const { from, into } = before;
    const current = await lock(inside, into);
    const [alias] = await inside.all(`SELECT "personId" FROM "FormerPerson" WHERE id = $1`, [from]);
    if (current === undefined || alias?.personId !== into) return undefined;
    // Of two who press at once one gets here with a row to change. What was sealed says things about two persons now: it goes.
    const none = new Uint8Array();
    const taken = await inside.run(
      `UPDATE "Undo" SET "undoneAt" = $2, "before" = $3 WHERE id = $1 AND "undoneAt" IS NULL`,
      [id, now, none],
    );
    if (taken === 0) return undefined;
    await inside.run(`DELETE FROM "FormerPerson" WHERE id = $1`, [from]);
    await insert(inside, "Person", { ...before.fromPerson });
    await giveBack(inside, before);
    await putBack(inside, before, number(row, "createdAt"));
    await sessions(inside, before, current);
    await settings(inside, before, current.person);
    for (const one of [from, into]) await writeProgress(inside, one, await progressOf(inside, one));
    return { from, into };
  });
}

interface Current {
  readonly person: Row;
  readonly rev: number;
  readonly session: Session | undefined;
}

/** The person who was kept, locked in the order of the hot path; a turn decided before conflicts afterwards. */
async function lock(sql: Sql, into: string): Promise<Current | undefined> {
  const how = sql.kind === "sqlite" ? "" : " FOR UPDATE";
  const [session] = await sql.all(`SELECT rev, state FROM "Session" WHERE "personId" = $1${how}`, [into]);
  const [person] = await sql.all(`SELECT * FROM "Person" WHERE id = $1${how}`, [into]);
  if (person === undefined) return undefined;
  if (session === undefined) return { person, rev: 0, session: undefined };
  return { person, rev: number(session, "rev"), session: parsed<Session>(session.state) };
}

/** Rows that changed hands and still are where the merge put them. */
async function giveBack(sql: Sql, { from, into, moved }: Before): Promise<void> {
  for (const [table, column, key] of references) {
    const keys = moved[`${table}.${column}`] ?? [];
    for (let at = 0; at < keys.length; at += piece) {
      const some = keys.slice(at, at + piece);
      const marks = some.map((_, index) => `$${index + 3}`).join(", ");
      await sql.run(`UPDATE "${table}" SET "${column}" = $1 WHERE "${column}" = $2 AND "${key}" IN (${marks})`, [
        from,
        into,
        ...some,
      ]);
    }
  }
  for (const half of ["status <= 1", "status >= 2"]) {
    await sql.run(
      `UPDATE "Outbox" SET "personId" = $1 WHERE ${half} AND "addressId" IN (SELECT id FROM "Address" WHERE "personId" = $1)`,
      [from],
    );
  }
}

/** Rows that went because both had the same. A role or a topic that was taken from the one person since does not come back. */
async function putBack(sql: Sql, { from, into, removed }: Before, mergedAt: number): Promise<void> {
  for (const [table, rows] of Object.entries(removed)) {
    for (const { id, ...row } of rows) {
      if (!(await isStillHeld(sql, table, row, into))) continue;
      if (table === "BroadcastDelivery") {
        const again = await deliveryAgain(sql, row, row.personId === from ? into : from, mergedAt);
        if (again !== undefined) await insert(sql, table, again);
        continue;
      }
      // Records are numbered anew; everything else has names that nobody else can have got.
      await insert(sql, table, table === "Record" || id === undefined ? row : { id, ...row });
    }
  }
}

async function isStillHeld(sql: Sql, table: string, row: Row, into: string): Promise<boolean> {
  if (table === "Topic") {
    const found = await sql.all(`SELECT 1 FROM "Topic" WHERE "personId" = $1 AND topic = $2`, [
      into,
      text(row, "topic"),
    ]);
    return found.length > 0;
  }
  if (table !== "Grant") return true;
  const found = await sql.all(
    `SELECT 1 FROM "Grant" WHERE "personId" = $1 AND role = $2 AND "organisationId" = $3
      AND coalesce(programme, '') = $4 AND coalesce("deputyFor", '') = $5`,
    [into, text(row, "role"), text(row, "organisationId"), row.programme ?? "", row.deputyFor ?? ""],
  );
  return found.length > 0;
}

/** The one gets the places they had; of the other, places that came with the merge go and those that moved since stay. */
async function sessions(sql: Sql, before: Before, current: Current): Promise<void> {
  const { from, into, fromSession, fromRev, intoSession, merged } = before;
  if (fromSession !== null)
    await insert(sql, "Session", { personId: from, rev: fromRev + 2, state: JSON.stringify(fromSession) });
  if (current.session === undefined) return;
  const activities = { ...current.session.activities };
  for (const [id, came] of Object.entries(merged.session.activities)) {
    const own = intoSession?.activities[id];
    if (JSON.stringify(activities[id]) !== JSON.stringify(came)) continue;
    if (own === undefined) delete activities[id];
    else activities[id] = own;
  }
  const fields: Record<string, unknown> = { ...current.session };
  const had: Record<string, unknown> = { ...(intoSession ?? emptySession) };
  for (const [name, came] of Object.entries(merged.session)) {
    if (JSON.stringify(fields[name]) === JSON.stringify(came)) fields[name] = had[name];
  }
  const { focus, reminderAt, ...rest }: Session = { ...current.session, ...fields };
  const reminds =
    (await sql.all(`SELECT 1 FROM "Timer" WHERE "personId" = $1 AND name = 'reminder'`, [into])).length > 0;
  const state: Session = {
    ...rest,
    activities,
    focus: focus !== null && focus in activities ? focus : null,
    // Where the reminder went with the other person, the next turn sets one.
    reminderAt: reminds ? reminderAt : null,
  };
  await sql.run(`UPDATE "Session" SET rev = $2, state = $3 WHERE "personId" = $1`, [
    into,
    current.rev + 1,
    JSON.stringify(state),
  ]);
}

/** What the merge changed in the settings of the person who was kept; what they chose themselves since stays. */
async function settings(sql: Sql, { from, into, fromPerson, intoPerson, merged }: Before, person: Row): Promise<void> {
  const same = (one: unknown, other: unknown): boolean =>
    typeof other === "boolean" ? Boolean(one) === other : (one ?? null) === (other ?? null);
  const changes: Record<string, Value> = {};
  for (const [column, value] of Object.entries(merged.person)) {
    if (column === "id" || column === "name" || column === "roles") continue;
    if (same(person[column], value)) changes[column] = intoPerson[column] ?? null;
  }
  const had = (row: Row): readonly string[] => parsed<string[]>(row.roles);
  const stay = had(person).filter((role) => had(intoPerson).includes(role) || !had(fromPerson).includes(role));
  changes.roles = JSON.stringify(stay);
  const away = await sql.all(`SELECT 1 FROM "Address" WHERE id = $1 AND "personId" = $2`, [
    text(person, "addressId"),
    from,
  ]);
  if (away.length > 0) changes.addressId = intoPerson.addressId ?? "";
  for (const [column, value] of Object.entries(changes))
    await sql.run(`UPDATE "Person" SET "${column}" = $2 WHERE id = $1`, [into, asStored(sql, column, value)]);
}

async function progressOf(sql: Sql, personId: string): Promise<Json> {
  const rows = await sql.all(
    `SELECT type, key, programme, version, data, at FROM "Record" WHERE "personId" = $1 ORDER BY at, id`,
    [personId],
  );
  const entries = rows.map(
    (row): RecordEntry => ({
      type: text(row, "type"),
      key: text(row, "key"),
      programme: text(row, "programme"),
      version: text(row, "version"),
      data: parsed<Json>(row.data),
      at: number(row, "at"),
    }),
  );
  return project(null, entries);
}

async function insert(sql: Sql, table: string, row: Row): Promise<void> {
  const columns = Object.keys(row);
  const marks = columns.map((_, index) => `$${index + 1}`);
  await sql.run(
    `INSERT INTO "${table}"(${columns.map((column) => `"${column}"`).join(", ")}) VALUES (${marks.join(", ")})`,
    columns.map((column) => asStored(sql, column, row[column] ?? null)),
  );
}

/** The two columns that are booleans on one database and numbers on the other: a copy may have moved between them. */
function asStored(sql: Sql, column: string, value: Value): Value {
  if (column !== "stopped" && column !== "timeZoneKnown") return value;
  return sql.kind === "sqlite" ? Number(value) : Boolean(value);
}
