import type { Sql } from "./sql.ts";
import { outboxStatus, type Upkeep } from "./types.ts";

const day = 24 * 60 * 60 * 1_000;

/** How long things are kept, milliseconds. */
export const retention = {
  /** Delivery ids and what was typed: the longest redelivery known is a day. */
  delivery: 7 * day,
  /** The sealed input of a turn that failed; its reason stays. */
  failedInput: 30 * day,
  /** Messages of web and terminal chats. */
  streamed: 30 * day,
  /** The texts of messages that were not sent; the row with its reason goes after `unsentRow`. */
  unsentPayload: 7 * day,
  unsentRow: 90 * day,
  /** Codes after they expired. */
  code: 30 * day,
  /** One-time links and sessions of the console after they expired. */
  signIn: 7 * day,
  /** Questions to people with their answers, after the last word. */
  question: 365 * day,
  note: 365 * day,
  /** Who got which announcement, after it was sent. */
  announced: 365 * day,
  /** Pictures that nothing shows any more. */
  picture: 30 * day,
  approval: 365 * day,
  /** Drafts of programmes that nobody touched. */
  draft: 365 * day,
  /** What a change looked like before, after it can no longer be undone. */
  undo: 1 * day,
  /** Who looked at whose data; answers about permissions that a later answer replaced. */
  proof: 3 * 365 * day,
  /** Reports of this very work. */
  report: 90 * day,
} as const;

/** One piece of work at a time stays below this, milliseconds: on SQLite the whole process waits for it. */
const pieceMs = 50;

interface Task {
  readonly table: string;
  /** Works on at most `$2` rows that are older than `$1`. */
  readonly statement: string;
  readonly olderThan: number;
}

const { unknown, rejected, gone, streamed } = outboxStatus;
const unsent = `status >= 1 AND status IN (${unknown}, ${rejected}, ${gone})`;

const tasks: readonly Task[] = [
  {
    table: "Delivery",
    olderThan: retention.delivery,
    statement: `DELETE FROM "Delivery" WHERE (channel, tenant, id) IN
      (SELECT channel, tenant, id FROM "Delivery" WHERE at < $1 LIMIT $2)`,
  },
  {
    table: "FailedTurn",
    olderThan: retention.failedInput,
    statement: `UPDATE "FailedTurn" SET input = '' WHERE id IN
      (SELECT id FROM "FailedTurn" WHERE at < $1 AND input <> '' ORDER BY at LIMIT $2)`,
  },
  {
    table: "Outbox",
    olderThan: retention.streamed,
    statement: `DELETE FROM "Outbox" WHERE seq IN
      (SELECT seq FROM "Outbox" WHERE status >= 1 AND lane = '' AND status = ${streamed} AND "createdAt" < $1 LIMIT $2)`,
  },
  {
    table: "Outbox",
    olderThan: retention.unsentRow,
    statement: `DELETE FROM "Outbox" WHERE seq IN (SELECT seq FROM "Outbox" WHERE ${unsent} AND "createdAt" < $1 LIMIT $2)`,
  },
  {
    table: "Outbox",
    olderThan: retention.unsentPayload,
    statement: `UPDATE "Outbox" SET payload = '[]' WHERE seq IN
      (SELECT seq FROM "Outbox" WHERE ${unsent} AND "settledAt" < $1 AND payload <> '[]' LIMIT $2)`,
  },
  {
    table: "LinkCode",
    olderThan: retention.code,
    statement: `DELETE FROM "LinkCode" WHERE "codeHash" IN (SELECT "codeHash" FROM "LinkCode" WHERE "expiresAt" < $1 LIMIT $2)`,
  },
  {
    table: "Invite",
    olderThan: retention.code,
    statement: `DELETE FROM "Invite" WHERE "codeHash" IN (SELECT "codeHash" FROM "Invite" WHERE "expiresAt" < $1 LIMIT $2)`,
  },
  {
    table: "SignIn",
    olderThan: retention.signIn,
    statement: `DELETE FROM "SignIn" WHERE "tokenHash" IN (SELECT "tokenHash" FROM "SignIn" WHERE "expiresAt" < $1 LIMIT $2)`,
  },
  {
    // It lives as long as the page promises, and no day longer.
    table: "SelfCheck",
    olderThan: 0,
    statement: `DELETE FROM "SelfCheck" WHERE "tokenHash" IN
      (SELECT "tokenHash" FROM "SelfCheck" WHERE "expiresAt" < $1 LIMIT $2)`,
  },
  {
    table: "ConsoleSession",
    olderThan: retention.signIn,
    statement: `DELETE FROM "ConsoleSession" WHERE "idHash" IN
      (SELECT "idHash" FROM "ConsoleSession" WHERE "expiresAt" < $1 LIMIT $2)`,
  },
  {
    // The texts go with their question. What nobody has answered stays: it is somebody's work.
    table: "Question",
    olderThan: retention.question,
    statement: `DELETE FROM "Question" WHERE id IN
      (SELECT id FROM "Question" WHERE state IN ('answered', 'closed') AND "changedAt" < $1 LIMIT $2)`,
  },
  {
    table: "Note",
    olderThan: retention.note,
    statement: `DELETE FROM "Note" WHERE id IN (SELECT id FROM "Note" WHERE at < $1 LIMIT $2)`,
  },
  {
    table: "BroadcastDelivery",
    olderThan: retention.announced,
    statement: `DELETE FROM "BroadcastDelivery" WHERE ("broadcastId", "personId") IN
      (SELECT d."broadcastId", d."personId" FROM "Broadcast" b JOIN "BroadcastDelivery" d ON d."broadcastId" = b.id
        WHERE b.state IN ('done', 'cancelled') AND b."changedAt" < $1 LIMIT $2)`,
  },
  {
    table: "Picture",
    olderThan: retention.picture,
    statement: `DELETE FROM "Picture" WHERE id IN (SELECT p.id FROM "Picture" p WHERE p."createdAt" < $1
      AND NOT EXISTS (SELECT 1 FROM "Organisation" o WHERE o.settings LIKE '%' || p.id || '%')
      AND NOT EXISTS (SELECT 1 FROM "Broadcast" b WHERE b.content LIKE '%' || p.id || '%') LIMIT $2)`,
  },
  {
    table: "Approval",
    olderThan: retention.approval,
    statement: `DELETE FROM "Approval" WHERE id IN (SELECT id FROM "Approval" WHERE "expiresAt" < $1 LIMIT $2)`,
  },
  {
    table: "ProgrammeDraft",
    olderThan: retention.draft,
    statement: `DELETE FROM "ProgrammeDraft" WHERE id IN (SELECT id FROM "ProgrammeDraft" WHERE "changedAt" < $1 LIMIT $2)`,
  },
  {
    table: "Undo",
    olderThan: retention.undo,
    statement: `DELETE FROM "Undo" WHERE id IN (SELECT id FROM "Undo" WHERE "expiresAt" < $1 LIMIT $2)`,
  },
  {
    table: "Consent",
    olderThan: retention.proof,
    statement: `DELETE FROM "Consent" WHERE id IN (SELECT c.id FROM "Consent" c WHERE c.at < $1 AND EXISTS
      (SELECT 1 FROM "Consent" o WHERE o."personId" = c."personId" AND o.purpose = c.purpose AND o.id > c.id) LIMIT $2)`,
  },
  {
    table: "Audit",
    olderThan: retention.proof,
    statement: `DELETE FROM "Audit" WHERE id IN (SELECT id FROM "Audit" WHERE at < $1 LIMIT $2)`,
  },
  {
    table: "Audit",
    olderThan: retention.report,
    statement: `DELETE FROM "Audit" WHERE id IN (SELECT id FROM "Audit" WHERE at < $1 AND action = 'retention' LIMIT $2)`,
  },
];

/** Held state and retention. */
export function createUpkeep(sql: Sql): Upkeep {
  return {
    async held() {
      return (await sql.all(`SELECT value FROM "Meta" WHERE key = 'held'`)).length > 0;
    },
    async release() {
      await sql.run(`DELETE FROM "Meta" WHERE key = 'held'`);
    },
    async empty(now) {
      const counts: Record<string, number> = {};
      for (const task of tasks) counts[task.table] = (counts[task.table] ?? 0) + (await inPieces(sql, task, now));
      const done = Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
      // The report stands in the trail, where whoever answers for the data looks.
      if (Object.keys(done).length > 0)
        await sql.run(`INSERT INTO "Audit"(at, actor, action, detail) VALUES ($1, 'system', 'retention', $2)`, [
          now,
          JSON.stringify(done),
        ]);
      return counts;
    },
  };
}

/** Small pieces first, larger ones as long as they stay well below the limit; other work gets in between. */
async function inPieces(sql: Sql, task: Task, now: number): Promise<number> {
  let total = 0;
  let rows = 100;
  for (;;) {
    // The real clock on purpose: this measures the machine, not the product's time.
    const started = performance.now();
    const done = await sql.run(task.statement, [now - task.olderThan, rows]);
    const took = performance.now() - started;
    total += done;
    if (done < rows) return total;
    if (took > pieceMs / 2) rows = Math.max(10, Math.floor(rows / 2));
    else if (took < pieceMs / 5) rows = Math.min(2_000, rows * 2);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
