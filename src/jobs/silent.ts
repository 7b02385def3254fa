import { z } from "zod";
import type { Json } from "../engine/types.ts";
import { responsibleFor } from "../inbox/responsible.ts";
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
}

/** States of a membership in which somebody is looked after. */
const lookedAfter = ["active", "paused"];

/** Where somebody belongs who is in no course. */
const nowhere = { organisationId: rootId, caredBy: null, programme: null };

/** What reminders need to know about the person's organisation. */
export function createSilentJobs({ db, now, report }: SilentDeps) {
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

  /** Whoever is responsible for this person in one of their courses, as long as their role lasts. */
  async function carers(person: string): Promise<readonly LoadedPerson[]> {
    const memberships = await membershipsOf(person);
    const places = memberships.map(({ cohort, ...place }) => ({ ...place, programme: cohort.programme }));
    const ids = new Set<string>();
    for (const place of places.length === 0 ? [nowhere] : places)
      for (const id of await responsibleFor(db, place, now())) ids.add(id);
    const loaded = await Promise.all([...ids].map((id) => loadPerson(db, id)));
    return loaded.filter((one): one is LoadedPerson => one !== undefined);
  }

  function membershipsOf(personId: string) {
    return db.membership.findMany({
      where: { personId, state: { in: lookedAfter } },
      select: { organisationId: true, caredBy: true, cohort: { select: { programme: true } } },
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
