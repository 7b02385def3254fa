import type { Database } from "../store/client.ts";
import { type AwardRow, emptied } from "./award.ts";
import { beginLists } from "./status.ts";

/** What a copy that is put back may not know: keys, lists, and which certificates do not count any more. */
export interface Since {
  readonly keys: readonly {
    id: string;
    secret: Uint8Array<ArrayBuffer>;
    createdAt: bigint;
    retiredAt: bigint | null;
  }[];
  readonly lists: readonly { id: string; issuer: string; size: number; createdAt: bigint }[];
  readonly gone: readonly AwardRow[];
}

type Db = Pick<Database, "award" | "signingKey" | "statusList">;

/** Reads it from the database that is about to be replaced. */
export async function sinceIn(db: Db): Promise<Since> {
  return {
    keys: await db.signingKey.findMany(),
    lists: await db.statusList.findMany(),
    gone: await db.award.findMany({ where: { state: { not: "valid" } } }),
  };
}

/**
 * Makes it so again in a restored database: what was withdrawn stays withdrawn, and what a newer key signed goes on to be checked.
 * Returns how many certificates counted again in the copy. Of one that the copy does not know its place in the list stays marked.
 * `now`: epoch milliseconds.
 */
export async function withdrawAgain(db: Db, since: Since, now: number): Promise<number> {
  for (const { id, secret, createdAt, retiredAt } of since.keys)
    await db.signingKey.upsert({ where: { id }, create: { id, secret, createdAt, retiredAt }, update: { retiredAt } });
  for (const list of since.lists) await db.statusList.upsert({ where: { id: list.id }, create: list, update: {} });
  await beginLists(db, now);
  let count = 0;
  for (const row of since.gone) {
    const { id, state, reason, withdrawnAt, supersededBy, changedAt } = row;
    const data = { state, reason, withdrawnAt, supersededBy, changedAt, nextAt: null };
    const changed = await db.award.updateMany({ where: { id, state: "valid" }, data });
    count += changed.count;
    if (changed.count > 0 || (await db.award.findUnique({ where: { id } })) !== null) continue;
    await db.award.create({ data: { ...row, ...emptied(Number(row.withdrawnAt ?? row.changedAt)) } });
  }
  return count;
}
