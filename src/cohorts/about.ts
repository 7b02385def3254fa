import type { Adapter, CodeFacts, Offer } from "../engine/adapter.ts";
import { codeHash } from "../people/codes.ts";
import type { Database } from "../store/client.ts";
import { normalisedCode } from "./codes.ts";
import { type Cohort, readCohort } from "./cohorts.ts";

interface AboutDeps {
  readonly db: Pick<Database, "cohort" | "invite">;
  readonly secret: string;
  readonly now: () => number;
  /** The platforms that are switched on. */
  readonly adapters: () => readonly Adapter[];
}

/** What pages that anybody may open say about joining. Neutral names and ways in only; nothing is changed. */
export function createAbout(deps: AboutDeps) {
  const { db } = deps;

  async function cohortOf(code: string): Promise<Cohort | undefined> {
    const own = await db.cohort.findUnique({ where: { code: normalisedCode(code) } });
    if (own !== null) return readCohort(own);
    const invite = await db.invite.findUnique({ where: { codeHash: codeHash(deps.secret, code) } });
    const good = invite !== null && invite.usedBy === null && Number(invite.expiresAt) >= deps.now();
    if (!good || invite.cohort === null) return undefined;
    const row = await db.cohort.findUnique({ where: { id: invite.cohort } });
    return row === null ? undefined : readCohort(row);
  }

  return {
    /** What a code is for; undefined where it opens no cohort. */
    async about(code: string): Promise<CodeFacts | undefined> {
      const cohort = await cohortOf(code);
      if (cohort === undefined || cohort.state === "finished") return undefined;
      const found = await Promise.allSettled(deps.adapters().map((adapter) => adapter.joinWays?.(code) ?? []));
      const ways = found.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
      return { name: cohort.name, languages: cohort.languages, ways };
    },

    /** The cohorts that are open to everybody. */
    async offers(): Promise<readonly Offer[]> {
      const rows = await db.cohort.findMany({
        where: { joining: "open", code: { not: null }, state: { in: ["planned", "running"] } },
        orderBy: [{ startsOn: "asc" }, { name: "asc" }],
        take: 20,
      });
      return rows.flatMap(({ name, code }) => (code === null ? [] : [{ name, code }]));
    },
  };
}
