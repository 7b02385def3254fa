import { project } from "../domain/progress.ts";
import { emptySession, type PersonState, type RecordEntry, type Session } from "../engine/session.ts";
import type { Address, Json } from "../engine/types.ts";
import type { Database } from "../store/client.ts";

/** A person with session and addresses, as jobs need them. */
export interface LoadedPerson {
  readonly person: PersonState;
  readonly session: Session;
  readonly rev: number;
  /** The address used last first, then the one that changed last; unreachable ones last. */
  readonly addresses: readonly Address[];
}

/** Reads one person beside the hot path; undefined where there is none (any more). */
export async function loadPerson(db: Database, id: string): Promise<LoadedPerson | undefined> {
  const row = await db.person.findUnique({ where: { id }, include: { session: true, addresses: true } });
  if (!row) return undefined;
  return {
    person: {
      id: row.id,
      name: row.name,
      language: row.language,
      secondLanguage: row.secondLanguage,
      timeZone: row.timeZone,
      timeZoneKnown: row.timeZoneKnown,
      rhythm: row.rhythm === null ? null : (JSON.parse(row.rhythm) as PersonState["rhythm"]),
      pausedUntil: row.pausedUntil === null ? null : Number(row.pausedUntil),
      stopped: row.stopped,
      roles: JSON.parse(row.roles) as string[],
    },
    session: row.session ? (JSON.parse(row.session.state) as Session) : emptySession,
    rev: row.session?.rev ?? 0,
    addresses: inOrder(row),
  };
}

/** Where somebody is, and where they are written to. */
export interface Whereabouts {
  readonly timeZone: string;
  /** Undefined where they have no address. */
  readonly address: Address | undefined;
}

/** The whereabouts of several people in one go; who is not there (any more) is not in it. */
export async function whereaboutsOf(db: Database, ids: readonly string[]): Promise<ReadonlyMap<string, Whereabouts>> {
  const rows = await db.person.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, timeZone: true, addressId: true, addresses: true },
  });
  return new Map(rows.map((row) => [row.id, { timeZone: row.timeZone, address: inOrder(row)[0] }]));
}

type AddressRow = Awaited<ReturnType<Database["address"]["findMany"]>>[number];

function inOrder(person: {
  readonly addressId: string;
  readonly addresses: readonly AddressRow[];
}): readonly Address[] {
  const rank = (address: AddressRow): number => {
    if (address.state === "gone") return 2;
    return address.id === person.addressId ? 0 : 1;
  };
  return [...person.addresses]
    .sort((one, other) => rank(one) - rank(other) || Number(other.changedAt - one.changedAt))
    .map(({ channel, tenant, user, ref }) => ({ channel, tenant, user, ref: JSON.parse(ref) as Json }));
}

/** The record of one or several persons, the oldest entry first; of two entries under one key the older one counts. */
export async function loadRecord(db: Database, persons: readonly string[]): Promise<readonly RecordEntry[]> {
  const rows = await db.record.findMany({
    where: { personId: { in: [...persons] } },
    orderBy: [{ at: "asc" }, { id: "asc" }],
  });
  const keys = new Set<string>();
  return rows.flatMap((row): RecordEntry[] => {
    if (keys.has(row.key)) return [];
    keys.add(row.key);
    return [
      {
        type: row.type,
        key: row.key,
        programme: row.programme,
        version: row.version,
        data: JSON.parse(row.data) as Json,
        at: Number(row.at),
      },
    ];
  });
}

/** Progress computed anew from the record. */
export async function progressFromRecord(db: Database, persons: readonly string[]): Promise<Json> {
  return project(null, await loadRecord(db, persons));
}
