import { dayMs, hourMs } from "../domain/durations.ts";
import type { Database } from "../store/client.ts";
import { createAudit } from "./audit.ts";
import { type AllSettings, loadSettings, retentionBounds, retentionOf } from "./settings.ts";
import { rootId } from "./standing.ts";

/** Rows looked at or deleted at once: on SQLite the whole process waits for a statement. */
const piece = 200;

type Db = Pick<
  Database,
  "organisation" | "question" | "note" | "membership" | "broadcast" | "broadcastDelivery" | "audit"
>;

/**
 * Deletes what organisations want deleted sooner than everybody's bounds, once an hour; the bounds themselves are the store's. How many
 * rows of which table stands in the audit trail. `now` is epoch milliseconds; several instances may do it at once.
 */
export function createShorterRetention(db: Db, now: () => number): () => Promise<void> {
  let doneAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const at = now();
    if (Math.abs(at - doneAt) < hourMs) return;
    doneAt = at;
    const settings = await loadSettings(db);
    const organisations = await db.organisation.findMany({ select: { id: true } });
    const counts: Record<string, number> = {};
    const counted = (table: string, count: number): void => {
      if (count > 0) counts[table] = (counts[table] ?? 0) + count;
    };
    for (const { id } of organisations) {
      const { questions, announcements } = retentionOf(settings.of(id));
      if (questions < retentionBounds.questions) counted("Question", await questionsOf(db, id, at - questions * dayMs));
      if (announcements < retentionBounds.announcements) {
        counted("BroadcastDelivery", await announcementsOf(db, id, at - announcements * dayMs));
      }
    }
    const shortest = Math.min(...organisations.map(({ id }) => retentionOf(settings.of(id)).notes));
    if (shortest < retentionBounds.notes) counted("Note", await notes(db, settings, shortest, at));
    if (Object.keys(counts).length > 0) {
      await createAudit(db, now)({ actor: "system", action: "retention", detail: counts });
    }
  };
}

/** Questions that are answered or closed, with their answers. */
async function questionsOf(db: Db, organisationId: string, before: number): Promise<number> {
  const where = { organisationId, state: { in: ["answered", "closed"] }, changedAt: { lt: BigInt(before) } };
  for (let total = 0; ; ) {
    const rows = await db.question.findMany({ where, select: { id: true }, take: piece });
    if (rows.length === 0) return total;
    total += (await db.question.deleteMany({ where: { id: { in: rows.map(({ id }) => id) } } })).count;
  }
}

async function announcementsOf(db: Db, organisationId: string, before: number): Promise<number> {
  const sent = await db.broadcast.findMany({
    where: { organisationId, state: { in: ["done", "cancelled"] }, changedAt: { lt: BigInt(before) } },
    select: { id: true },
  });
  let total = 0;
  for (const { id: broadcastId } of sent) {
    for (;;) {
      const rows = await db.broadcastDelivery.findMany({
        where: { broadcastId },
        select: { personId: true },
        take: piece,
      });
      if (rows.length === 0) break;
      const personId = { in: rows.map((row) => row.personId) };
      total += (await db.broadcastDelivery.deleteMany({ where: { broadcastId, personId } })).count;
    }
  }
  return total;
}

/** Notes about somebody, by the longest of the times that their organisations want. */
async function notes(db: Db, settings: AllSettings, shortest: number, now: number): Promise<number> {
  let total = 0;
  for (let after = 0; ; ) {
    const rows = await db.note.findMany({
      where: { id: { gt: after }, at: { lt: BigInt(now - shortest * dayMs) } },
      select: { id: true, personId: true, at: true },
      orderBy: { id: "asc" },
      take: piece,
    });
    const last = rows.at(-1);
    if (last === undefined) return total;
    after = last.id;
    const members = await db.membership.findMany({
      where: { personId: { in: rows.map(({ personId }) => personId) } },
      select: { personId: true, organisationId: true },
    });
    const old = rows.filter(({ personId, at }) => {
      const places = members.filter((one) => one.personId === personId).map((one) => one.organisationId);
      const days = (places.length === 0 ? [rootId] : places).map((id) => retentionOf(settings.of(id)).notes);
      return Number(at) < now - Math.max(...days) * dayMs;
    });
    total += (await db.note.deleteMany({ where: { id: { in: old.map(({ id }) => id) } } })).count;
  }
}
