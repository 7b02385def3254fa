import type pg from "pg";
import { claimColumns, claimedRows, editedTokens, moreColumn, sortSettlements } from "../claims.ts";
import { createFlights, noteStep } from "../flights.ts";
import { classOf } from "../rows.ts";
import { number, type Row, text } from "../sql.ts";
import { type OutboxStore, outboxStatus, StoreError } from "../types.ts";
import { classify } from "./errors.ts";

const { waiting, sending } = outboxStatus;

// $1 lane, $2 holder, $3 epoch, $4 now, $5 sent, $6 again, $7 ended, $8 messages, $9 seqs of $5 and $7, $10 busy, $11 classes, $12 limit,
// $13 rows under way, $14 facts of broadcasts.
// `own` is the fence: a take-over waits for a running step, and a later step of the old holder sees another epoch. All parts see
// the snapshot from before, so rows settled here are left out of "the first unfinished row of its chat and class" by number.
const statement = `WITH
  own AS MATERIALIZED (SELECT 1 AS one FROM "Lane" WHERE name = $1 AND holder = $2 AND epoch = $3 FOR SHARE),
  sent AS (DELETE FROM "Outbox" o USING own WHERE o.seq = ANY($5::int[])),
  again AS (
    UPDATE "Outbox" o SET status = ${waiting}, "notBefore" = x."notBefore", attempts = x.attempts, payload = x.parts::text
    FROM own, json_to_recordset($6::json) AS x(seq int, "notBefore" bigint, attempts int, parts json)
    WHERE ${among("o.seq", "seq int", "$6")} AND o.seq = x.seq),
  ended AS (
    UPDATE "Outbox" o SET status = x.status, code = x.code, "settledAt" = $4, payload = coalesce(x.parts, o.payload)
    FROM own, json_to_recordset($7::json) AS x(seq int, status int, code text, parts text)
    WHERE ${among("o.seq", "seq int", "$7")} AND o.seq = x.seq),
  messages AS (
    UPDATE "Token" t SET "messageId" = x."messageId"
    FROM own, json_to_recordset($8::json) AS x(token text, "messageId" text)
    WHERE ${among("t.token", "token text", "$8")} AND t.token = x.token),
  facts AS (
    UPDATE "BroadcastDelivery" d SET state = x.state, reason = x.reason, "sentAt" = CASE WHEN x.state = 'sent' THEN $4::bigint END
    FROM own, json_to_recordset($14::json) AS x(broadcast text, person text, state text, reason text)
    WHERE ${among('d."broadcastId"', "broadcast text", "$14")} AND ${among('d."personId"', "person text", "$14")}
      AND d."broadcastId" = x.broadcast AND d."personId" = x.person AND d.state <> 'sent'),
  next AS MATERIALIZED (
    SELECT seq, class FROM (SELECT DISTINCT ON (n."addressId") n.*, k.class FROM own, unnest($11::int[]) AS k(class), LATERAL (
      SELECT o.seq, o."notBefore", o."addressId" FROM "Outbox" o
      WHERE o.lane = $1 AND o.class = k.class AND o.status = 0 AND o."notBefore" <= $4
        AND o."addressId" <> ALL($10::text[]) AND o.seq <> ALL($13::int[])
        AND o.seq = (SELECT e.seq FROM "Outbox" e WHERE e."addressId" = o."addressId" AND e.class = o.class
          AND e.status <= 1 AND e.seq <> ALL($9::int[]) ORDER BY e.seq LIMIT 1)
      ORDER BY o."notBefore", o.seq LIMIT $12) n
      ORDER BY n."addressId", k.class) AS one
    ORDER BY class, "notBefore", seq LIMIT $12),
  marked AS (UPDATE "Outbox" o SET status = ${sending} WHERE o.seq = ANY(ARRAY(SELECT seq FROM next WHERE class > 0)))
  SELECT f.held, c.* FROM (SELECT count(*) AS held FROM own) f LEFT JOIN (
    SELECT ${claimColumns}, o."notBefore", ${moreColumn("AND e.seq <> ALL($9::int[])")}
    FROM next, LATERAL (SELECT * FROM "Outbox" WHERE seq = next.seq LIMIT 1) o,
      LATERAL (SELECT * FROM "Address" WHERE id = o."addressId" LIMIT 1) a
  ) c ON true ORDER BY c.class, c."notBefore", c.seq`;

/** Reaches rows by their key whatever the planner believes about the size of the table. */
function among(column: string, field: string, parameter: string): string {
  return `${column} = ANY(ARRAY(SELECT k.* FROM json_to_recordset(${parameter}::json) AS k(${field})))`;
}

// Rows that a step without an answer may have marked, which nobody was given.
const sweep = `UPDATE "Outbox" SET status = ${waiting} WHERE lane = $1 AND status >= 1 AND status = ${sending} AND seq <> ALL($4::int[])
  AND EXISTS (SELECT 1 FROM "Lane" WHERE name = $1 AND holder = $2 AND epoch = $3)`;

/** One step of a lane on PostgreSQL: one statement. */
export function createStep(pool: pg.Pool): OutboxStore["step"] {
  const query = async (name: string, text: string, values: unknown[]): Promise<readonly Row[]> => {
    try {
      return (await pool.query<Row>({ name, text, values })).rows;
    } catch (error) {
      throw classify(error);
    }
  };
  const flightOf = createFlights();
  const alone: OutboxStore["step"] = async (lease, holder, now, settle, claim) => {
    const { sent, again, ended, messages, facts } = sortSettlements(settle);
    const flight = flightOf(lease);
    const underWay = [...flight.seqs];
    if (flight.unsure) await query("sweep", sweep, [lease.name, holder, lease.epoch, underWay]);
    flight.unsure = true;
    const rows = await query("step", statement, [
      lease.name,
      holder,
      lease.epoch,
      now,
      sent,
      JSON.stringify(again.map(({ seq, notBefore, attempts, parts }) => ({ seq, notBefore, attempts, parts }))),
      JSON.stringify(
        ended.map(({ seq, outcome, code, parts }) => ({
          seq,
          status: outboxStatus[outcome],
          code,
          parts: parts === undefined ? null : JSON.stringify(parts),
        })),
      ),
      JSON.stringify(messages),
      [...sent, ...ended.map((row) => row.seq)],
      claim.busy,
      claim.kind === undefined ? [0, 1, 2] : [classOf(claim.kind)],
      claim.limit,
      underWay,
      JSON.stringify(facts),
    ]);
    if (rows[0]?.held !== 1) {
      throw new StoreError("conflict", `lane ${lease.name} is not held at epoch ${lease.epoch} any more`);
    }
    const claimed = rows.filter((row) => row.seq !== null);
    const messageIds = await messagesOf(editedTokens(claimed));
    noteStep(
      flight,
      settle,
      claimed.map((row) => ({ seq: number(row, "seq") })),
    );
    flight.unsure = false;
    return claimedRows(claimed, messageIds);
  };
  const messagesOf = async (tokens: readonly string[]): Promise<ReadonlyMap<string, string>> => {
    if (tokens.length === 0) return new Map();
    const rows = await query(
      "messages",
      `SELECT token, "messageId" FROM "Token" WHERE token = ANY($1) AND "messageId" IS NOT NULL`,
      [tokens],
    );
    return new Map(rows.map((row) => [text(row, "token"), text(row, "messageId")]));
  };
  return (...given) => {
    const flight = flightOf(given[0]);
    const step = flight.last.then(() => alone(...given));
    flight.last = step.catch(() => undefined);
    return step;
  };
}
