import { kindOf, parsed } from "./rows.ts";
import { number, numberOrNull, type Row, type Sql, text } from "./sql.ts";
import { type Lease, type OutboxPart, type OutboxStore, outboxStatus } from "./types.ts";

/** Everything of the outbox that is the same text on both databases: leases, counts, streams. `step` is each database's own. */
export function createLanes(sql: Sql): Omit<OutboxStore, "step"> {
  const clock = clockOf(sql);
  return {
    async take(holder, names, leaseMs, limit) {
      const missing = await missingLanes(sql, names);
      const [state] = await sql.all(
        `SELECT (SELECT count(*) FROM "Meta" WHERE key = 'held') AS held,
          (SELECT count(*) FROM "Lane" WHERE until IS NULL OR until < ${clock}) AS free`,
      );
      if (state === undefined || number(state, "held") > 0) return [];
      if (missing.length === 0 && number(state, "free") === 0) return [];
      return sql.transaction(async (inside) => {
        for (const name of missing) {
          await inside.run(`INSERT INTO "Lane"(name, epoch) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING`, [name]);
        }
        const taken = await inside.all(
          `WITH free AS MATERIALIZED
              (SELECT name FROM "Lane" WHERE until IS NULL OR until < ${clock} ORDER BY name LIMIT $3 ${skipLocked(sql)})
            UPDATE "Lane" SET holder = $1, epoch = epoch + 1, until = ${clock} + $2 WHERE name IN (SELECT name FROM free)
            RETURNING name, epoch`,
          [holder, leaseMs, limit],
        );
        // A statement of its own: it must see what the last step of the holder before us has committed.
        for (const lane of taken) {
          await inside.run(
            `UPDATE "Outbox" SET status = ${outboxStatus.waiting}, "mayBeSent" = true
              WHERE lane = $1 AND status >= 1 AND status = ${outboxStatus.sending}`,
            [text(lane, "name")],
          );
        }
        return leases(taken);
      });
    },
    async renew(holder, leaseMs) {
      return leases(
        await sql.all(
          `UPDATE "Lane" SET until = ${clock} + $2 WHERE holder = $1 AND until >= ${clock} RETURNING name, epoch`,
          [holder, leaseMs],
        ),
      );
    },
    async release(holder) {
      await sql.run(`UPDATE "Lane" SET until = NULL, holder = NULL WHERE holder = $1`, [holder]);
    },
    ages: (now) => ages(sql, now),
    stream: (addressId, after, limit) => stream(sql, addressId, after, limit),
    async sendAgain(seq, now) {
      const rows = await sql.all(
        `UPDATE "Outbox" SET status = ${outboxStatus.waiting}, "notBefore" = $2, attempts = 0, "mayBeSent" = false, code = NULL,
          "settledAt" = NULL WHERE seq = $1 AND status = ${outboxStatus.unknown} AND payload <> '[]' RETURNING lane`,
        [seq, now],
      );
      return rows.length === 1;
    },
  };
}

/** The database's clock in epoch milliseconds. */
function clockOf(sql: Sql): string {
  return sql.kind === "sqlite"
    ? "CAST(unixepoch('subsec') * 1000 AS INTEGER)"
    : "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";
}

function skipLocked(sql: Sql): string {
  return sql.kind === "sqlite" ? "" : "FOR UPDATE SKIP LOCKED";
}

function leases(rows: readonly Row[]): readonly Lease[] {
  return rows.map((row) => ({ name: text(row, "name"), epoch: number(row, "epoch") }));
}

/** Lanes named by the caller or found in the outbox (jumping from one to the next in the index) that have no row yet. */
async function missingLanes(sql: Sql, names: readonly string[]): Promise<readonly string[]> {
  const found = await sql.all(
    `WITH RECURSIVE lanes(name) AS (
      SELECT min(lane) FROM "Outbox" WHERE status = 0 AND lane > ''
      UNION ALL
      SELECT (SELECT min(o.lane) FROM "Outbox" o WHERE o.status = 0 AND o.lane > lanes.name) FROM lanes WHERE lanes.name IS NOT NULL
    ) SELECT name FROM lanes WHERE name IS NOT NULL`,
  );
  const known = new Set((await sql.all(`SELECT name FROM "Lane"`)).map((row) => text(row, "name")));
  const wanted = new Set([...names, ...found.map((row) => text(row, "name"))]);
  return [...wanted].filter((name) => !known.has(name)).sort();
}

async function ages(sql: Sql, now: number): ReturnType<OutboxStore["ages"]> {
  const [lanes, waiting, rest] = await Promise.all([
    sql.all(`SELECT name FROM "Lane"`),
    sql.all(
      `SELECT lane, count(*) AS waiting, min("createdAt") AS oldest FROM "Outbox" WHERE status = 0 AND lane > '' AND "notBefore" <= $1 GROUP BY lane`,
      [now],
    ),
    sql.all(
      `SELECT lane, status, count(*) AS rows FROM "Outbox" WHERE status >= 1 AND lane > '' GROUP BY lane, status`,
    ),
  ]);
  const names = new Set([
    ...lanes.map((row) => text(row, "name")),
    ...[...waiting, ...rest].map((row) => text(row, "lane")),
  ]);
  return [...names].sort().map((lane) => {
    const ready = waiting.find((row) => row.lane === lane);
    const count = (status: number) => {
      const row = rest.find((candidate) => candidate.lane === lane && candidate.status === status);
      return row === undefined ? 0 : number(row, "rows");
    };
    return {
      lane,
      waiting: ready === undefined ? 0 : number(ready, "waiting"),
      oldestAt: ready === undefined ? null : numberOrNull(ready, "oldest"),
      unknown: count(outboxStatus.unknown),
      failed: count(outboxStatus.rejected) + count(outboxStatus.gone),
    };
  });
}

async function stream(
  sql: Sql,
  addressId: string,
  after: number | undefined,
  limit: number,
): ReturnType<OutboxStore["stream"]> {
  const select = `SELECT seq, class, payload, "createdAt" FROM "Outbox"
    WHERE "addressId" = $1 AND status >= 2 AND status = ${outboxStatus.streamed} AND seq > $2 ORDER BY seq`;
  const rows =
    after === undefined
      ? [...(await sql.all(`${select} DESC LIMIT $3`, [addressId, 0, limit]))].reverse()
      : await sql.all(`${select} LIMIT $3`, [addressId, after, limit]);
  return rows.map((row) => ({
    seq: number(row, "seq"),
    kind: kindOf(row.class),
    parts: parsed<readonly OutboxPart[]>(row.payload),
    createdAt: number(row, "createdAt"),
  }));
}
