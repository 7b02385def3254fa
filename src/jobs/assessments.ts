import { z } from "zod";
import { appeal, ask, resume, withdraw } from "../assessments/ask.ts";
import { type Case, caseOf } from "../assessments/case.ts";
import { tellOverdue } from "../assessments/overdue.ts";
import { ratingsOf } from "../assessments/ratings.ts";
import { rouse, rouseName } from "../assessments/rouse.ts";
import { openText, reasonOf } from "../assessments/texts.ts";
import type { AssessmentJobDeps, Outcome, Refusal } from "../assessments/types.ts";
import { asJson, decidedRatings } from "../assessments/view.ts";
import { appealMs, overdueMs } from "../domain/assessment.ts";
import type { Json } from "../engine/types.ts";
import { tell } from "../inbox/tell.ts";
import type { Job } from "../store/types.ts";
import { createAssessingJobs } from "./assessing.ts";

const id = z.string();
const own = z.discriminatedUnion("do", [
  z.object({ do: z.literal("show"), programme: z.string() }),
  z.object({ do: z.literal("ask"), programme: z.string(), version: z.string() }),
  z.object({ do: z.literal("withdraw"), id }),
  z.object({ do: z.literal("resume"), id }),
  z.object({ do: z.literal("appeal"), id, text: z.string() }),
  z.object({ do: z.literal("reasons"), id }),
]);

/** The jobs behind assessments: what a chat asks for is done here and reported through a turn. */
export function createAssessmentJobs(deps: AssessmentJobDeps): Readonly<Record<string, (job: Job) => Promise<void>>> {
  const { db } = deps;
  const assessors = createAssessingJobs(deps);

  /** Where a person stands with their last assessment of a programme. */
  const standing = async (personId: string, programme: string): Promise<Json> => {
    const last = await db.assessment.findFirst({ where: { personId, programme }, orderBy: { createdAt: "desc" } });
    const found = last === null ? undefined : await caseOf(deps, last.id);
    if (found === undefined) return { programme, last: null };
    const { row } = found;
    const isDecided = row.state === "decided" || row.state === "appealed" || (row.state === "closed" && row.decision);
    const until = (row.decidedAt ?? 0) + appealMs;
    return {
      programme,
      last: {
        id: row.id,
        version: found.programme.version,
        certificate: row.certificate,
        next: found.next,
        isAppeal: row.appealOf !== null,
        verdict: isDecided ? row.decision : null,
        reason: isDecided || row.state === "returned" ? openText(deps, row.reason, reasonOf(row.id)) : "",
        // The end of an appeal is the end; a refusal is appealed once.
        until: row.state === "decided" && row.decision === "refused" && row.appealOf === null ? until : null,
        ratings: isDecided ? asJson(found, await decidedRatings(deps, found)) : [],
        watch: found.next === "over" ? null : row.changedAt + overdueMs,
      },
    };
  };

  const showOwn = async (job: Job, programme: string, said: Said): Promise<void> => {
    const data = { ...((await standing(job.personId, programme)) as object), ...said };
    await tell(deps, `job:${job.id}`, job.personId, "assessment", data);
  };
  const programmeOf = async (assessment: string): Promise<string> =>
    (await db.assessment.findUnique({ where: { id: assessment }, select: { programme: true } }))?.programme ?? "";

  async function assessment(job: Job): Promise<void> {
    const work = own.parse(job.data);
    const me = job.personId;
    switch (work.do) {
      case "show":
        return showOwn(job, work.programme, {});
      case "ask": {
        const outcome = await ask(deps, me, { ...work, id: job.id });
        return showOwn(job, work.programme, saidOf(outcome, "asked"));
      }
      case "withdraw":
        return showOwn(job, await programmeOf(work.id), saidOf(await withdraw(deps, me, work.id), "withdrawn"));
      case "resume": {
        const outcome = await resume(deps, me, work.id);
        if (outcome.ok) await goOn(job, work.id);
        return showOwn(job, await programmeOf(work.id), saidOf(outcome, "resumed"));
      }
      case "appeal": {
        const outcome = await appeal(deps, me, { id: job.id, of: work.id, text: work.text });
        return showOwn(job, await programmeOf(work.id), saidOf(outcome, "appealed"));
      }
      case "reasons": {
        const found = await caseOf(deps, work.id);
        const isMine = found?.row.personId === me && found.next === "over";
        const ratings = found && isMine ? asJson(found, await decidedRatings(deps, found)) : [];
        const data = { programme: found?.row.programme ?? "", version: found?.row.version ?? "", reasons: ratings };
        await tell(deps, `job:${job.id}`, me, "assessment", data);
      }
    }
  }

  /** What was asked for is there: whoever asked hears of it. */
  const goOn = async (job: Job, assessment: string): Promise<void> => {
    const found = await caseOf(deps, assessment);
    const to = found?.next === "secondRates" ? found.row.secondBy : found?.row.claimedBy;
    if (found && to) await assessors.show(`job:${job.id}:${to}`, to, found, { said: "completed" });
  };

  return {
    assessment,
    assessing: assessors.assessing,

    /** Lets a person hear of a step; a decision comes with every rating, for their record. */
    async assessmentNews(job) {
      const news = z.object({ assessment: id, what: z.enum(["begun", "returned", "decided"]) }).parse(job.data);
      const found = await caseOf(deps, news.assessment);
      if (found === undefined) return;
      const { row } = found;
      const isDecided = news.what === "decided";
      const ratings = isDecided ? await entriesOf(found) : [];
      await tell(deps, `job:${job.id}`, row.personId, "assessmentNews", {
        what: news.what,
        id: row.id,
        root: found.root,
        programme: found.programme.id,
        version: found.programme.version,
        certificate: row.certificate,
        verdict: isDecided ? row.decision : null,
        reason: news.what === "begun" ? "" : openText(deps, row.reason, reasonOf(row.id)),
        until: isDecided && row.decision === "refused" && row.appealOf === null ? deps.now() + appealMs : null,
        ratings,
      });
    },

    /** Lets those who may go on with an assessment hear that it waits. */
    async [rouseName](job) {
      await rouse(deps, `job:${job.id}`, z.object({ assessment: id }).parse(job.data).assessment);
    },

    /** Looks for assessments of a person that wait too long. */
    async assessmentWatch(job) {
      const due = await tellOverdue(deps, job.personId);
      if (due !== undefined) await tell(deps, `job:${job.id}`, job.personId, "assessmentWatch", { due });
    },
  };

  async function entriesOf(found: Case): Promise<Json> {
    const ratings = await ratingsOf(deps, found.row);
    return ratings.flatMap(({ role, by, found: levels, handedIn }) =>
      (handedIn === null ? [] : [...levels]).map(([competence, { level }]) => ({ role, by, competence, level })),
    );
  }
}

type Said = { readonly said?: string; readonly why?: Refusal };

function saidOf(outcome: Outcome, said: string): Said {
  return outcome.ok ? { said } : { why: outcome.why };
}
