import type { Database } from "../store/client.ts";
import { type Action, type Held, holds, may, type Role, reach, roles, type Tree, type Where } from "./access.ts";

/** The organisation at the top, which every deployment has. */
export const rootId = "root";

/** What one person may do, as of one moment. */
export interface Standing {
  readonly personId: string;
  readonly held: readonly Held[];
  may(action: Action, where?: Where): boolean;
  /** The ids of the organisations in which the person may do this for every programme. */
  within(action: Action): readonly string[];
  /** The ids of those in which the person may do this for some programme at least: ask `may` about each thing there. */
  withinSome(action: Action): readonly string[];
}

/**
 * Reads what a person may do; `now` is epoch milliseconds. Whoever stands in for a coordinator may do so only as long as that person
 * is coordinator there.
 */
export async function standingOf(
  db: Pick<Database, "grant" | "organisation">,
  personId: string,
  now: number,
): Promise<Standing> {
  const [grants, tree] = await Promise.all([db.grant.findMany({ where: { personId } }), organisationTree(db)]);
  const deputised = [...new Set(grants.flatMap((grant) => (standsIn(grant) ? [grant.deputyFor ?? ""] : [])))];
  const theirs =
    deputised.length === 0
      ? []
      : await db.grant.findMany({ where: { personId: { in: deputised }, role: "coordinator" } });
  const held = grants.flatMap((grant): Held[] => {
    if (standsIn(grant)) {
      const own = theirs.filter(({ personId: id }) => id === grant.deputyFor).flatMap(heldOf);
      if (!holds(own, tree, "coordinator", grant, now)) return [];
    }
    return heldOf(grant);
  });
  return {
    personId,
    held,
    may: (action, where = {}) => may(held, tree, action, where, now),
    within: (action) => reach(held, tree, action, "every", now),
    withinSome: (action) => reach(held, tree, action, "some", now),
  };
}

interface StoredGrant {
  readonly role: string;
  readonly organisationId: string;
  readonly programme: string | null;
  readonly deputyFor: string | null;
  readonly until: bigint | null;
}

function standsIn({ role, deputyFor }: StoredGrant): boolean {
  return role === "deputy" && deputyFor !== null;
}

function heldOf({ role: name, organisationId, programme, until }: StoredGrant): Held[] {
  const role = roleOf(name);
  return role === undefined ? [] : [{ role, organisationId, programme, until: until === null ? null : Number(until) }];
}

/** All organisations with what they stand below. */
export async function organisationTree(db: Pick<Database, "organisation">): Promise<Tree> {
  const rows = await db.organisation.findMany({ select: { id: true, parentId: true } });
  return new Map(rows.map((row) => [row.id, row.parentId]));
}

/** A role by its name, where there is one. */
export function roleOf(name: string): Role | undefined {
  return roles.find((role) => role === name);
}
