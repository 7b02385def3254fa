import type { Database } from "../store/client.ts";
import type { Display } from "./facts.ts";

/** A row of the table of certificates. */
export type AwardRow = NonNullable<Awaited<ReturnType<Database["award"]["findUnique"]>>>;

/** Why a certificate was withdrawn. `erased` is set by erasing alone. */
export const reasons = ["expired", "request", "conduct", "mistake"] as const;
export type Reason = (typeof reasons)[number];

/** Where a certificate stands at an instant. */
export type Standing = "valid" | "early" | "expired" | "withdrawn" | "superseded" | "erased";

/** Where a certificate stands at `now` (epoch milliseconds). */
export function standingAt(
  row: Pick<AwardRow, "state" | "reason" | "validFrom" | "validUntil" | "extendedUntil">,
  now: number,
): Standing {
  if (row.reason === erased) return "erased";
  if (row.state === "withdrawn") return "withdrawn";
  if (row.state === "superseded") return "superseded";
  if (now < Number(row.validFrom)) return "early";
  const until = untilOf(row);
  return until !== null && now >= until ? "expired" : "valid";
}

/** Until when a certificate is valid, epoch milliseconds; null: for good. */
export function untilOf(row: Pick<AwardRow, "validUntil" | "extendedUntil">): number | null {
  const until = row.extendedUntil ?? row.validUntil;
  return until === null ? null : Number(until);
}

/** The reason of what is left of a certificate whose owner was erased. */
export const erased = "erased";

/** What an award says in the open. */
export function displayIn(row: Pick<AwardRow, "display">): Display {
  return JSON.parse(row.display) as Display;
}

/** What the sealed parts of an award are bound to. */
export const sealed = {
  purpose: "certificate",
  name: (id: string): string => `${id}:name`,
  credential: (id: string): string => `${id}:credential`,
} as const;

/** What is left of a certificate whose owner was erased: its place in the list, marked, so that nobody else gets it. */
export function emptied(now: number) {
  const nothing = new Uint8Array();
  return {
    personId: null,
    name: nothing,
    credential: nothing,
    state: "withdrawn",
    reason: erased,
    withdrawnAt: BigInt(now),
    changedAt: BigInt(now),
    assessmentId: null,
    hours: "{}",
    showName: false,
    showProgramme: false,
    nextAt: null,
  };
}
