import type { Tree } from "../people/access.ts";
import { organisationTree, rootId } from "../people/standing.ts";
import type { Database } from "../store/client.ts";

type Db = Pick<Database, "grant" | "organisation" | "person" | "membership">;

/** Where a question belongs. */
export interface Place {
  readonly organisationId: string;
  readonly cohortId: string | null;
  /** The coordinator who looks after the person. */
  readonly caredBy: string | null;
  readonly programme: string | null;
}

interface Holder {
  readonly personId: string;
  readonly role: string;
  readonly organisationId: string;
  readonly programme: string | null;
  readonly deputyFor: string | null;
}

/** Where a person's questions belong: to the membership that changed last, else to the organisation at the top. */
export async function placeOf(db: Db, personId: string): Promise<Place> {
  return (await placesOf(db, [personId])).get(personId) ?? nowhere;
}

/** The places of several people in one go; who belongs nowhere in particular is at the top. */
export async function placesOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, Place>> {
  const rows = await db.membership.findMany({
    where: {
      personId: { in: [...ids] },
      state: { in: ["active", "paused", "finished", "alumni", "applied", "waiting"] },
    },
    include: { cohort: { select: { programme: true } } },
    orderBy: { changedAt: "desc" },
  });
  const present = rows.filter(({ state }) => state === "active" || state === "paused");
  const found = new Map<string, Place>(ids.map((id) => [id, nowhere]));
  // The last one set counts: what is present, and of that the newest.
  for (const { personId, organisationId, cohortId, caredBy, cohort } of [...rows.reverse(), ...present.reverse()])
    found.set(personId, { organisationId, cohortId, caredBy, programme: cohort.programme });
  return found;
}

const nowhere: Place = { organisationId: rootId, cohortId: null, caredBy: null, programme: null };

/** The programme that a question is about; null where it belongs to no cohort. */
export async function programmeOf(db: Pick<Database, "cohort">, cohortId: string | null): Promise<string | null> {
  if (cohortId === null) return null;
  const cohort = await db.cohort.findUnique({ where: { id: cohortId }, select: { programme: true } });
  return cohort?.programme ?? null;
}

/**
 * The ids of those who get a question or a notice about somebody: the coordinator who looks after the person, as long as they have a
 * role there, else the coordinators of the organisation or of the nearest one above that has any. Whoever is away is replaced by
 * their deputies, until the deputies' time is over. Empty where there is nobody at all.
 */
export async function responsibleFor(db: Db, place: Omit<Place, "cohortId">, now: number): Promise<readonly string[]> {
  const [holders, tree] = await Promise.all([holdersOf(db, ["coordinator", "deputy"], now), organisationTree(db)]);
  const up = chain(tree, place.organisationId);
  const fitting = holders.filter((one) => fits(one, place.programme));
  const there = fitting.filter((one) => up.includes(one.organisationId));
  const own = there.some(({ personId, role }) => role === "coordinator" && personId === place.caredBy);
  const found =
    own && place.caredBy !== null ? [place.caredBy] : (up.map((id) => inside(there, id)).find(notEmpty) ?? []);
  const present = found.flatMap((personId) => {
    const deputies = there.filter(({ deputyFor }) => deputyFor === personId).map((one) => one.personId);
    return deputies.length > 0 ? deputies : [personId];
  });
  if (present.length > 0) return [...new Set(present)];
  // Whoever was named coordinator without an organisation, by the command line's invitation.
  return fitting.some(({ role }) => role === "coordinator") ? [] : named(db, "coordinator");
}

/** Those above: the coordinators of the nearest organisation above that has any beside `known`, else the administrators. */
export async function responsibleAbove(
  db: Db,
  place: Pick<Place, "organisationId" | "programme">,
  known: readonly string[],
  now: number,
): Promise<readonly string[]> {
  const [holders, tree] = await Promise.all([
    holdersOf(db, ["coordinator", "deputy", "admin"], now),
    organisationTree(db),
  ]);
  const strangers = holders.filter((one) => !known.includes(one.personId) && fits(one, place.programme));
  const up = chain(tree, place.organisationId);
  const next = up
    .slice(1)
    .map((id) => inside(strangers, id))
    .find(notEmpty);
  if (next !== undefined) return next;
  const admins = strangers.filter(({ role }) => role === "admin");
  const nearest = up
    .map((id) => admins.filter((one) => one.organisationId === id).map((one) => one.personId))
    .find(notEmpty);
  return [...new Set(nearest ?? [])];
}

/** Whoever has one programme only is not asked about what belongs to none. */
function fits(holder: Holder, programme: string | null): boolean {
  return holder.programme === null || holder.programme === programme;
}

/** Coordinators of one organisation, and deputies that stand in for nobody in particular. */
function inside(holders: readonly Holder[], organisationId: string): readonly string[] {
  return [
    ...new Set(
      holders
        .filter((one) => one.organisationId === organisationId && one.role !== "admin" && one.deputyFor === null)
        .map((one) => one.personId),
    ),
  ];
}

/** Whoever has one of these roles at this moment and any chat at all: a message to the others would reach nobody. */
async function holdersOf(db: Db, roles: readonly string[], now: number): Promise<readonly Holder[]> {
  return db.grant.findMany({
    where: {
      role: { in: [...roles] },
      OR: [{ until: null }, { until: { gt: BigInt(now) } }],
      person: { addresses: { some: {} } },
    },
    select: { personId: true, role: true, organisationId: true, programme: true, deputyFor: true },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
}

/** Whoever is called so without ever having had a grant; one that has ended is no role any more. */
async function named(db: Db, role: string): Promise<readonly string[]> {
  const rows = await db.person.findMany({
    where: { roles: { contains: `"${role}"` }, grants: { none: { role } } },
    select: { id: true },
  });
  return rows.map((row) => row.id);
}

/** An organisation and everything above it, the nearest first. */
function chain(tree: Tree, organisationId: string): readonly string[] {
  const found: string[] = [];
  let at: string | null | undefined = organisationId;
  while (typeof at === "string" && !found.includes(at)) {
    found.push(at);
    at = tree.get(at);
  }
  return found;
}

function notEmpty(list: readonly string[]): boolean {
  return list.length > 0;
}
