import { parsed } from "./rows.ts";
import { number, type Sql, text } from "./sql.ts";
import type { Job, Store } from "./types.ts";

/** A job that was handed out is not handed out again for this long, milliseconds, so that a killed instance's jobs are repeated. */
const takenMs = 60_000;

/** Jobs: each is handed to one instance at a time until it is done or failed. None while held. */
export function createJobs(sql: Sql): Pick<Store, "jobs" | "jobDone" | "jobFailed"> {
  const skipLocked = sql.kind === "sqlite" ? "" : "FOR UPDATE SKIP LOCKED";
  return {
    async jobs(now, limit) {
      const ready = `"notBefore" <= $1 AND ("takenUntil" IS NULL OR "takenUntil" <= $1)
        AND NOT EXISTS (SELECT 1 FROM "Meta" WHERE key = 'held')`;
      const [first] = await sql.all(`SELECT id FROM "Job" WHERE ${ready} LIMIT 1`, [now]);
      if (first === undefined) return [];
      const rows = await sql.all(
        `WITH ready AS MATERIALIZED (SELECT id FROM "Job" WHERE ${ready} ORDER BY "createdAt", id LIMIT $3 ${skipLocked})
          UPDATE "Job" SET "takenUntil" = $2 WHERE id IN (SELECT id FROM ready)
          RETURNING id, "personId", name, data, attempts, "createdAt"`,
        [now, now + takenMs, limit],
      );
      const order = (row: (typeof rows)[number]) =>
        `${String(number(row, "createdAt")).padStart(16, "0")}:${text(row, "id")}`;
      return [...rows]
        .sort((one, other) => (order(one) < order(other) ? -1 : 1))
        .map(
          (row): Job => ({
            id: text(row, "id"),
            personId: text(row, "personId"),
            name: text(row, "name"),
            data: parsed(row.data),
            attempts: number(row, "attempts"),
          }),
        );
    },
    async jobDone(id) {
      await sql.run(`DELETE FROM "Job" WHERE id = $1`, [id]);
    },
    async jobFailed(id, notBefore) {
      await sql.run(`UPDATE "Job" SET attempts = attempts + 1, "notBefore" = $2, "takenUntil" = NULL WHERE id = $1`, [
        id,
        notBefore,
      ]);
    },
  };
}
