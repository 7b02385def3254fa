import { z } from "zod";
import type { Json } from "../engine/types.ts";
import type { Tree } from "../people/access.ts";
import { type LoadedPerson, loadPerson } from "../people/loaded.ts";
import { organisationTree, rootId } from "../people/standing.ts";
import type { Database } from "../store/client.ts";
import type { Job } from "../store/types.ts";

interface SilentDeps {
  readonly db: Database;
  readonly now: () => number;
  /** Hands a timer turn to somebody who can be reached. */
  readonly report: (id: string, to: LoadedPerson, name: string, data: Json) => Promise<void>;
  /** Everybody with this role who can be reached. */
  readonly withRole: (role: string) => Promise<readonly LoadedPerson[]>;
}

/** States of a membership in which somebody is looked after. */
const lookedAfter = ["active", "paused"];

/** What reminders need to know about the person's organisation. */
export function createSilentJobs({ db, now, report, withRole }: SilentDeps) {
  return {
    /** Three reminders were not answered: whoever looks after the person is told. */
    async silent(job: Job): Promise<void> {
      const { since } = z.object({ since: z.number() }).parse(job.data);
      const learner = await loadPerson(db, job.personId);
      if (!learner) return;
      const { id, name } = learner.person;
      for (const one of await carers(id)) {
        if (one.person.id === id) continue;
        await report(`job:${job.id}:${one.person.id}`, one, "silent", { person: id, name, since });
      }
    },

    /** The country whose holidays count where the person's own clock names none: of the organisation, or of one above it. */
    async country(job: Job): Promise<void> {
      const person = await loadPerson(db, job.personId);
      if (!person) return;
      const [membership] = await membershipsOf(job.personId);
      const rows = await db.organisation.findMany({ select: { id: true, country: true } });
      const countries = new Map(rows.map((row) => [row.id, row.country]));
      const above = upwards(await organisationTree(db), membership?.organisationId ?? rootId);
      const country = above.map((one) => countries.get(one) ?? "").find((one) => one !== "") ?? "";
      await report(`job:${job.id}`, person, "country", { country });
    },
  };

  /** The coordinator who has this person; else those of the nearest organisation upwards that has any; else everybody who is one. */
  async function carers(person: string): Promise<readonly LoadedPerson[]> {
    const memberships = await membershipsOf(person);
    const named = await reachable(memberships.flatMap(({ caredBy }) => (caredBy === null ? [] : [caredBy])));
    if (named.length > 0) return named;
    const tree = await organisationTree(db);
    const starts = memberships.length > 0 ? memberships.map(({ organisationId }) => organisationId) : [rootId];
    const found = new Map<string, LoadedPerson>();
    for (const start of new Set(starts)) {
      for (const one of await coordinatorsFrom(tree, start)) found.set(one.person.id, one);
    }
    return found.size > 0 ? [...found.values()] : withRole("coordinator");
  }

  async function coordinatorsFrom(tree: Tree, start: string): Promise<readonly LoadedPerson[]> {
    for (const organisationId of upwards(tree, start)) {
      const grants = await db.grant.findMany({
        where: {
          organisationId,
          role: { in: ["coordinator", "deputy"] },
          OR: [{ until: null }, { until: { gt: BigInt(now()) } }],
        },
        select: { personId: true },
      });
      const found = await reachable(grants.map(({ personId }) => personId));
      if (found.length > 0) return found;
    }
    return [];
  }

  async function reachable(ids: readonly string[]): Promise<readonly LoadedPerson[]> {
    const loaded = await Promise.all([...new Set(ids)].map((id) => loadPerson(db, id)));
    return loaded.filter((one): one is LoadedPerson => one !== undefined && one.addresses.length > 0);
  }

  function membershipsOf(personId: string) {
    return db.membership.findMany({
      where: { personId, state: { in: lookedAfter } },
      select: { organisationId: true, caredBy: true },
      orderBy: { joinedAt: "desc" },
    });
  }
}

/** An organisation and everything above it, the nearest first. A circle ends at its first repetition. */
function upwards(tree: Tree, start: string): readonly string[] {
  const passed = new Set<string>();
  let at: string | null | undefined = start;
  while (typeof at === "string" && !passed.has(at)) {
    passed.add(at);
    at = tree.get(at);
  }
  return [...passed];
}
