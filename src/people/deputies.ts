import type { Database } from "../store/client.ts";
import { holds } from "./access.ts";
import { organisationTree, type Standing, standingOf } from "./standing.ts";

/** What a deputy would get: for whom, where, and for which programme (null: every one). */
export interface StandIn {
  readonly deputyFor: string;
  readonly organisationId: string;
  readonly programme: string | null;
}

/**
 * Whether somebody may name a deputy for this coordinator there: a deputy gets what the coordinator has and never more, and whoever
 * names one is the coordinator, or decides about the coordinator's own role.
 */
export async function mayNameDeputy(
  db: Pick<Database, "grant" | "organisation">,
  giver: Standing,
  given: StandIn,
  now: number,
): Promise<boolean> {
  const [coordinator, tree] = await Promise.all([standingOf(db, given.deputyFor, now), organisationTree(db)]);
  const reached = coordinator.held.filter(
    ({ organisationId, programme }) =>
      giver.personId === given.deputyFor || giver.may("roles.change", { organisationId, programme }),
  );
  return holds(reached, tree, "coordinator", given, now);
}
