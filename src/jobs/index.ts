import { RateLimiterMemory } from "rate-limiter-flexible";
import { z } from "zod";
import type { Receive } from "../engine/adapter.ts";
import type { Address, Json } from "../engine/types.ts";
import { codeHash } from "../people/codes.ts";
import { type LoadedPerson, loadPerson } from "../people/loaded.ts";
import { mergeTwo } from "../people/merge.ts";
import type { Job, Store } from "../store/types.ts";
import { createConsoleJobs } from "./console.ts";
import { createDigestJobs } from "./digest.ts";
import { createEventJobs } from "./events.ts";
import { createFeedbackJobs } from "./feedback.ts";
import { createInboxJobs } from "./inbox.ts";
import { createJoinJobs } from "./join.ts";
import { createPrivacyJobs } from "./privacy.ts";
import { createSilentJobs } from "./silent.ts";

export interface JobDeps {
  readonly store: Pick<Store, "db" | "mergePersons">;
  readonly receive: Receive;
  readonly now: () => number;
  /** The product's secret: codes are stored as a keyed hash only. */
  readonly secret: string;
  /** Where people reach the pages, without a trailing slash. */
  readonly origin: string;
  /** Encrypts and opens texts that a person wrote; `context` binds a text to its row. */
  readonly seal: (purpose: string, text: string, context: string) => Uint8Array;
  readonly open: (purpose: string, sealed: Uint8Array, context: string) => string;
}

/** Wrong codes one person may try in an hour. */
const mostTries = 5;

/**
 * Work that a turn asks for and that is no turn itself: it concerns two persons. Each job may run twice (after a crash)
 * and does its work once; it reports through a turn whose id is the job's.
 */
export function createJobs(deps: JobDeps): Readonly<Record<string, (job: Job) => Promise<void>>> {
  const { db } = deps.store;
  const tries = new RateLimiterMemory({ points: mostTries, duration: 3600 });

  const report = async (id: string, to: LoadedPerson, name: string, data: Json): Promise<void> => {
    const [address] = to.addresses;
    if (address) await speak(id, address, name, data);
  };
  const speak = (id: string, address: Address, name: string, data: Json): Promise<unknown> =>
    deps.receive({
      id,
      address,
      person: { name: "" },
      input: { type: "timer", name, due: deps.now(), data, row: false },
      receivedAt: deps.now(),
    });

  /** Whether this person may try another code now. */
  const mayTry = async (person: string): Promise<boolean> => {
    const found = await tries.get(person);
    return found === null || found.consumedPoints < mostTries;
  };
  const missed = (person: string): Promise<unknown> => tries.consume(person).catch(() => undefined);

  return {
    ...createConsoleJobs({ ...deps, report }),

    /** Keeps a link code for its person. */
    async code(job) {
      const { code, until } = z.object({ code: z.string(), until: z.number() }).parse(job.data);
      const hash = codeHash(deps.secret, code);
      await db.linkCode.upsert({
        where: { codeHash: hash },
        create: { codeHash: hash, personId: job.personId, expiresAt: BigInt(until) },
        update: {},
      });
    },

    /** Takes a link code: the person who typed it becomes the person who made it. */
    async link(job) {
      const typist = await loadPerson(db, job.personId);
      if (!typist) return;
      const say = (result: string): Promise<void> => report(`job:${job.id}`, typist, "linked", { result });
      // This job ran before: what it joined is joined.
      const undo = { id: `link:${job.id}`, actor: job.personId };
      if ((await db.undo.count({ where: { id: undo.id } })) > 0) return say("linked");
      if (!(await mayTry(job.personId))) return say("often");
      const code = codeHash(deps.secret, z.object({ code: z.string() }).parse(job.data).code);
      const found = await db.linkCode.findUnique({ where: { codeHash: code } });
      if (!found || found.usedAt !== null || Number(found.expiresAt) < deps.now()) {
        await missed(job.personId);
        return say("wrong");
      }
      if (found.personId === job.personId) return say("same");
      const maker = await loadPerson(db, found.personId);
      if (!maker) return say("wrong");
      await mergeTwo(deps.store, typist, maker, deps.now(), { undo, code });
      return say("linked");
    },

    ...createJoinJobs({ ...deps, report, mayTry, missed }),
    ...createSilentJobs({ db, now: deps.now, report }),

    ...createPrivacyJobs({ ...deps, report }),
    ...createInboxJobs({ ...deps, db }),
    ...createDigestJobs({ ...deps, db }),
    ...createEventJobs({ ...deps, db }),
    ...createFeedbackJobs({ ...deps, db }),
  };
}
