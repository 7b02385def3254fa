import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import type { Json } from "../engine/types.ts";
import { type LoadedPerson, loadPerson } from "../people/loaded.ts";
import { everythingAbout } from "../privacy/about.ts";
import { eraseEverything } from "../privacy/erase.ts";
import { createDataLink } from "../privacy/link.ts";
import { type Job, outboxStatus, type Store } from "../store/types.ts";

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

  /** The last answer of each purpose to the present version of its text. */
  const show = async (job: Job, version: string, purpose: string | undefined): Promise<void> => {
    const person = await loadPerson(db, job.personId);
    if (!person) return;
    const rows = await db.consent.findMany({ where: { personId: job.personId, version }, orderBy: { id: "asc" } });
    const answers = Object.fromEntries(rows.map((row) => [row.purpose, { given: row.given, at: Number(row.at) }]));
    await deps.report(`job:${job.id}`, person, "consents", { answers, ...(purpose === undefined ? {} : { purpose }) });
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
      await deps.report(`job:${job.id}`, person, "mydata", { url: await link(job.personId), counts });
    },

    async erase(job) {
      const person = await loadPerson(db, job.personId);
      if (!person) return;
      await deps.report(`job:${job.id}`, person, "erased", {});
      // Erasing takes waiting messages with it, so the last one leaves first. The real clock: this waits for the machine.
      const enough = Date.now() + lastMessageMs;
      const { waiting, sending } = outboxStatus;
      const where = { personId: job.personId, status: { in: [waiting, sending] } };
      while ((await db.outbox.count({ where })) > 0 && Date.now() < enough) await wait(200);
      await eraseEverything(deps.store, job.personId, deps.now());
    },
  };
}
