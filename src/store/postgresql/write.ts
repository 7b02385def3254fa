import type pg from "pg";
import type { TurnWrite } from "../types.ts";
import { batchOf } from "./batch.ts";
import { classify } from "./errors.ts";

const common = `
  session AS (
    INSERT INTO "Session" AS old ("personId", rev, state)
    SELECT person, rev, state FROM json_to_recordset($1::json) AS x(person text, rev int, state text)
    ON CONFLICT ("personId") DO UPDATE SET rev = excluded.rev, state = excluded.state WHERE old.rev = excluded.rev - 1
    RETURNING (xmax = 0) = (rev = 1) AS fits),
  delivery AS (
    INSERT INTO "Delivery"(channel, tenant, id, "personId", at, journal)
    SELECT channel, tenant, id, person, at, decode(journal, 'base64')
    FROM json_to_recordset($3::json) AS x(channel text, tenant text, id text, person text, at bigint, journal text)),
  record AS (
    INSERT INTO "Record"("personId", type, key, programme, version, data, at)
    SELECT person, type, key, programme, version, coalesce(data::text, 'null'), at
    FROM json_to_recordset($4::json) AS x(person text, type text, key text, programme text, version text, data json, at bigint)),
  progress AS (
    INSERT INTO "Progress"("personId", state)
    SELECT person, coalesce(state::text, 'null') FROM json_to_recordset($5::json) AS x(person text, state json)
    ON CONFLICT ("personId") DO UPDATE SET state = excluded.state),
  token AS (
    INSERT INTO "Token"(token, "personId", meaning, "answerKey", at)
    SELECT token, person, meaning, key, at
    FROM json_to_recordset($6::json) AS x(token text, person text, meaning text, key text, at bigint)),
  outbox AS (
    INSERT INTO "Outbox"(lane, "addressId", "personId", class, status, payload, "notBefore", attempts, "mayBeSent", "createdAt")
    SELECT lane, address, person, class, status, parts, "notBefore", 0, false, at
    FROM json_to_recordset($7::json)
      AS x(lane text, address text, person text, class int, status int, parts text, "notBefore" bigint, at bigint))`;

const people = `,
  person AS (
    INSERT INTO "Person"(id, name, language, "secondLanguage", "timeZone", "timeZoneKnown", rhythm, "pausedUntil", stopped, roles,
      "addressId", "createdAt")
    SELECT id, name, language, "secondLanguage", "timeZone", "timeZoneKnown", rhythm, "pausedUntil", stopped, roles, address, at
    FROM json_to_recordset($$new::json) AS x(id text, name text, language text, "secondLanguage" text, "timeZone" text,
      "timeZoneKnown" boolean, rhythm text, "pausedUntil" bigint, stopped boolean, roles text, address text, at bigint)),
  changed AS (
    UPDATE "Person" p SET name = x.name, language = x.language, "secondLanguage" = x."secondLanguage", "timeZone" = x."timeZone",
      "timeZoneKnown" = x."timeZoneKnown", rhythm = x.rhythm, "pausedUntil" = x."pausedUntil", stopped = x.stopped,
      roles = x.roles, "addressId" = coalesce(x.address, p."addressId")
    FROM json_to_recordset($$changed::json) AS x(id text, name text, language text, "secondLanguage" text, "timeZone" text,
      "timeZoneKnown" boolean, rhythm text, "pausedUntil" bigint, stopped boolean, roles text, address text)
    WHERE ${among("p.id", "id", "changed")} AND p.id = x.id RETURNING 1),
  moved AS (
    UPDATE "Person" p SET "addressId" = x.address FROM json_to_recordset($$moved::json) AS x(id text, address text)
    WHERE ${among("p.id", "id", "moved")} AND p.id = x.id RETURNING 1),
  place AS (
    INSERT INTO "Address"(id, "personId", channel, tenant, "user", ref, state, "changedAt")
    SELECT id, person, channel, tenant, "user", coalesce(ref::text, 'null'), 'reachable', at
    FROM json_to_recordset($$place::json) AS x(id text, person text, channel text, tenant text, "user" text, ref json, at bigint)),
  address AS (
    UPDATE "Address" a SET ref = coalesce(x.ref, a.ref), state = coalesce(x.state, a.state), "changedAt" = x.at
    FROM json_to_recordset($$address::json) AS x(id text, person text, ref text, state text, at bigint)
    WHERE ${among("a.id", "id", "address")} AND a.id = x.id AND a."personId" = x.person RETURNING 1)`;
const peopleRows = " + (SELECT count(*) FROM changed) + (SELECT count(*) FROM moved) + (SELECT count(*) FROM address)";

const time = `,
  fired AS (
    DELETE FROM "Timer" t USING json_to_recordset($$fired::json) AS x(person text, name text, due bigint)
    WHERE ${among('t."personId"', "person", "fired")}
      AND t."personId" = x.person AND t.name = x.name AND t.due = x.due RETURNING 1),
  again AS (
    UPDATE "Timer" t SET due = x.next, data = coalesce(x.data::text, 'null')
    FROM json_to_recordset($$again::json) AS x(person text, name text, due bigint, next bigint, data json)
    WHERE ${among('t."personId"', "person", "again")}
      AND t."personId" = x.person AND t.name = x.name AND t.due = x.due RETURNING 1),
  cancelled AS (
    DELETE FROM "Timer" t USING json_to_recordset($$cancelled::json) AS x(person text, name text)
    WHERE ${among('t."personId"', "person", "cancelled")} AND t."personId" = x.person AND t.name = x.name),
  timer AS (
    INSERT INTO "Timer"("personId", name, due, data)
    SELECT person, name, due, coalesce(data::text, 'null')
    FROM json_to_recordset($$timer::json) AS x(person text, name text, due bigint, data json)
    ON CONFLICT ("personId", name) DO UPDATE SET due = excluded.due, data = excluded.data)`;
const timeRows = " + (SELECT count(*) FROM fired) + (SELECT count(*) FROM again)";

const rest = `,
  alive AS (
    SELECT 1 FROM "Person" p WHERE ${among("p.id", "id", "alive")} FOR KEY SHARE),
  job AS (
    INSERT INTO "Job"(id, "personId", name, data, attempts, "notBefore", "createdAt")
    SELECT id, person, name, coalesce(data::text, 'null'), 0, at, at
    FROM json_to_recordset($$job::json) AS x(id text, person text, name text, data json, at bigint)),
  failed AS (
    INSERT INTO "FailedTurn"("personId", channel, tenant, "deliveryId", input, reason, at)
    SELECT person, channel, tenant, id, input, reason, at
    FROM json_to_recordset($$failed::json)
      AS x(person text, channel text, tenant text, id text, input text, reason text, at bigint))`;
const restRows = " + (SELECT count(*) FROM alive)";

/** Reaches rows by their key whatever the planner believes about the size of the table. */
function among(column: string, field: string, table: string): string {
  return `${column} = ANY(ARRAY(SELECT ${field} FROM json_to_recordset($$${table}::json) AS k(${field} text)))`;
}

/** Tables that only some turns write, in groups, so that there are few different statements for the server to keep. */
const groups = [
  { tables: ["new", "changed", "moved", "place", "address"], statements: people, rows: peopleRows },
  { tables: ["fired", "again", "cancelled", "timer"], statements: time, rows: timeRows },
  { tables: ["alive", "job", "failed"], statements: rest, rows: restRows },
] as const;

/**
 * Writes all turns of a batch in one statement, or none. The last line is the check: where a row that must be there is not
 * (a session that moved, a timer that fired elsewhere), it divides by zero and everything is undone.
 * Parts of one statement see the same snapshot and run in the order of the final select, sessions first and sorted,
 * so that two instances take their locks in one order.
 */
export function createWrite(pool: pg.Pool) {
  const texts = new Map<number, string>();
  return async (turns: readonly TurnWrite[], told: readonly string[]): Promise<void> => {
    const { tables, expected } = batchOf(turns);
    const json = (name: keyof typeof tables) => JSON.stringify(tables[name]);
    let mask = told.length > 0 ? 8 : 0;
    const values: unknown[] = [
      json("session"),
      expected,
      json("delivery"),
      json("record"),
      json("progress"),
      json("token"),
    ];
    values.push(json("outbox"));
    groups.forEach((group, index) => {
      if (!group.tables.some((table) => tables[table].length > 0)) return;
      mask |= 1 << index;
      for (const table of group.tables) values.push(json(table));
    });
    if (told.length > 0) values.push(JSON.stringify(told));
    const text = texts.get(mask) ?? statementOf(mask);
    texts.set(mask, text);
    try {
      await pool.query({ name: `write${mask}`, text, values });
    } catch (error) {
      throw classify(error);
    }
  };
}

function statementOf(mask: number): string {
  let statements = common;
  let rows = "(SELECT count(*) FROM session WHERE fits)";
  let next = 8;
  groups.forEach((group, index) => {
    if ((mask & (1 << index)) === 0) return;
    let part: string = group.statements;
    for (const table of group.tables) {
      const place = `$${next}::`;
      part = part.replaceAll(`$$${table}::`, () => place);
      next += 1;
    }
    statements += part;
    rows += group.rows;
  });
  const told =
    (mask & 8) === 0
      ? ""
      : `, (SELECT count(pg_notify('fadder', value)) FROM json_array_elements_text($${next}::json))`;
  return `WITH ${statements} SELECT 1 / CASE WHEN ${rows} = $2::int THEN 1 ELSE 0 END${told}`;
}
