import { z } from "zod";
import { normalisedCode } from "../cohorts/codes.ts";
import { type Cohort, findCohort, readCohort } from "../cohorts/cohorts.ts";
import { type Inside, join, joinInside, memberStates, stateOf } from "../cohorts/members.ts";
import { membershipNews, ticksFor } from "../cohorts/turn.ts";
import type { Json } from "../engine/types.ts";
import { forgetSelfCheck, takeSelfCheck } from "../frameworks/self-check.ts";
import { createAudit } from "../people/audit.ts";
import { codeHash } from "../people/codes.ts";
import { giveRole } from "../people/grants.ts";
import { type LoadedPerson, loadPerson } from "../people/loaded.ts";
import { ensureRoot, organisationNamed } from "../people/organisations.ts";
import { roleOf, rootId, standingOf } from "../people/standing.ts";
import type { Database } from "../store/client.ts";
import type { Job } from "../store/types.ts";

interface JoinDeps {
  readonly store: { readonly db: Database };
  readonly now: () => number;
  readonly secret: string;
  readonly open: (purpose: string, sealed: Uint8Array, context: string) => string;
  /** Tells a person by a turn; the same id is told once. */
  readonly report: (id: string, to: LoadedPerson, name: string, data: Json) => Promise<void>;
  /** Whether this person may try another code now. */
  readonly mayTry: (person: string) => Promise<boolean>;
  readonly missed: (person: string) => Promise<unknown>;
}

/** What a roster says about somebody, as it is sealed with their invitation. */
const invitee = z.object({ name: z.string(), language: z.string().optional() });

/** A row of the table. */
interface Invite {
  readonly role: string;
  readonly programme: string | null;
  readonly organisation: string | null;
  readonly cohort: string | null;
  readonly invitedBy: string | null;
}

function isObject(found: Json): found is { readonly [key: string]: Json } {
  return typeof found === "object" && found !== null && !Array.isArray(found);
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
    how: { readonly ticks?: readonly string[] },
  ): Promise<Json | undefined> {
    const found = await join(db, { cohortId, personId, ...how }, deps.now());
    return found && membershipNews(found.cohort, found.state, found.fresh);
  }

  /**
   * Takes an invitation and gives what it is for, both or nothing. Undefined: no invitation has this code. Whoever used it before hears
   * what they have; what was taken from them meanwhile does not come back by typing it again.
   */
  async function byInvitation(code: string, personId: string): Promise<Json | undefined> {
    const codeHashed = codeHash(deps.secret, code);
    return db.$transaction(async (tx) => {
      const found = await tx.invite.findUnique({ where: { codeHash: codeHashed } });
      if (found === null) return undefined;
      const cohort = found.cohort === null ? undefined : await findCohort(tx, found.cohort);
      if (found.usedBy === null && cohort?.state === "finished") return { over: true };
      // Of two who try the same code at once one gets it.
      const taken = await tx.invite.updateMany({
        where: { codeHash: codeHashed, usedBy: null, expiresAt: { gte: BigInt(deps.now()) } },
        data: { usedBy: personId },
      });
      if (taken.count === 1) return give(tx, found, personId);
      if (found.usedBy === personId) return held(tx, found, cohort, personId);
      return { wrong: true, why: found.usedBy === null ? "expired" : "used" };
    });
  }

  async function give(tx: Inside, invite: Invite, personId: string): Promise<Json> {
    const role = roleOf(invite.role) ?? "learner";
    const organisationId = invite.organisation === null ? undefined : await organisationOf(tx, invite.organisation);
    if (role === "learner" && invite.cohort !== null) {
      const wish = { cohortId: invite.cohort, personId, organisationId, invited: true };
      const found = await joinInside(tx, wish, deps.now());
      return found === undefined ? { wrong: true } : membershipNews(found.cohort, found.state, found.fresh);
    }
    if (role === "learner") return { role };
    await ensureRoot(tx, deps.now());
    const where = { organisationId: organisationId ?? rootId, programme: invite.programme };
    await giveRole(tx, { personId, role, ...where, createdBy: invite.invitedBy }, deps.now());
    await createAudit(
      tx,
      deps.now,
    )({
      actor: invite.invitedBy ?? "command",
      action: "role.give",
      subject: personId,
      organisationId: where.organisationId,
      detail: { role, invitation: true },
    });
    return { role };
  }

  /** What somebody still has of an invitation that they used. */
  async function held(tx: Inside, invite: Invite, cohort: Cohort | undefined, personId: string): Promise<Json> {
    const role = roleOf(invite.role) ?? "learner";
    if (role === "learner") {
      if (invite.cohort === null) return { role };
      const key = { cohortId_personId: { cohortId: invite.cohort, personId } };
      const member = await tx.membership.findUnique({ where: key, select: { state: true } });
      if (cohort !== undefined && member !== null) return membershipNews(cohort, stateOf(member.state), false);
    } else {
      const organisationId = invite.organisation === null ? rootId : await organisationOf(tx, invite.organisation);
      const standing = await standingOf(tx, personId, deps.now());
      const has = standing.held.some(
        (one) =>
          one.role === role &&
          one.organisationId === organisationId &&
          one.programme === invite.programme &&
          (one.until === null || one.until > deps.now()),
      );
      if (has) return { role };
    }
    return { wrong: true, why: "used" };
  }

  /** What the roster said about whoever has this invitation; undefined where it said nothing, or where that does not open any more. */
  async function inviteeOf(code: string): Promise<z.infer<typeof invitee> | undefined> {
    const hash = codeHash(deps.secret, code);
    const row = await db.invite.findUnique({ where: { codeHash: hash }, select: { invitee: true } });
    if (row === null || row.invitee === null) return undefined;
    try {
      return invitee.parse(JSON.parse(deps.open("invitee", row.invitee, hash)));
    } catch {
      // An invitation works without it: the secret may have been changed since.
      return undefined;
    }
  }

  /** By its id, or by the name that the command line took. */
  async function organisationOf(tx: Inside, word: string): Promise<string> {
    const known = await tx.organisation.findUnique({ where: { id: word }, select: { id: true } });
    return known?.id ?? organisationNamed(tx, word, deps.now());
  }

  return {
    /** Takes the code that a person typed or pressed: of a cohort, of a self-check, or of an invitation. */
    async invite(job) {
      const { code } = z.object({ code: z.string() }).parse(job.data);
      const person = await loadPerson(db, job.personId);
      if (!person) return;
      const say = (data: Json): Promise<void> => deps.report(`job:${job.id}`, person, "joined", data);
      if (!(await deps.mayTry(job.personId))) return say({ wrong: true });
      const row = await db.cohort.findUnique({ where: { code: normalisedCode(code) } });
      if (row !== null) return say(await byCohort(readCohort(row), person));
      const kept = await takeSelfCheck(db, { secret: deps.secret, code, personId: job.personId, now: deps.now() });
      if (kept !== undefined) {
        await deps.report(`job:${job.id}`, person, "selfkept", kept);
        await forgetSelfCheck(db, deps.secret, code);
        return;
      }
      const known = await inviteeOf(code);
      const found = (await byInvitation(code, job.personId)) ?? { wrong: true };
      if (isObject(found) && "wrong" in found) {
        await deps.missed(job.personId);
        return say(found);
      }
      // A platform's name is how the person calls themselves; the roster's is for those who have none there.
      const name = person.person.name === "" ? known?.name : undefined;
      await say(name === undefined || !isObject(found) ? found : { ...found, name });
      // What the roster said is not needed any more.
      const codeHashed = codeHash(deps.secret, code);
      await db.invite.updateMany({ where: { codeHash: codeHashed, usedBy: job.personId }, data: { invitee: null } });
    },

    /** Looks up in which language somebody was invited, before they are asked. */
    async invitee(job) {
      const { code } = z.object({ code: z.string() }).parse(job.data);
      const person = await loadPerson(db, job.personId);
      if (!person || !(await deps.mayTry(job.personId))) return;
      const language = (await inviteeOf(code))?.language;
      if (language !== undefined) await deps.report(`job:${job.id}`, person, "invited", { language });
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
