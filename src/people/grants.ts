import { randomUUID } from "node:crypto";
import type { Database } from "../store/client.ts";
import type { Role } from "./access.ts";
import { standingOf } from "./standing.ts";

/** A role to be given. */
export interface NewGrant {
  readonly personId: string;
  readonly role: Role;
  readonly organisationId: string;
  readonly programme?: string | null;
  readonly deputyFor?: string;
  /** Epoch milliseconds. */
  readonly until?: number;
  /** A person's id; null for the command line. */
  readonly createdBy: string | null;
}

/**
 * Gives a role, once: the same role in the same organisation for the same programme stays one grant. A later end replaces an earlier
 * one, never the other way round: a role for good stays for good, and whoever wants it shorter takes it away first. `Person.roles`,
 * which dialogs see, is changed by a turn of the person (`rolesOf` says what to).
 */
export async function giveRole(db: Pick<Database, "grant">, given: NewGrant, now: number): Promise<string> {
  const { personId, role, organisationId, deputyFor, until, createdBy } = given;
  const programme = given.programme ?? null;
  const known = await db.grant.findFirst({
    where: { personId, role, organisationId, programme, deputyFor: deputyFor ?? null },
  });
  const end = until === undefined ? null : BigInt(until);
  if (known !== null) {
    const longer = known.until !== null && (end === null || end > known.until);
    if (longer) await db.grant.update({ where: { id: known.id }, data: { until: end } });
    return known.id;
  }
  const id = randomUUID();
  await db.grant.create({
    data: {
      id,
      personId,
      role,
      organisationId,
      programme,
      deputyFor: deputyFor ?? null,
      until: end,
      createdBy,
      createdAt: BigInt(now),
    },
  });
  return id;
}

/** The names of the roles that a person has at this moment, as dialogs see them. */
export async function rolesOf(
  db: Pick<Database, "grant" | "organisation">,
  personId: string,
  now: number,
): Promise<readonly string[]> {
  const { held } = await standingOf(db, personId, now);
  return [...new Set(held.flatMap(({ role, until }) => (until === null || until > now ? [role] : [])))].sort();
}
