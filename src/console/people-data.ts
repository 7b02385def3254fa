import type { Catalogue } from "../domain/programme.ts";
import { progressIn, readProgress } from "../domain/progress.ts";
import type { Session } from "../engine/session.ts";
import type { Json } from "../engine/types.ts";
import { organisationTree, rootId, type Standing } from "../people/standing.ts";
import type { Database } from "../store/client.ts";

/** Whether somebody can be written to: `nowhere` never had an address, `gone` has none that works any more. */
export type Reach = "ok" | "gone" | "nowhere" | "stopped" | "paused";

/** Somebody in a list, as one organisation sees them. */
export interface Listed {
  readonly id: string;
  readonly name: string;
  /** Names of cohorts and organisations, of those memberships that may be seen. */
  readonly cohorts: string;
  readonly organisations: string;
  /** The programmes of those cohorts; undefined: every programme may be seen. */
  readonly programmes: readonly string[] | undefined;
  readonly reach: Reach;
}

/** What somebody did so far. */
export interface Activity {
  /** When they last did something themselves, epoch milliseconds; null: never. */
  readonly seenAt: number | null;
  /** Finished lessons and passed checks. */
  readonly done: number;
  readonly of: number;
}

/** Persons read at once for what is computed from their state. */
const piece = 500;

const personFields = {
  id: true,
  name: true,
  stopped: true,
  pausedUntil: true,
  addresses: { select: { state: true } },
} as const;

/**
 * Whom somebody with this standing sees: the members of their organisations in the programmes that are theirs, and with the top also
 * everybody without membership. `within` narrows it to one organisation and what stands below it.
 */
export async function listPeople(
  db: Database,
  standing: Standing,
  now: number,
  within?: ReadonlySet<string>,
): Promise<readonly Listed[]> {
  const organisations = standing.withinSome("people.see").filter((id) => within === undefined || within.has(id));
  const top = organisations.includes(rootId) && seesAll(standing);
  const rows = await db.membership.findMany({
    where: { organisationId: { in: organisations } },
    select: {
      personId: true,
      organisationId: true,
      cohort: { select: { name: true, programme: true } },
      organisation: { select: { name: true } },
      person: { select: personFields },
    },
  });
  const memberships = rows.filter(({ organisationId, cohort }) => seesMember(standing, organisationId, cohort));
  const loose = top ? await db.person.findMany({ where: { memberships: { none: {} } }, select: personFields }) : [];
  const found = new Map<string, Listed>();
  for (const { personId, person, cohort, organisation } of memberships) {
    const known = found.get(personId);
    found.set(personId, {
      ...(known ?? facts(person, now)),
      cohorts: joined(known?.cohorts, cohort.name),
      organisations: joined(known?.organisations, organisation.name),
      programmes: top ? undefined : [...new Set([...(known?.programmes ?? []), cohort.programme])],
    });
  }
  for (const person of loose) found.set(person.id, { ...facts(person, now), programmes: undefined });
  return [...found.values()];
}

/** Whether somebody sees everybody there is. */
export function seesAll(standing: Standing): boolean {
  return standing.may("people.see", { organisationId: rootId, programme: null });
}

/** Whether somebody sees the members of an organisation in a cohort: a role may be for one programme. */
export function seesMember(
  standing: Standing,
  organisationId: string,
  cohort: { readonly programme: string },
): boolean {
  return standing.may("people.see", { organisationId, programme: cohort.programme });
}

function facts(
  person: {
    readonly id: string;
    readonly name: string;
    readonly stopped: boolean;
    readonly pausedUntil: bigint | null;
    readonly addresses: readonly { readonly state: string }[];
  },
  now: number,
) {
  const { id, name, addresses } = person;
  return { id, name, cohorts: "", organisations: "", programmes: undefined, reach: reachOf(addresses, person, now) };
}

/** Whether somebody can be written to at this moment. */
export function reachOf(
  addresses: readonly { readonly state: string }[],
  person: { readonly stopped: boolean; readonly pausedUntil: bigint | null },
  now: number,
): Reach {
  if (addresses.length === 0) return "nowhere";
  if (addresses.every(({ state }) => state === "gone")) return "gone";
  if (person.stopped) return "stopped";
  return person.pausedUntil !== null && Number(person.pausedUntil) > now ? "paused" : "ok";
}

function joined(before: string | undefined, name: string): string {
  if (before === undefined || before === "") return name;
  return before.split(", ").includes(name) ? before : `${before}, ${name}`;
}

/** What these people did, read piece by piece so that nobody waits for a large list. */
export async function activityOf(
  db: Database,
  catalogue: Catalogue,
  people: readonly Pick<Listed, "id" | "programmes">[],
): Promise<ReadonlyMap<string, Activity>> {
  const found = new Map<string, Activity>();
  for (let at = 0; at < people.length; at += piece) {
    const some = people.slice(at, at + piece);
    const where = { personId: { in: some.map(({ id }) => id) } };
    const [sessions, progress] = await Promise.all([
      db.session.findMany({ where, select: { personId: true, state: true } }),
      db.progress.findMany({ where, select: { personId: true, state: true } }),
    ]);
    const seen = new Map(sessions.map(({ personId, state }) => [personId, (JSON.parse(state) as Session).seenAt]));
    const stored = new Map(progress.map(({ personId, state }) => [personId, JSON.parse(state) as Json]));
    for (const { id, programmes } of some) {
      const steps = stepsOf(catalogue, stored.get(id) ?? null, programmes);
      found.set(id, {
        seenAt: seen.get(id) || null,
        done: steps.reduce((sum, one) => sum + one.done, 0),
        of: steps.reduce((sum, one) => sum + one.of, 0),
      });
    }
  }
  return found;
}

/** How far somebody is in each programme they began. */
export interface Steps {
  readonly programme: string;
  readonly done: number;
  readonly of: number;
}

/** Finished lessons and passed checks by programme; `programmes` narrows them. */
export function stepsOf(
  catalogue: Catalogue,
  stored: Json,
  programmes: readonly string[] | undefined,
): readonly Steps[] {
  const ids = new Set([...Object.keys(readProgress(stored)), ...(programmes ?? [])]);
  return [...ids].flatMap((id): Steps[] => {
    const programme = catalogue.get(id);
    if (programme === undefined || (programmes !== undefined && !programmes.includes(id))) return [];
    const progress = progressIn(stored, id);
    const lessons = programme.units.flatMap((unit) => unit.lessons);
    const passed = programme.units.filter((unit) => progress.checks[unit.check.id]?.passedAt);
    const done = lessons.filter((lesson) => progress.lessons[lesson.id] !== undefined).length + passed.length;
    return [{ programme: id, done, of: lessons.length + programme.units.length }];
  });
}

/** An organisation and everything below it. */
export async function subtree(db: Database, organisationId: string): Promise<ReadonlySet<string>> {
  const tree = await organisationTree(db);
  const found = new Set([organisationId]);
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const [id, above] of tree) if (above !== null && found.has(above)) found.add(id);
  }
  return found;
}

/** The organisations in which somebody may do something, as choices of a form; a name for the top that nobody has named. */
export async function organisationChoices(
  db: Database,
  ids: readonly string[],
): Promise<readonly { readonly value: string; readonly label: string }[]> {
  const rows = await db.organisation.findMany({ where: { id: { in: [...ids] } }, orderBy: { name: "asc" } });
  return rows.map(({ id, name }) => ({ value: id, label: name === "" ? "Fadder" : name }));
}
