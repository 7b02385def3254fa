import { z } from "zod";
import { tellAnswer } from "../inbox/answers.ts";
import { escalate } from "../inbox/escalation.ts";
import { keepAnswer, keepFirst, keepQuestion, mayAnswer } from "../inbox/questions.ts";
import { placeOf, programmeOf, responsibleFor } from "../inbox/responsible.ts";
import { tell } from "../inbox/tell.ts";
import type { InboxDeps } from "../inbox/types.ts";
import type { Job } from "../store/types.ts";

type Work = (job: Job) => Promise<void>;

/** The jobs behind questions to a human. */
export function createInboxJobs(deps: InboxDeps) {
  const { db, now } = deps;

  /** Goes on about a person's unanswered questions when their time is over. */
  const watch = async (id: string, personId: string): Promise<void> => {
    const due = await escalate(deps, personId);
    if (due !== undefined) await tell(deps, id, personId, "escalation", { due });
  };

  /** A question by its id, else the last one of the person of that id. */
  const questionFor = async (id: string) =>
    (await db.question.findUnique({ where: { id } })) ??
    db.question.findFirst({ where: { personId: id }, orderBy: { changedAt: "desc" } });

  const hasGot = async (broadcastId: string, personId: string): Promise<boolean> => {
    const former = await db.formerPerson.findMany({ where: { personId }, select: { id: true } });
    const ids = [personId, ...former.map(({ id }) => id)];
    return (await db.broadcastDelivery.count({ where: { broadcastId, personId: { in: ids } } })) > 0;
  };

  return {
    /** Keeps a learner's question and tells those who are responsible. */
    async ask(job) {
      const { text, at, broadcast } = z
        .object({ text: z.string(), at: z.number().optional(), broadcast: z.string().optional() })
        .parse(job.data);
      const asker = await db.person.findUnique({ where: { id: job.personId }, select: { id: true, name: true } });
      if (asker === null) return;
      // Only what somebody got can be replied to; else it is a question like any other.
      const got = broadcast !== undefined && (await hasGot(broadcast, asker.id));
      const kept = await keepQuestion(deps, {
        id: job.id,
        personId: asker.id,
        text,
        at: at ?? now(),
        ...(got ? { broadcastId: broadcast } : {}),
      });
      const others = (await responsibleFor(db, kept, now())).filter((one) => one !== asker.id);
      let told = 0;
      for (const one of others) {
        const data = { question: kept.id, name: asker.name, text };
        if (await tell(deps, `job:${job.id}:${one}`, one, "asked", data)) told += 1;
      }
      if (told === 0) await tell(deps, `job:${job.id}`, asker.id, "answered", { nobody: true });
      await watch(`job:${job.id}:watch`, asker.id);
    },

    /**
     * What a coordinator writes goes to the asker of a question, or to a person whom the coordinator may see; whoever answered before is
     * shown to the second.
     */
    async answer(job) {
      const given = z.object({ person: z.string(), text: z.string(), at: z.number().optional() }).parse(job.data);
      const { text } = given;
      const [author, at] = [job.personId, given.at ?? now()];
      const question = await questionFor(given.person);
      const place =
        question === null
          ? await placeOf(db, given.person)
          : { organisationId: question.organisationId, programme: await programmeOf(db, question.cohortId) };
      const known = question !== null || (await db.person.count({ where: { id: given.person } })) === 1;
      if (!known || !(await mayAnswer(db, author, place, now()))) {
        await tell(deps, `job:${job.id}`, author, "answeredToo", { refused: true });
        return;
      }
      const isFirst = question === null || (question.id !== given.person && question.state !== "open");
      const kept =
        question === null
          ? await keepFirst(deps, { id: job.id, personId: given.person, author, text, at })
          : await keepAnswer(deps, { questionId: question.id, author, text, at });
      if (kept === undefined) return;
      await tell(deps, `answer:${kept.entryId}`, kept.asker, "answered", { text, ...(isFirst ? { first: true } : {}) });
      const other = kept.before.at(-1);
      if (other === undefined || isFirst) return;
      const first = await db.person.findUnique({ where: { id: other.author }, select: { name: true } });
      await tell(deps, `job:${job.id}:too`, author, "answeredToo", { name: first?.name ?? "", text: other.text });
    },

    /** Sends an answer that was written on a page and can no longer be taken back. */
    async tellAnswer(job) {
      const { question, entry } = z.object({ question: z.string(), entry: z.number() }).parse(job.data);
      await tellAnswer(deps, question, entry);
    },

    /** Looks for questions that nobody answered in time. */
    async escalate(job) {
      await watch(`job:${job.id}`, job.personId);
    },
  } satisfies Readonly<Record<string, Work>>;
}
