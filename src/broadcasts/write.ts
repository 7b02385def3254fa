import type { TokenMeaning } from "../engine/session.ts";
import { number, type Sql, text } from "../store/sql.ts";
import { outboxStatus } from "../store/types.ts";
import type { PlannedRow } from "./rows.ts";

const columns = { p: "text", a: "text", s: "text", r: "text", l: "text", c: "text", n: "bigint", t: "text" };
const { waiting, streamed } = outboxStatus;

/** Rows given as JSON text in `$1`, as a table x. */
function given(sql: Sql): string {
  if (sql.kind === "sqlite") {
    const fields = Object.keys(columns).map((name) => `value ->> '$.${name}' AS ${name}`);
    return `(SELECT ${fields.join(", ")} FROM json_each($1)) x`;
  }
  const fields = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
  return `json_to_recordset(CAST($1 AS json)) AS x(${fields.join(", ")})`;
}

/** A list given as JSON text in a placeholder, as a sub-select. */
function listed(sql: Sql, place: string): string {
  return sql.kind === "sqlite"
    ? `(SELECT value FROM json_each(${place}))`
    : `(SELECT json_array_elements_text(CAST(${place} AS json)))`;
}

/** A step of planning: how far it was, how far it is then, and its rows. */
export interface PlanStep {
  readonly broadcast: string;
  readonly from: string | null;
  readonly to: string | null;
  /** Nobody is left behind this step. */
  readonly last: boolean;
  readonly rows: readonly PlannedRow[];
  readonly meaning: TokenMeaning;
  readonly now: number;
}

/**
 * Writes one step of planning: all of it, or nothing where another planner was faster or the broadcast is not being sent any
 * more (false). The cursor moves with the rows, so a planner that was killed and runs again adds nothing twice.
 */
export function writeStep(sql: Sql, step: PlanStep): Promise<boolean> {
  return sql.transaction(async (inside) => {
    const moved = await inside.run(
      `UPDATE "Broadcast" SET cursor = $3, planned = $4, "changedAt" = $5
        WHERE id = $1 AND state = 'sending' AND planned = false AND coalesce(cursor, '') = $2`,
      [step.broadcast, step.from ?? "", step.to, step.last, step.now],
    );
    if (moved !== 1) return false;
    if (inside.kind === "sqlite") await insertOneByOne(inside, step);
    else if (step.rows.length > 0) await insertTogether(inside, step);
    return true;
  });
}

/** PostgreSQL: a statement per table, since every statement costs a way to the server. */
async function insertTogether(inside: Sql, step: PlanStep): Promise<void> {
  const rows = JSON.stringify(step.rows);
  await inside.run(
    `INSERT INTO "BroadcastDelivery"("broadcastId", "personId", "addressId", state, reason, "sentAt")
      SELECT CAST($2 AS TEXT), x.p, x.a, x.s, x.r, CASE WHEN x.s = 'sent' THEN CAST($3 AS BIGINT) END FROM ${given(inside)}`,
    [rows, step.broadcast, step.now],
  );
  await insertMessages(inside, rows, step.meaning, step.now, false);
}

/** SQLite: prepared statements, since taking rows out of JSON costs several times as much as writing them. */
async function insertOneByOne(inside: Sql, { broadcast, rows, meaning, now }: PlanStep): Promise<void> {
  const means = JSON.stringify(meaning);
  for (const row of rows) {
    await inside.run(
      `INSERT INTO "BroadcastDelivery"("broadcastId", "personId", "addressId", state, reason, "sentAt") VALUES ($1, $2, $3, $4, $5, $6)`,
      [broadcast, row.p, row.a, row.s, row.r, row.s === "sent" ? now : null],
    );
    if (row.c === null || row.t === null) continue;
    await inside.run(
      `INSERT INTO "Outbox"(lane, "addressId", "personId", class, status, payload, "notBefore", attempts, "mayBeSent", "createdAt")
        VALUES ($1, $2, $3, 2, $4, $5, $6, 0, false, $7)`,
      [row.l, row.a, row.p, row.l === "" ? streamed : waiting, row.c, row.n, now],
    );
    await inside.run(`INSERT INTO "Token"(token, "personId", meaning, at) VALUES ($1, $2, $3, $4)`, [
      row.t,
      row.p,
      means,
      now,
    ]);
  }
}

/**
 * Sends again to those of these people whose delivery is in the state `from` at this moment; returns how many they were.
 * Of two who ask for it at once each person is sent to for one of them.
 */
export function writeAgain(
  sql: Sql,
  again: {
    readonly broadcast: string;
    readonly from: "failed" | "unknown";
    readonly rows: readonly PlannedRow[];
    readonly meaning: TokenMeaning;
    readonly now: number;
  },
): Promise<number> {
  const sendable = again.rows.filter((row) => row.c !== null);
  if (sendable.length === 0) return Promise.resolve(0);
  return sql.transaction(async (inside) => {
    const taken = await inside.all(
      `UPDATE "BroadcastDelivery" SET state = 'planned', reason = NULL
        WHERE "broadcastId" = $1 AND state = '${again.from}' AND "personId" IN ${listed(inside, "$2")} RETURNING "personId"`,
      [again.broadcast, JSON.stringify(sendable.map((row) => row.p))],
    );
    const people = new Set(taken.map((row) => text(row, "personId")));
    const rows = sendable.filter((row) => people.has(row.p));
    if (rows.length === 0) return 0;
    const json = JSON.stringify(rows);
    await inside.run(
      `UPDATE "BroadcastDelivery" SET "addressId" = x.a, state = x.s, "sentAt" = CASE WHEN x.s = 'sent' THEN CAST($3 AS BIGINT) END
        FROM ${given(inside)} WHERE "broadcastId" = $2 AND "personId" = x.p`,
      [json, again.broadcast, again.now],
    );
    // What is kept of the earlier try must not be sent beside the new one.
    await inside.run(
      `DELETE FROM "Outbox" WHERE status >= 2 AND status <> ${streamed} AND class = 2 AND payload LIKE $1
        AND "addressId" IN (SELECT a.id FROM "Address" a WHERE a."personId" IN ${listed(inside, "$2")})`,
      [messagesOf(again.broadcast), JSON.stringify(rows.map((row) => row.p))],
    );
    await insertMessages(inside, json, again.meaning, again.now, true);
    return rows.length;
  });
}

/** Writes message rows and tokens. `known`: the tokens may be there from an earlier try. */
async function insertMessages(
  inside: Sql,
  rows: string,
  meaning: TokenMeaning,
  now: number,
  known: boolean,
): Promise<void> {
  await inside.run(
    `INSERT INTO "Outbox"(lane, "addressId", "personId", class, status, payload, "notBefore", attempts, "mayBeSent", "createdAt")
      SELECT x.l, x.a, x.p, 2, CASE WHEN x.l = '' THEN ${streamed} ELSE ${waiting} END, x.c, x.n, 0, false, CAST($2 AS BIGINT)
      FROM ${given(inside)} WHERE x.c IS NOT NULL`,
    [rows, now],
  );
  await inside.run(
    `INSERT INTO "Token"(token, "personId", meaning, at) SELECT x.t, x.p, CAST($2 AS TEXT), CAST($3 AS BIGINT)
      FROM ${given(inside)} WHERE x.t IS NOT NULL ${known ? "ON CONFLICT (token) DO NOTHING" : ""}`,
    [rows, JSON.stringify(meaning), now],
  );
}

/** Messages of a broadcast, by the beginning of their parts. */
function messagesOf(broadcast: string): string {
  return `[{"id":"b:${broadcast}:%`;
}

/** Some deliveries of a broadcast after a person's id; `end` is null behind the last. */
async function windowAfter(sql: Sql, broadcast: string, after: string, limit: number): Promise<string | null> {
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

/** Whether somebody's message still waits or is under way. Whoever was erased meanwhile does not count. */
export async function isUnderWay(sql: Sql, broadcast: string): Promise<boolean> {
  let found = false;
  await eachWindow(sql, broadcast, async (where, values) => {
    const [row] = await sql.all(
      `SELECT count(*) AS open FROM (SELECT 1 AS one FROM "BroadcastDelivery" d WHERE ${where} AND d.state = 'planned'
        AND EXISTS (SELECT 1 FROM "Person" p WHERE p.id = d."personId") LIMIT 1) o`,
      values,
    );
    found = row !== undefined && number(row, "open") > 0;
    return found;
  });
  return found;
}

/** Takes back the messages of a cancelled broadcast that have not left. What is under way at this moment may still arrive. */
export async function takeWaiting(sql: Sql, broadcast: string): Promise<void> {
  await eachWindow(sql, broadcast, async (where, values) => {
    const open = await sql.all(
      `SELECT d."personId", d."addressId" FROM "BroadcastDelivery" d WHERE ${where} AND d.state = 'planned'`,
      values,
    );
    if (open.length > 0)
      await takePiece(
        sql,
        broadcast,
        open.map((row) => text(row, "addressId")),
      );
    return false;
  });
}

async function takePiece(sql: Sql, broadcast: string, addresses: readonly string[]): Promise<void> {
  await sql.transaction(async (inside) => {
    const gone = await inside.all(
      `DELETE FROM "Outbox" WHERE status <= 1 AND status = ${waiting} AND class = 2 AND "mayBeSent" = false AND payload LIKE $1
        AND "addressId" IN ${listed(inside, "$2")} RETURNING "addressId"`,
      [messagesOf(broadcast), JSON.stringify(addresses)],
    );
    if (gone.length === 0) return;
    await inside.run(
      `UPDATE "BroadcastDelivery" SET state = 'cancelled' WHERE "broadcastId" = $1 AND state = 'planned'
        AND "addressId" IN ${listed(inside, "$2")}`,
      [broadcast, JSON.stringify(gone.map((row) => text(row, "addressId")))],
    );
  });
}
