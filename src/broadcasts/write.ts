import type { TokenMeaning } from "../engine/session.ts";
import { type Sql, text } from "../store/sql.ts";
import { outboxStatus } from "../store/types.ts";
import { listed } from "./audience.ts";
import type { MessageRow } from "./rows.ts";

const { waiting, streamed } = outboxStatus;

/** One person's delivery as planning writes it. */
export interface PlannedRow {
  /** Person. */
  readonly p: string;
  /** Address; null where nothing is sent. */
  readonly a: string | null;
  /** Why it is skipped; null where it is not. */
  readonly r: string | null;
}

/** Rows given as JSON text in `$1`, as a table x. */
function given(sql: Sql, columns: Readonly<Record<string, "text" | "bigint">>): string {
  if (sql.kind === "sqlite") {
    const fields = Object.keys(columns).map((name) => `value ->> '$.${name}' AS ${name}`);
    return `(SELECT ${fields.join(", ")} FROM json_each($1)) x`;
  }
  const fields = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
  return `json_to_recordset(CAST($1 AS json)) AS x(${fields.join(", ")})`;
}

/** A step of planning: how far it was, how far it is then, and its rows. */
export interface PlanStep {
  readonly broadcast: string;
  readonly from: string | null;
  readonly to: string | null;
  /** Nobody is left behind this step. */
  readonly last: boolean;
  readonly rows: readonly PlannedRow[];
  readonly now: number;
}

/**
 * Writes one step of planning: all of it, or nothing where another planner was faster or the broadcast is not being sent any
 * more (false). The cursor moves with the rows, so a planner that was killed and runs again adds nothing twice. Behind the last
 * step the cursor stands at the beginning again: messages are written from there.
 */
export function writeStep(sql: Sql, step: PlanStep): Promise<boolean> {
  return sql.transaction(async (inside) => {
    const moved = await inside.run(
      `UPDATE "Broadcast" SET cursor = $3, planned = $4, "changedAt" = $5
        WHERE id = $1 AND state = 'sending' AND planned = false AND cursor IS NOT DISTINCT FROM CAST($2 AS TEXT)`,
      [step.broadcast, step.from, step.last ? null : step.to, step.last, step.now],
    );
    if (moved !== 1) return false;
    if (inside.kind === "sqlite") await planOneByOne(inside, step);
    else if (step.rows.length > 0) await planTogether(inside, step);
    return true;
  });
}

// Whoever was erased since the page was read has no delivery; of two merged people one has.
const plan = `INSERT INTO "BroadcastDelivery"("broadcastId", "personId", "addressId", state, reason)`;

/** PostgreSQL: one statement, since every statement costs a way to the server. */
async function planTogether(inside: Sql, step: PlanStep): Promise<void> {
  await inside.run(
    `${plan} SELECT CAST($2 AS TEXT), x.p, x.a, CASE WHEN x.r IS NULL THEN 'planned' ELSE 'skipped' END, x.r
      FROM ${given(inside, { p: "text", a: "text", r: "text" })}
      WHERE EXISTS (SELECT 1 FROM "Person" q WHERE q.id = x.p) ON CONFLICT DO NOTHING`,
    [JSON.stringify(step.rows), step.broadcast],
  );
}

/** SQLite: a prepared statement, since taking rows out of JSON costs several times as much as writing them. */
async function planOneByOne(inside: Sql, { broadcast, rows }: PlanStep): Promise<void> {
  for (const { p, a, r } of rows) {
    await inside.run(
      `${plan} SELECT $1, $2, $3, $4, $5 WHERE EXISTS (SELECT 1 FROM "Person" q WHERE q.id = $2) ON CONFLICT DO NOTHING`,
      [broadcast, p, a, r === null ? "planned" : "skipped", r],
    );
  }
}

/**
 * Takes those of these people whose delivery is in the state `from` at this moment for another try, and returns who they are.
 * The broadcast is being sent again with it; nobody where it was cancelled meanwhile. Of two who ask at once, for all or for one
 * row, each person is sent to for one of them: whoever has an open message of it is left out.
 */
export async function takeAgain(
  inside: Sql,
  broadcast: string,
  from: "failed" | "unknown",
  people: readonly string[],
  now: number,
): Promise<ReadonlySet<string>> {
  const resumed = await inside.run(
    `UPDATE "Broadcast" SET state = 'sending', "changedAt" = $2 WHERE id = $1 AND state IN ('sending', 'done')`,
    [broadcast, now],
  );
  if (resumed !== 1) return new Set();
  const json = JSON.stringify(people);
  // What is kept of the earlier try must not be sent beside the new one. It goes first: whoever sends that row again waits for it.
  await inside.run(
    `DELETE FROM "Outbox" WHERE status >= 2 AND status <> ${streamed} AND class = 2 AND payload LIKE $1
      AND "addressId" IN (SELECT a.id FROM "BroadcastDelivery" d JOIN "Address" a ON a."personId" = d."personId"
        WHERE d."broadcastId" = $2 AND d.state = '${from}' AND d."personId" IN ${listed(inside, "$3")})`,
    [messagesOf(broadcast), broadcast, json],
  );
  const taken = await inside.all(
    `UPDATE "BroadcastDelivery" SET state = 'planned', reason = NULL
      WHERE "broadcastId" = $1 AND state = '${from}' AND "personId" IN ${listed(inside, "$2")}
        AND NOT EXISTS (${openMessage('"BroadcastDelivery"', "$3")}) RETURNING "personId"`,
    [broadcast, json, messagesOf(broadcast)],
  );
  return new Set(taken.map((row) => text(row, "personId")));
}

/** The open message of a delivery `d`, in the chat that the delivery names; `place` has `messagesOf` its broadcast. */
export function openMessage(d: string, place: string): string {
  return `SELECT 1 FROM "Outbox" o WHERE o."addressId" = ${d}."addressId" AND o.class = 2 AND o.status <= 1 AND o.payload LIKE ${place}`;
}

/** Writes messages with their tokens and what is known of their deliveries. */
export async function writeMessages(
  inside: Sql,
  broadcast: string,
  rows: readonly MessageRow[],
  meaning: TokenMeaning,
  now: number,
): Promise<void> {
  if (rows.length === 0) return;
  if (inside.kind === "sqlite") await messagesOneByOne(inside, broadcast, rows, meaning, now);
  else await messagesTogether(inside, broadcast, rows, meaning, now);
}

const message = `INSERT INTO "Outbox"(lane, "addressId", "personId", class, status, payload, "notBefore", attempts, "mayBeSent", "createdAt")`;
// The token may be there from an earlier try.
const token = `INSERT INTO "Token"(token, "personId", meaning, at)`;

async function messagesTogether(
  inside: Sql,
  broadcast: string,
  rows: readonly MessageRow[],
  meaning: TokenMeaning,
  now: number,
): Promise<void> {
  const json = JSON.stringify(rows);
  const x = given(inside, { p: "text", a: "text", s: "text", l: "text", c: "text", n: "bigint", t: "text" });
  await inside.run(
    `${message} SELECT x.l, x.a, x.p, 2, CASE WHEN x.s = 'sent' THEN ${streamed} ELSE ${waiting} END, x.c, x.n, 0, false,
      CAST($2 AS BIGINT) FROM ${x}`,
    [json, now],
  );
  await inside.run(
    `${token} SELECT x.t, x.p, CAST($2 AS TEXT), CAST($3 AS BIGINT) FROM ${x} ON CONFLICT (token) DO NOTHING`,
    [json, JSON.stringify(meaning), now],
  );
  await inside.run(
    `UPDATE "BroadcastDelivery" SET "addressId" = x.a, state = x.s, "sentAt" = CASE WHEN x.s = 'sent' THEN CAST($3 AS BIGINT) END
      FROM ${x} WHERE "broadcastId" = $2 AND "personId" = x.p`,
    [json, broadcast, now],
  );
}

async function messagesOneByOne(
  inside: Sql,
  broadcast: string,
  rows: readonly MessageRow[],
  meaning: TokenMeaning,
  now: number,
): Promise<void> {
  const means = JSON.stringify(meaning);
  for (const row of rows) {
    const status = row.s === "sent" ? streamed : waiting;
    await inside.run(`${message} VALUES ($1, $2, $3, 2, $4, $5, $6, 0, false, $7)`, [
      row.l,
      row.a,
      row.p,
      status,
      row.c,
      row.n,
      now,
    ]);
    await inside.run(`${token} VALUES ($1, $2, $3, $4) ON CONFLICT (token) DO NOTHING`, [row.t, row.p, means, now]);
    await inside.run(
      `UPDATE "BroadcastDelivery" SET "addressId" = $3, state = $4, "sentAt" = $5 WHERE "broadcastId" = $1 AND "personId" = $2`,
      [broadcast, row.p, row.a, row.s, row.s === "sent" ? now : null],
    );
  }
}

/** Messages of a broadcast, by the beginning of their parts. */
export function messagesOf(broadcast: string): string {
  return `[{"id":"b:${broadcast}:%`;
}

/** Some deliveries of a broadcast after a person's id; `end` is null behind the last. */
export async function windowAfter(sql: Sql, broadcast: string, after: string, limit: number): Promise<string | null> {
  const [row] = await sql.all(
    `SELECT "personId" FROM "BroadcastDelivery" WHERE "broadcastId" = $1 AND "personId" > $2
      ORDER BY "personId" LIMIT 1 OFFSET ${limit - 1}`,
    [broadcast, after],
  );
  return row === undefined ? null : text(row, "personId");
}

/** How many deliveries one statement looks at: well below 50 ms. */
const windowSize = 2_000;

/** Goes through all deliveries of a broadcast in pieces, letting others run in between, until `work` says that it is enough. */
export async function eachWindow(
  sql: Sql,
  broadcast: string,
  work: (where: string, values: readonly string[]) => Promise<boolean>,
): Promise<void> {
  let after = "";
  for (;;) {
    const end = await windowAfter(sql, broadcast, after, windowSize);
    const upTo = end === null ? "" : `AND d."personId" <= $3`;
    const where = `d."broadcastId" = $1 AND d."personId" > $2 ${upTo}`;
    if (await work(where, end === null ? [broadcast, after] : [broadcast, after, end])) return;
    if (end === null) return;
    after = end;
    await new Promise(setImmediate);
  }
}

/** The first person whose message still waits, and whether one is written. Whoever was erased meanwhile does not count. */
export async function firstOpen(
  sql: Sql,
  broadcast: string,
): Promise<{ readonly person: string; readonly written: boolean } | undefined> {
  let found: { readonly person: string; readonly written: boolean } | undefined;
  await eachWindow(sql, broadcast, async (where, values) => {
    const [row] = await sql.all(
      `SELECT d."personId", CASE WHEN EXISTS (${openMessage("d", `$${values.length + 1}`)}) THEN 1 ELSE 0 END AS written
        FROM "BroadcastDelivery" d WHERE ${where} AND d.state = 'planned'
        AND EXISTS (SELECT 1 FROM "Person" p WHERE p.id = d."personId") ORDER BY d."personId" LIMIT 1`,
      [...values, messagesOf(broadcast)],
    );
    if (row !== undefined) found = { person: text(row, "personId"), written: row.written === 1 };
    return row !== undefined;
  });
  return found;
}

/**
 * Takes back everything of a cancelled broadcast that has not left, written or not. What is under way at this moment may still
 * arrive. Returns whether something is.
 */
export async function takeWaiting(sql: Sql, broadcast: string): Promise<boolean> {
  let left = 0;
  await eachWindow(sql, broadcast, async (where, values) => {
    const place = `$${values.length + 1}`;
    const given = [...values, messagesOf(broadcast)];
    left += await sql.transaction(async (inside) => {
      await inside.run(
        `DELETE FROM "Outbox" WHERE status <= 1 AND status = ${waiting} AND class = 2 AND "mayBeSent" = false AND payload LIKE ${place}
          AND "addressId" IN (SELECT d."addressId" FROM "BroadcastDelivery" d WHERE ${where} AND d.state = 'planned')`,
        given,
      );
      await inside.run(
        `UPDATE "BroadcastDelivery" AS d SET state = 'cancelled' WHERE ${where} AND d.state = 'planned'
          AND NOT EXISTS (${openMessage("d", place)})`,
        given,
      );
      return (
        await inside.all(
          `SELECT 1 AS one FROM "BroadcastDelivery" d WHERE ${where} AND d.state = 'planned' LIMIT 1`,
          values,
        )
      ).length;
    });
    return false;
  });
  return left > 0;
}
