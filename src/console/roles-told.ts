import { rolesOf } from "../people/grants.ts";
import { organisationChoices } from "./people-data.ts";
import { tellPerson } from "./tell.ts";
import type { ConsoleDeps, Visit } from "./types.ts";

/** Writes a change of roles down, and lets the person's own chat know and follow. */
export async function tellRole(
  visit: Visit,
  deps: ConsoleDeps,
  change: {
    readonly personId: string;
    readonly role: string;
    readonly organisationId: string;
    readonly given: boolean;
    /** For a deputy: whom they stand in for. */
    readonly deputyFor?: string | null;
  },
): Promise<void> {
  const { db } = deps.store;
  const { personId, role, organisationId, given, deputyFor } = change;
  await deps.audit({
    actor: visit.person.id,
    action: given ? "role.give" : "role.take",
    subject: personId,
    organisationId,
    detail: { role, ...(deputyFor ? { deputyFor } : {}) },
  });
  const [roles, [place]] = await Promise.all([
    rolesOf(db, personId, deps.now()),
    organisationChoices(db, [organisationId]),
  ]);
  const data = { roles: [...roles], role, given, organisation: place?.label ?? "" };
  const heard = await tellPerson(deps, personId, "roles", data);
  // Without any chat no turn can ever change this row.
  if (!heard) await db.person.update({ where: { id: personId }, data: { roles: JSON.stringify(roles) } });
}
