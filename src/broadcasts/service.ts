import { randomUUID } from "node:crypto";
import { organisationTree, type Standing, standingOf } from "../people/standing.ts";
import { type ReadPage, type Recipient, readerOf } from "./audience.ts";
import { contentProblems } from "./check.ts";
import { firstName, languageOf } from "./content.ts";
import { type BroadcastDeps, fallbackOf } from "./maker.ts";
import { sendAgain } from "./planner.ts";
import { type Broadcast, columns, shown, type Written } from "./stored.ts";
import { startOf } from "./timing.ts";
import { sendTest } from "./try.ts";
import { audienceSchema, BroadcastError, type Content, type Problem, refused } from "./types.ts";

export type { Broadcast, Written } from "./stored.ts";

/** What is known before anything leaves. */
export interface Review {
  /** Whom it is for, whether or not they can be reached. */
  readonly people: number;
  /** How many will not get it, and why. */
  readonly skipped: Readonly<Record<"stopped" | "paused" | "unreachable", number>>;
  /** How many read it in each language. */
  readonly languages: Readonly<Record<string, number>>;
  /** First names of some of them. */
  readonly sample: readonly string[];
  readonly problems: readonly Problem[];
}

/**
 * Broadcasts as coordinators use them, from chat and console alike. Everything asks the standing first; what somebody may not
 * see is not there for them (undefined or false).
 */
export function createBroadcasts(deps: BroadcastDeps) {
  const { db, sql } = deps.store;

  async function find(standing: Standing, id: string) {
    const stored = await db.broadcast.findUnique({ where: { id } });
    return stored !== null && standing.may("broadcasts.see", { organisationId: stored.organisationId })
      ? stored
      : undefined;
  }

  /** The broadcast where this person wrote it, or may write to everybody it is for. */
  async function mine(standing: Standing, id: string) {
    const stored = await find(standing, id);
    if (stored === undefined || !standing.may("broadcasts.send", { organisationId: stored.organisationId }))
      return undefined;
    return stored.author === standing.personId || (await covers(standing, stored)) ? stored : undefined;
  }

  /** Whether somebody may write to everybody that the author of a broadcast could mean. */
  async function covers(
    standing: Standing,
    { author, audience }: { author: string; audience: string },
  ): Promise<boolean> {
    // Within one organisation whoever may send there may send to all of it.
    if (audienceSchema.parse(JSON.parse(audience)).organisation !== undefined) return true;
    const reach = new Set(standing.within("broadcasts.send"));
    const theirs = (await standingOf(db, author, deps.now())).within("broadcasts.send");
    return theirs.every((organisation) => reach.has(organisation));
  }

  /** The topmost organisation of a reach; of several the first one by id. */
  async function topmost(reach: readonly string[]): Promise<string | undefined> {
    const tree = await organisationTree(db);
    const own = new Set(reach);
    return reach.filter((id) => !own.has(tree.get(id) ?? "")).sort()[0];
  }

  /** Where a broadcast is filed; undefined where that is outside the sender's reach. */
  async function placeOf(standing: Standing, { audience }: Written): Promise<string | undefined> {
    const reach = standing.within("broadcasts.send");
    const place = audience.organisation ?? (await topmost(reach));
    return place !== undefined && reach.includes(place) ? place : undefined;
  }

  /**
   * Changes a state if it still is one of these, and nothing else has changed since `changedAt` where one is given; of two who try
   * at once one gets true.
   */
  async function change(id: string, from: readonly string[], data: object, changedAt?: bigint): Promise<boolean> {
    const changed = await db.broadcast.updateMany({
      where: { id, state: { in: [...from] }, ...(changedAt === undefined ? {} : { changedAt }) },
      data: { ...data, changedAt: BigInt(deps.now()) },
    });
    return changed.count === 1;
  }

  /** Writes a draft; undefined where this person may send nothing to nobody. */
  async function draft(
    standing: Standing,
    written: Written,
    corrects: string | null = null,
  ): Promise<string | undefined> {
    const organisationId = await placeOf(standing, written);
    if (organisationId === undefined) return undefined;
    const id = randomUUID();
    const at = BigInt(deps.now());
    await db.broadcast.create({
      data: {
        id,
        organisationId,
        author: standing.personId,
        state: "draft",
        ...columns(written),
        planned: false,
        corrects,
        createdAt: at,
        changedAt: at,
      },
    });
    return id;
  }

  /** Looks at everybody a broadcast is for, without sending anything. */
  async function review(standing: Standing, written: Written): Promise<Review> {
    const problems: Problem[] = [...contentProblems(written, deps)];
    let read: ReadPage;
    try {
      read = await readerOf({ db, sql, catalogue: deps.catalogue }, standing, written.audience, deps.now());
    } catch (error) {
      if (!(error instanceof BroadcastError)) throw error;
      return { ...nobody, problems: [...problems, ...error.problems] };
    }
    const fallback = await fallbackOf(deps, written.audience.cohort);
    const found = await lookAt(read, written.content, fallback, deps.now());
    if (found.people === 0) problems.push({ code: "nobody", args: {} });
    for (const [language, people] of Object.entries(found.missing)) {
      problems.push({ code: "language", args: { language, people } });
    }
    return { ...found, problems };
  }

  return {
    /** Whether this person may change, send, stop and correct a broadcast. */
    mayChange: async (standing: Standing, id: string): Promise<boolean> => (await mine(standing, id)) !== undefined,

    find: async (standing: Standing, id: string): Promise<Broadcast | undefined> => {
      const stored = await find(standing, id);
      return stored === undefined ? undefined : shown(stored);
    },

    /** The newest broadcasts this person may see. */
    async list(standing: Standing, limit: number): Promise<readonly Broadcast[]> {
      const rows = await db.broadcast.findMany({
        where: { organisationId: { in: [...standing.within("broadcasts.see")] } },
        orderBy: { createdAt: "desc" },
        take: limit,
      });
      return rows.map(shown);
    },

    draft,
    review,

    /** Replaces what a draft says. False where it is no draft any more, or would be for people outside this person's reach. */
    async rewrite(standing: Standing, id: string, written: Written): Promise<boolean> {
      if ((await mine(standing, id)) === undefined) return false;
      const organisationId = await placeOf(standing, written);
      return organisationId !== undefined && change(id, ["draft"], { ...columns(written), organisationId });
    },

    /**
     * Sends a draft: it leaves in ten seconds or at its time. Throws `BroadcastError` that names everything that is wrong;
     * `state` where somebody else was faster, or wrote something else meanwhile than what was checked.
     */
    async send(standing: Standing, id: string, senderZone: string): Promise<{ readonly startsAt: number } | undefined> {
      const stored = await mine(standing, id);
      if (stored === undefined) return undefined;
      const written = shown(stored);
      const problems: Problem[] = [];
      let startsAt = 0;
      try {
        startsAt = startOf(written.timing, deps.now(), senderZone);
      } catch (error) {
        if (!(error instanceof BroadcastError)) throw error;
        problems.push(...error.problems);
      }
      const contents =
        stored.corrects === null ? (await review(standing, written)).problems : contentProblems(written, deps);
      if (problems.length + contents.length > 0) throw new BroadcastError([...problems, ...contents]);
      const data = { state: "scheduled", startsAt: BigInt(startsAt), author: standing.personId };
      if (!(await change(id, ["draft"], data, stored.changedAt))) throw refused("state");
      return { startsAt };
    },

    /** Sends a draft as it is to its sender alone; presses under it count nowhere. False where the sender cannot be reached. */
    async test(standing: Standing, id: string): Promise<boolean> {
      const stored = await find(standing, id);
      return stored !== undefined && (await sendTest(deps, standing.personId, shown(stored)));
    },

    /** Makes a draft of a broadcast that has not begun to leave. */
    async takeBack(standing: Standing, id: string): Promise<boolean> {
      return (
        (await mine(standing, id)) !== undefined &&
        (await change(id, ["scheduled"], { state: "draft", startsAt: null }))
      );
    },

    /** Stops a broadcast: what has left has left, everything else stays. */
    async cancel(standing: Standing, id: string): Promise<boolean> {
      const data = { state: "cancelled", planned: false };
      return (await mine(standing, id)) !== undefined && (await change(id, ["scheduled", "sending"], data));
    },

    /**
     * Puts another text in place of a broadcast for everybody who got it or will: in the same message where the platform can,
     * else as a message that says it is a correction. Returns the draft of the correction.
     */
    async correct(standing: Standing, id: string, content: Content): Promise<string | undefined> {
      const stored = await mine(standing, id);
      if (stored === undefined || !["sending", "done", "cancelled"].includes(stored.state)) return undefined;
      const { audience } = shown(stored);
      return draft(standing, { audience, content, timing: { kind: "now" } }, id);
    },

    /** Sends again to exactly those whose message failed, or (only when somebody asks for it) is unknown. Returns to how many. */
    async again(standing: Standing, id: string, from: "failed" | "unknown"): Promise<number> {
      const stored = await mine(standing, id);
      if (stored === undefined || !["sending", "done"].includes(stored.state)) return 0;
      return sendAgain(deps, stored, from, standing.within("broadcasts.send"));
    },
  };
}

const nobody = {
  people: 0,
  skipped: { stopped: 0, paused: 0, unreachable: 0 },
  languages: {},
  sample: [],
  missing: {},
};
/** People in one look. */
const pageSize = 1_000;
const mostNames = 5;

async function lookAt(read: ReadPage, content: Content, fallback: string, now: number) {
  const skipped = { stopped: 0, paused: 0, unreachable: 0 };
  const languages: Record<string, number> = {};
  const missing: Record<string, number> = {};
  const sample: string[] = [];
  let people = 0;
  const look = (person: Recipient): void => {
    people += 1;
    if (sample.length < mostNames && person.name !== "") sample.push(firstName(person.name));
    if (person.stopped) skipped.stopped += 1;
    else if (person.pausedUntil !== null && person.pausedUntil > now) skipped.paused += 1;
    else if (person.addresses[0]?.reachable !== true) skipped.unreachable += 1;
    const language = languageOf(content, person, fallback);
    const counted = language === undefined ? missing : languages;
    const name = language ?? person.language ?? fallback;
    counted[name] = (counted[name] ?? 0) + 1;
  };
  for (let after = ""; ; ) {
    const page = await read(after, pageSize);
    for (const person of page.people) look(person);
    if (page.end === null) return { people, skipped, languages, sample, missing };
    after = page.end;
    await new Promise(setImmediate);
  }
}
