import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import type { Json } from "../engine/types.ts";
import { createAudit } from "../people/audit.ts";
import { type LoadedPerson, loadPerson } from "../people/loaded.ts";
import { everythingAbout } from "../privacy/about.ts";
import { eraseEverything } from "../privacy/erase.ts";
import { filesAbout } from "../privacy/files.ts";
import { isStillAway } from "../privacy/inactive.ts";
import { createDataLink } from "../privacy/link.ts";
import type { Job, Store } from "../store/types.ts";

export interface PrivacyJobDeps {
  readonly store: Pick<Store, "db">;
  readonly now: () => number;
  readonly secret: string;
  /** Where people reach the pages, without a trailing slash. */
  readonly origin: string;
  readonly open: (purpose: string, sealed: Uint8Array, context: string) => string;
  /** Hands a person's chat what became of the job. */
  readonly report: (id: string, to: LoadedPerson, name: string, data: Json) => Promise<void>;
}

const consent = z.object({ purpose: z.string(), version: z.string(), given: z.boolean(), at: z.number() });
const asked = z.object({ version: z.string(), purpose: z.string().optional() });

/** The last message may take so long to leave, milliseconds; everything is erased then as well. */
const lastMessageMs = 60_000;

/** The jobs behind `privacy`, `mydata` and `deleteme`. */
export function createPrivacyJobs(deps: PrivacyJobDeps): Readonly<Record<string, (job: Job) => Promise<void>>> {
  const { db } = deps.store;
  const link = createDataLink(db, deps.secret, deps.origin, deps.now);

  /**
   * Whether a message has not left yet. By address: the outbox has no index by person, and the one of what waits is only used where its
   * condition stands in the statement.
   */
  const isWaiting = async (personId: string): Promise<boolean> => {
    const rows = await db.$queryRaw<unknown[]>`
      SELECT 1 AS waits FROM "Address" a JOIN "Outbox" o ON o."addressId" = a.id AND o.status <= 1
      WHERE a."personId" = ${personId} LIMIT 1`;
    return rows.length > 0;
  };

  /** The last answer of each purpose to the present version of its text. */
  const show = async (job: Job, version: string, purpose: string | undefined): Promise<void> => {
    const person = await loadPerson(db, job.personId);
    if (!person) return;
    const rows = await db.consent.findMany({ where: { personId: job.personId, version }, orderBy: { id: "asc" } });
    const answers = Object.fromEntries(rows.map((row) => [row.purpose, { given: row.given, at: Number(row.at) }]));
    await deps.report(`job:${job.id}`, person, "consents", { answers, ...(purpose === undefined ? {} : { purpose }) });
  };

  const erase = async (job: Job, person: LoadedPerson, says: boolean): Promise<void> => {
    if (says) await deps.report(`job:${job.id}`, person, "erased", {});
    // Erasing takes waiting messages with it, so the last one leaves first. The real clock: this waits for the machine.
    const enough = Date.now() + lastMessageMs;
    while ((await isWaiting(job.personId)) && Date.now() < enough) await wait(200);
    await eraseEverything(deps.store, job.personId, deps.now());
  };

  return {
    async consents(job) {
      const { version, purpose } = asked.parse(job.data);
      await show(job, version, purpose);
    },

    async consent(job) {
      const { purpose, version, given, at } = consent.parse(job.data);
      const row = { personId: job.personId, purpose, version, at: BigInt(at) };
      // The job may run twice: the same press is one answer.
      if ((await db.consent.findFirst({ where: row })) === null && (await loadPerson(db, job.personId)))
        await db.consent.create({ data: { ...row, given } });
      await show(job, version, purpose);
    },

    async mydata(job) {
      const [person, found] = await Promise.all([
        loadPerson(db, job.personId),
        everythingAbout(deps.store, job.personId, deps.open),
      ]);
      if (!person || found === undefined) return;
      const counts = Object.entries(found).map(([table, rows]): readonly [string, number] => [table, rows.length]);
      const { count: files } = await filesAbout(deps.store, job.personId);
      await deps.report(`job:${job.id}`, person, "mydata", { url: await link(job.personId), counts, files });
    },

    async erase(job) {
      const person = await loadPerson(db, job.personId);
      if (person) await erase(job, person, true);
    },

    /** Erases somebody who has been away for as long as people are kept, unless they came back meanwhile. */
    async inactive(job) {
      const { since } = z.object({ since: z.number() }).parse(job.data);
      const person = await loadPerson(db, job.personId);
      if (!person || !(await isStillAway(db, job.personId, since, deps.now()))) return;
      // Whoever said stop hears nothing more, not even this.
      await erase(job, person, !person.person.stopped);
      const audit = createAudit(db, deps.now);
      await audit({ actor: "system", action: "retention", detail: { Person: 1 } });
    },
  };
}
