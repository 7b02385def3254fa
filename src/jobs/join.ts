import { z } from "zod";
import { normalisedCode } from "../cohorts/codes.ts";
import { type Cohort, findCohort, readCohort } from "../cohorts/cohorts.ts";
import { join, memberStates } from "../cohorts/members.ts";
import { membershipNews, ticksFor } from "../cohorts/turn.ts";
import type { Json } from "../engine/types.ts";
import { codeHash } from "../people/codes.ts";
import { giveRole } from "../people/grants.ts";
import { type LoadedPerson, loadPerson } from "../people/loaded.ts";
import { ensureRoot, organisationNamed } from "../people/organisations.ts";
import { roleOf, rootId } from "../people/standing.ts";
import type { Database } from "../store/client.ts";
import type { Job } from "../store/types.ts";

interface JoinDeps {
  readonly store: { readonly db: Database };
  readonly now: () => number;
  readonly secret: string;
  /** Tells a person by a turn; the same id is told once. */
  readonly report: (id: string, to: LoadedPerson, name: string, data: Json) => Promise<void>;
  /** Whether this person may try another code now. */
  readonly mayTry: (person: string) => Promise<boolean>;
  readonly missed: (person: string) => Promise<unknown>;
}

/** Taking the code of a cohort or an invitation, applying, and hearing what became of it. */
export function createJoinJobs(deps: JoinDeps): Readonly<Record<string, (job: Job) => Promise<void>>> {
  const { db } = deps.store;

  async function byCohort(cohort: Cohort, person: LoadedPerson): Promise<Json> {
    if (cohort.state === "finished") return { over: true };
    const personId = person.person.id;
    if (cohort.joining === "apply") {
      const key = { cohortId_personId: { cohortId: cohort.id, personId } };
      const member = await db.membership.findUnique({ where: key, select: { state: true } });
      const ticks = ticksFor(cohort, [person.person.language, person.person.secondLanguage]);
      if (ticks.length > 0 && (member === null || member.state === "left")) {
        return { asks: { cohort: cohort.id, name: cohort.name, ticks: [...ticks] } };
      }
    }
    return (await joined(cohort.id, personId, {})) ?? { wrong: true };
  }

  async function joined(
    cohortId: string,
    personId: string,
    how: {
      readonly ticks?: readonly string[];
      readonly organisationId?: string | undefined;
      readonly invited?: boolean;
    },
  ): Promise<Json | undefined> {
    const found = await join(db, { cohortId, personId, ...how }, deps.now());
    return found && membershipNews(found.cohort, found.state, found.fresh);
  }

  /** Undefined: no invitation has this code. */
  async function byInvitation(code: string, personId: string): Promise<Json | undefined> {
    const hash = codeHash(deps.secret, code);
    // Taken in one statement: of two who try the same code at once one gets it. What the roster said is not needed any more.
    await db.invite.updateMany({
      where: { codeHash: hash, usedBy: null, expiresAt: { gte: BigInt(deps.now()) } },
      data: { usedBy: personId, invitee: null },
    });
    const found = await db.invite.findUnique({ where: { codeHash: hash } });
    if (found === null) return undefined;
    if (found.usedBy === null) return { wrong: true, why: "expired" };
    if (found.usedBy !== personId) return { wrong: true, why: "used" };
    const role = roleOf(found.role) ?? "learner";
    const organisationId = found.organisation === null ? undefined : await organisationOf(found.organisation);
    if (role !== "learner") {
      await ensureRoot(db, deps.now());
      const where = { organisationId: organisationId ?? rootId, programme: found.programme };
      await giveRole(db, { personId, role, ...where, createdBy: found.invitedBy }, deps.now());
    }
    if (found.cohort === null || role !== "learner") return { role };
    return (await joined(found.cohort, personId, { organisationId, invited: true })) ?? { wrong: true };
  }

  /** By its id, or by the name that the command line took. */
  async function organisationOf(word: string): Promise<string> {
    const known = await db.organisation.findUnique({ where: { id: word }, select: { id: true } });
    return known?.id ?? organisationNamed(db, word, deps.now());
  }

  return {
    /** Takes the code that a person typed or pressed: of a cohort, or of an invitation. */
    async invite(job) {
      const { code } = z.object({ code: z.string() }).parse(job.data);
      const person = await loadPerson(db, job.personId);
      if (!person) return;
      const say = (data: Json): Promise<void> => deps.report(`job:${job.id}`, person, "joined", data);
      if (!(await deps.mayTry(job.personId))) return say({ wrong: true });
      const row = await db.cohort.findUnique({ where: { code: normalisedCode(code) } });
      if (row !== null) return say(await byCohort(readCohort(row), person));
      const found = (await byInvitation(code, job.personId)) ?? { wrong: true };
      if (typeof found === "object" && found !== null && "wrong" in found) await deps.missed(job.personId);
      return say(found);
    },

    /** Sends an application with its ticks. */
    async apply(job) {
      const { cohort, ticks } = z.object({ cohort: z.string(), ticks: z.array(z.string()) }).parse(job.data);
      const person = await loadPerson(db, job.personId);
      const found = person && (await findCohort(db, cohort));
      if (!person) return;
      const over = found === undefined || found.state === "finished" || found.code === null;
      const data = over ? { over: true } : await joined(cohort, job.personId, { ticks });
      await deps.report(`job:${job.id}`, person, "joined", data ?? { wrong: true });
    },

    /** Tells somebody what was decided about them in a cohort. */
    async membership(job) {
      const { cohort, state } = z.object({ cohort: z.string(), state: z.enum(memberStates) }).parse(job.data);
      const [person, found] = await Promise.all([loadPerson(db, job.personId), findCohort(db, cohort)]);
      if (person && found) await deps.report(`job:${job.id}`, person, "joined", membershipNews(found, state, true));
    },
  };
}
