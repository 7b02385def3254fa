import type { Database } from "../store/client.ts";
import { outboxStatus } from "../store/types.ts";

/** A message that was not sent or may not have been, without its text. */
export interface Unsent {
  readonly seq: number;
  readonly personId: string;
  /** `unknown`, `rejected` or `gone` of `outboxStatus`. */
  readonly status: number;
  readonly code: string | null;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/**
 * Messages to these people that did not arrive, the newest first. Read by organisation and address: the outbox has no index by person,
 * and the one of what is settled is only used where its condition stands in the statement.
 */
export async function unsentTo(
  db: Database,
  people: readonly { readonly personId: string; readonly organisationId: string }[],
): Promise<readonly Unsent[]> {
  const wanted = new Set(people.map(({ personId }) => personId));
  const found = new Map<number, Unsent>();
  const { unknown, rejected, gone } = outboxStatus;
  for (const organisationId of new Set(people.map((one) => one.organisationId))) {
    const rows = await db.$queryRaw<
      { seq: number; personId: string; status: number; code: string | null; createdAt: bigint }[]
    >`
      SELECT o.seq, m."personId", o.status, o.code, o."createdAt" FROM "Membership" m
        JOIN "Address" a ON a."personId" = m."personId"
        JOIN "Outbox" o ON o."addressId" = a.id AND o.status >= 2
        WHERE m."organisationId" = ${organisationId} AND m.state = 'active'
          AND o.status IN (${unknown}, ${rejected}, ${gone})`;
    for (const { seq, personId, status, code, createdAt } of rows) {
      if (!wanted.has(personId)) continue;
      const row = { seq: Number(seq), personId, status: Number(status), code, createdAt: Number(createdAt) };
      found.set(row.seq, row);
    }
  }
  return [...found.values()].sort((one, other) => other.seq - one.seq);
}
