import type { BroadcastOf, ClaimedRow } from "./types.ts";

/** The id of a broadcast's part, by which its settled row finds the person's delivery again. */
export function partIdOf({ broadcast, person }: BroadcastOf): string {
  return `b:${broadcast}:${person}`;
}

/** The delivery that a claimed row stands for; undefined where it is none of a broadcast. */
export function deliveryOf(row: Pick<ClaimedRow, "kind" | "parts">): BroadcastOf | undefined {
  if (row.kind !== "broadcast") return undefined;
  const [, broadcast, person] = /^b:([^:]+):(.+)$/u.exec(row.parts[0]?.id ?? "") ?? [];
  return broadcast === undefined || person === undefined ? undefined : { broadcast, person };
}
