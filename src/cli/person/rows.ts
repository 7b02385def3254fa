import type { Store } from "../../store/types.ts";
import { idsOf } from "./erase.ts";

/** Columns that hold JSON as text, in some of the tables at least. */
const JSON_COLUMNS = new Set(["rhythm", "roles", "ref", "state", "data", "meaning", "payload"]);

/** Rows of every table that names the person, as plain JSON; undefined where there is no such person. */
export async function everythingAbout(
  store: Store,
  personId: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { db } = store;
  const where = { personId: { in: [...(await idsOf(store, personId))] } };
  // One statement at a time: an export need not hurry, and the server beside it should not notice.
  const person = await db.person.findUnique({ where: { id: personId } });
  if (person === null) return undefined;
  const tables = {
    person: [person],
    addresses: await db.address.findMany({ where }),
    session: await db.session.findMany({ where }),
    progress: await db.progress.findMany({ where }),
    record: await db.record.findMany({ where, orderBy: { id: "asc" } }),
    timers: await db.timer.findMany({ where }),
    jobs: await db.job.findMany({ where }),
    questions: await db.token.findMany({ where, orderBy: { at: "asc" } }),
    messages: await db.outbox.findMany({ where, orderBy: { seq: "asc" } }),
    deliveries: await db.delivery.findMany({ where, orderBy: { at: "asc" } }),
    failedTurns: await db.failedTurn.findMany({ where, orderBy: { id: "asc" } }),
    invites: await db.invite.findMany({ where: { usedBy: personId } }),
  };
  return Object.fromEntries(Object.entries(tables).map(([table, rows]) => [table, rows.map(plain)]));
}

/** Instants as dates, JSON columns as JSON. What is encrypted stays so: it is there to repair a fault and ends in days. */
function plain(row: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]): [string, unknown] => {
      if (typeof value === "bigint") return [name, new Date(Number(value)).toISOString()];
      if (value instanceof Uint8Array) return [name, { encrypted: Buffer.from(value).toString("base64") }];
      const isJson = JSON_COLUMNS.has(name) && typeof value === "string" && /^[[{]|^null$/.test(value);
      return [name, isJson ? JSON.parse(value) : value];
    }),
  );
}
