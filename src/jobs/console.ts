import type { Json } from "../engine/types.ts";
import { type LoadedPerson, loadPerson } from "../people/loaded.ts";
import { createSignInLinks, signInMinutes } from "../people/sign-in.ts";
import { standingOf } from "../people/standing.ts";
import type { Job, Store } from "../store/types.ts";

/** What the console's job works with. */
export interface ConsoleJobDeps {
  readonly store: Pick<Store, "db">;
  readonly now: () => number;
  readonly secret: string;
  /** Where people reach the pages, without a trailing slash. */
  readonly origin: string;
  /** Hands a person's chat what became of the job. */
  readonly report: (id: string, to: LoadedPerson, name: string, data: Json) => Promise<void>;
}

/** The job behind the command `console`: a link that signs in, for whoever may open the console. */
export function createConsoleJobs(deps: ConsoleJobDeps): Readonly<Record<string, (job: Job) => Promise<void>>> {
  const { db } = deps.store;
  const link = createSignInLinks({ db, secret: deps.secret, origin: deps.origin });
  return {
    async console(job) {
      const person = await loadPerson(db, job.personId);
      if (!person) return;
      const standing = await standingOf(db, job.personId, deps.now());
      const data: Json = standing.may("console")
        ? { url: await link(job.personId, "/console"), minutes: signInMinutes }
        : { denied: true };
      await deps.report(`job:${job.id}`, person, "console", data);
    },
  };
}
