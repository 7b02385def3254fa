import type { Connection } from "./file.ts";

/** The prepared statements of the hot path. */
export type HotStatements = ReturnType<typeof hotStatements>;

/** Prepares every statement that a turn may need; placeholders stand in the order of the call in hot.ts. */
export function hotStatements(connection: Connection) {
  const prepare = (text: string) => connection.prepare<unknown[]>(text);
  return {
    delivery: prepare(`INSERT INTO "Delivery"(channel, tenant, id, "personId", at, journal) VALUES (?, ?, ?, ?, ?, ?)`),
    personNew: prepare(
      `INSERT INTO "Person"(name, language, "secondLanguage", "timeZone", "timeZoneKnown", rhythm, "pausedUntil", stopped, roles,
        "addressId", "createdAt", id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    person: prepare(
      `UPDATE "Person" SET name = ?, language = ?, "secondLanguage" = ?, "timeZone" = ?, "timeZoneKnown" = ?, rhythm = ?,
        "pausedUntil" = ?, stopped = ?, roles = ?, "addressId" = coalesce(?, "addressId") WHERE id = ?`,
    ),
    lastAddress: prepare(`UPDATE "Person" SET "addressId" = ? WHERE id = ?`),
    alive: prepare(`SELECT 1 FROM "Person" WHERE id = ?`),
    addressNew: prepare(
      `INSERT INTO "Address"(id, "personId", channel, tenant, user, ref, state, "changedAt") VALUES (?, ?, ?, ?, ?, ?, 'reachable', ?)`,
    ),
    address: prepare(
      `UPDATE "Address" SET ref = coalesce(?, ref), state = coalesce(?, state), "changedAt" = ?,
        reason = CASE WHEN coalesce(?, state) = 'gone' THEN coalesce(?, reason) END WHERE id = ? AND "personId" = ?`,
    ),
    sessionNew: prepare(`INSERT INTO "Session"("personId", rev, state) VALUES (?, 1, ?)`),
    session: prepare(`UPDATE "Session" SET rev = ?, state = ? WHERE "personId" = ? AND rev = ?`),
    record: prepare(
      `INSERT INTO "Record"("personId", type, key, programme, version, data, at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ),
    progress: prepare(
      `INSERT INTO "Progress"("personId", state) VALUES (?, ?) ON CONFLICT ("personId") DO UPDATE SET state = excluded.state`,
    ),
    token: prepare(`INSERT INTO "Token"(token, "personId", meaning, "answerKey", at) VALUES (?, ?, ?, ?, ?)`),
    timerFired: prepare(`DELETE FROM "Timer" WHERE "personId" = ? AND name = ? AND due = ?`),
    timerCancel: prepare(`DELETE FROM "Timer" WHERE "personId" = ? AND name = ?`),
    timerSet: prepare(
      `INSERT INTO "Timer"("personId", name, due, data) VALUES (?, ?, ?, ?)
        ON CONFLICT ("personId", name) DO UPDATE SET due = excluded.due, data = excluded.data`,
    ),
    job: prepare(
      `INSERT INTO "Job"(id, "personId", name, data, attempts, "notBefore", "createdAt") VALUES (?, ?, ?, ?, 0, ?, ?)`,
    ),
    outbox: prepare(
      `INSERT INTO "Outbox"(lane, "addressId", "personId", class, status, payload, "notBefore", attempts, "mayBeSent", "createdAt")
        VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, ?)`,
    ),
    open: connection
      .prepare<unknown[], number>(`SELECT seq FROM "Outbox" WHERE "addressId" = ? AND class = 0 AND status <= 1`)
      .pluck(true),
    failed: prepare(
      `INSERT INTO "FailedTurn"("personId", channel, tenant, "deliveryId", input, reason, at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ),
  };
}
