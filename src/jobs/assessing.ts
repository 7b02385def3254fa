import { z } from "zod";
import { type Case, caseOf } from "../assessments/case.ts";
import { countersign, decide } from "../assessments/decide.ts";
import { queueFor } from "../assessments/queue.ts";
import { claim, giveBack, rate, returnIt, submit } from "../assessments/steps.ts";
import type { AssessmentJobDeps, Outcome, Refusal } from "../assessments/types.ts";
import { asJson, seenBy } from "../assessments/view.ts";
import { competencesOf } from "../domain/framework.ts";
import { hoursByKind, ledger } from "../domain/hours.ts";
import { tell } from "../inbox/tell.ts";
import { createAudit } from "../people/audit.ts";
import { standingOf } from "../people/standing.ts";
import type { Job } from "../store/types.ts";

const id = z.string();
const others = z.discriminatedUnion("do", [
  z.object({ do: z.literal("list") }),
  z.object({ do: z.literal("look"), id }),
  z.object({ do: z.literal("claim"), id }),
  z.object({ do: z.literal("card"), id, competence: z.string() }),
  z.object({ do: z.literal("rate"), id, competence: z.string(), level: z.number(), reason: z.string().optional() }),
  z.object({ do: z.literal("submit"), id }),
  z.object({ do: z.literal("back"), id, biased: z.boolean() }),
  z.object({ do: z.literal("return"), id, text: z.string() }),
  z.object({ do: z.literal("decide"), id, verdict: z.enum(["awarded", "refused"]), text: z.string() }),
  z.object({ do: z.literal("sign"), id, agrees: z.boolean() }),
]);
/** What an assessor does about somebody's. */
type OthersWork = z.infer<typeof others>;

type Said = { readonly said?: string; readonly why?: Refusal };

/** The job behind the queue: each step of an assessor in chat, and how an assessment looks to them afterwards. */
export function createAssessingJobs(deps: AssessmentJobDeps) {
  const { db } = deps;

  /** One assessment as an assessor sees it, or why not. */
  const show = async (turn: string, me: string, found: Case, said: Said): Promise<void> => {
    const seen = await seenBy(deps, me, found);
    const { row, programme, at } = found;
    const { framework } = programme;
    const mine = seen.seat === undefined ? {} : Object.fromEntries(seen.seat.found);
    const data = {
      ...said,
      assessment: {
        ...base(found),
        seat: seen.seat === undefined ? null : { handedIn: seen.seat.handedIn !== null },
        barred: seen.barred ?? null,
        isAppeal: row.appealOf !== null,
        appeal: seen.appeal,
        missing: seen.missing.length,
        verdict: seen.verdict ?? null,
        decision: row.decision,
        reason: seen.reason,
        ratings: asJson(found, [...seen.before, ...seen.ratings.filter(({ handedIn }) => handedIn !== null)]),
        rated: framework === undefined ? 0 : Object.keys(mine).length,
        of: framework === undefined ? 0 : competencesOf(framework).length,
        evidence: seen.evidence.map(({ title, state, url }) => ({ title, state, url })),
        hours: hoursByKind(programme, ledger(programme, at.progress, at.timeZone), at.today),
        checks: Object.keys(at.progress.facts?.checks ?? {}),
      },
    };
    await tell(deps, turn, me, "assessing", data);
  };

  const base = (found: Case) => ({
    id: found.row.id,
    person: found.row.personId,
    name: found.name,
    programme: found.programme.id,
    version: found.programme.version,
    certificate: found.row.certificate,
    next: found.next,
    self: found.self,
  });

  /** The card of one competence; without one, the overview of all. */
  const card = async (job: Job, found: Case, competence: string | undefined): Promise<void> => {
    const seen = await seenBy(deps, job.personId, found);
    if (seen.seat === undefined || seen.seat.handedIn !== null || found.next === "learner")
      return show(`job:${job.id}`, job.personId, found, {});
    const mine = Object.fromEntries(
      [...seen.seat.found].map(([key, { level, reason }]) => [key, { level, reason: reason !== "" }]),
    );
    const data = { card: { ...base(found), mine, competence: competence ?? null } };
    await tell(deps, `job:${job.id}`, job.personId, "assessing", data);
  };

  async function assessing(job: Job): Promise<void> {
    const work = others.parse(job.data);
    const me = job.personId;
    if (work.do === "list") {
      const rights = await standingOf(db, me, deps.now());
      const isAllowed = rights.may("assessments.rate") || rights.may("assessments.decide");
      const waiting = isAllowed ? await queueFor(deps, me) : [];
      const queue = waiting.map(({ found, place }) => ({ ...base(found), place }));
      await tell(deps, `job:${job.id}`, me, "assessing", isAllowed ? { queue } : { refused: "notyours" });
      return;
    }
    const outcome = await act(work, me);
    const found = await caseOf(deps, work.id);
    if (outcome.ok && work.do !== "look" && work.do !== "card") await written(me, work.do, found);
    // What is not theirs looks like what is not there.
    const why = outcome.ok ? undefined : outcome.why;
    const isHidden = found === undefined || why === "notyours" || why === "own" || why === "gone";
    if (isHidden || !(await maySee(me, found))) {
      const refused = why === "own" ? "own" : "notyours";
      await tell(deps, `job:${job.id}`, me, "assessing", { refused: found === undefined ? "gone" : refused });
      return;
    }
    if (!outcome.ok && (work.do === "claim" || work.do === "back")) {
      await tell(deps, `job:${job.id}`, me, "assessing", { refused: outcome.why });
      return;
    }
    if (work.do === "card") return card(job, found, work.competence === "" ? undefined : work.competence);
    if (work.do === "claim" && found.need.raters > 0) return card(job, found, undefined);
    if (work.do === "rate" && outcome.ok) return card(job, found, await nextOpen(found, me, work.competence));
    if (work.do === "submit" && !outcome.ok && (why === "incomplete" || why === "reason")) {
      await tell(deps, `job:${job.id}:why`, me, "assessing", { refused: why });
      return card(job, found, await nextOpen(found, me, undefined));
    }
    await show(`job:${job.id}`, me, found, outcome.ok ? { said: work.do } : { why: outcome.why });
  }

  const written = async (actor: string, step: string, found: Case | undefined): Promise<void> => {
    const subject = found?.row.personId;
    const organisationId = found?.row.organisationId;
    const where = subject === undefined || organisationId === undefined ? {} : { subject, organisationId };
    await createAudit(db, deps.now)({ actor, action: `assessment.${step}`, ...where });
  };

  const act = (work: Exclude<OthersWork, { do: "list" }>, me: string): Promise<Outcome> | Outcome => {
    switch (work.do) {
      case "look":
      case "card":
        return { ok: true };
      case "claim":
        return claim(deps, me, work.id);
      case "rate": {
        const { id, competence, level, reason } = work;
        return rate(deps, me, { id, competence, level, ...(reason === undefined ? {} : { reason }) });
      }
      case "submit":
        return submit(deps, me, work.id);
      case "back":
        return giveBack(deps, me, work.id, work.biased);
      case "return":
        return returnIt(deps, me, work.id, work.text);
      case "decide":
        return decide(deps, me, { id: work.id, verdict: work.verdict, reason: work.text });
      case "sign":
        return countersign(deps, me, work.id, work.agrees);
    }
  };

  const maySee = async (me: string, found: Case): Promise<boolean> => {
    const { row, need } = found;
    if (row.personId === me) return false;
    const rights = await standingOf(db, me, deps.now());
    const where = { organisationId: row.organisationId, programme: row.programme };
    const isSeated = row.claimedBy === me || row.secondBy === me;
    const isOutside = need.external && rights.may("assessments.rate", { programme: row.programme });
    return isSeated || isOutside || rights.may("assessments.rate", where) || rights.may("assessments.decide", where);
  };

  /** The next competence without a level after one, or one that wants a reason; undefined: all are there. */
  const nextOpen = async (found: Case, me: string, after: string | undefined): Promise<string | undefined> => {
    const { framework } = found.programme;
    if (framework === undefined) return undefined;
    const { seat } = await seenBy(deps, me, found);
    const ids = competencesOf(framework).map(({ id }) => id);
    const start = after === undefined ? 0 : ids.indexOf(after) + 1;
    return [...ids.slice(start), ...ids.slice(0, start)].find((id) => seat?.found.get(id) === undefined);
  };

  return { assessing, show };
}
