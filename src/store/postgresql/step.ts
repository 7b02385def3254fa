import type pg from "pg";
import { claimColumns, claimedRows, editedTokens, moreColumn, sortSettlements } from "../claims.ts";
import { createFlights, noteStep } from "../flights.ts";
import { type Asked, goneRows, type Moved, moveOn } from "../moves.ts";
import { classOf } from "../rows.ts";
import { number, type Row, text } from "../sql.ts";
import { type OutboxStore, outboxStatus, StoreError } from "../types.ts";
import { classify } from "./errors.ts";
import { inTransaction } from "./pool.ts";

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
    UPDATE "BroadcastDelivery" d SET state = x.state, reason = x.reason, "sentAt" = CASE WHEN x.state = 'sent' THEN $4::bigint END,
      "deliveredAt" = CASE WHEN x.delivered THEN $4::bigint END
    FROM own, (SELECT y.*, coalesce(f."personId", y.person) AS now FROM
      json_to_recordset($14::json) AS y(broadcast text, person text, state text, reason text, delivered bool)
      LEFT JOIN "FormerPerson" f ON f.id = y.person) x
    WHERE ${among('d."broadcastId"', "broadcast text", "$14")} AND d."personId" = ANY(ARRAY(
        SELECT coalesce(f."personId", k.person) FROM json_to_recordset($14::json) AS k(person text) LEFT JOIN "FormerPerson" f ON f.id = k.person))
      AND d."broadcastId" = x.broadcast AND d."personId" = x.now AND d.state <> 'sent'),
  next AS MATERIALIZED (
    SELECT seq, class FROM (SELECT DISTINCT ON (n."addressId") n.*, k.class FROM own, unnest($11::int[]) AS k(class), LATERAL (
      SELECT o.seq, o."notBefore", o."addressId" FROM "Outbox" o
      WHERE o.lane = $1 AND o.class = k.class AND o.status = 0 AND o."notBefore" <= $4
        AND o."addressId" <> ALL($10::text[]) AND o.seq <> ALL($13::int[])
        AND o.seq = (SELECT e.seq FROM "Outbox" e WHERE e."addressId" = o."addressId" AND e.class = o.class
          AND e.status <= 1 AND e.seq <> ALL($9::int[]) ORDER BY e.seq LIMIT 1)
        AND EXISTS (SELECT 1 FROM "Address" a WHERE a.id = o."addressId")
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

/** One step of a lane on PostgreSQL: one statement, and a transaction around it where addresses are gone. */
export function createStep(pool: pg.Pool, onMoved: (moved: readonly Moved[]) => void): OutboxStore["step"] {
  type On = pg.Pool | pg.PoolClient;
  const query = async (on: On, name: string, text: string, values: unknown[]): Promise<readonly Row[]> => {
    try {
      return (await on.query<Row>({ name, text, values })).rows;
    } catch (error) {
      throw classify(error);
    }
  };
  const flightOf = createFlights();
  const alone: OutboxStore["step"] = async (...given) => {
    const gone = goneRows(given[3]);
    if (gone.length === 0) return onto(pool, given, new Set());
    const places = new Map<number, Moved>();
    const claimed = await inTransaction(pool, async (client) => {
      for (const row of gone) {
        const place = await runAll(client, moveOn(row, given[2]));
        if (place !== undefined) places.set(row.seq, place);
      }
      return onto(client, given, new Set(places.keys()));
    });
    onMoved([...places.values()]);
    return claimed;
  };
  async function onto(
    on: On,
    [lease, holder, now, settle, claim]: Parameters<OutboxStore["step"]>,
    moved: ReadonlySet<number>,
  ): ReturnType<OutboxStore["step"]> {
    const { sent, again, ended, messages, facts } = sortSettlements(settle, moved);
    const flight = flightOf(lease);
    const underWay = [...flight.seqs];
    if (flight.unsure) await query(on, "sweep", sweep, [lease.name, holder, lease.epoch, underWay]);
    flight.unsure = true;
    const rows = await query(on, "step", statement, [
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
    const messageIds = await messagesOf(on, editedTokens(claimed));
    noteStep(
      flight,
      settle,
      claimed.map((row) => ({ seq: number(row, "seq") })),
    );
    flight.unsure = false;
    return claimedRows(claimed, messageIds);
  }
  const messagesOf = async (on: On, tokens: readonly string[]): Promise<ReadonlyMap<string, string>> => {
    if (tokens.length === 0) return new Map();
    const rows = await query(
      on,
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

/** Runs statements that follow from one another. */
async function runAll<Result>(client: pg.PoolClient, steps: Generator<Asked, Result, readonly Row[]>): Promise<Result> {
  for (let next = steps.next(); ; ) {
    if (next.done === true) return next.value;
    const { text, values } = next.value;
    next = steps.next((await client.query<Row>(text, [...values])).rows);
  }
}
