import { z } from "zod";
import { closeTalk, pick, propose, talkOf } from "../assessments/appointments.ts";
import type { AssessmentJobDeps, Outcome } from "../assessments/types.ts";
import { talkPlaces } from "../domain/appointment.ts";
import { tell } from "../inbox/tell.ts";
import type { Job } from "../store/types.ts";

const id = z.string();
const work = z.discriminatedUnion("do", [
  z.object({ do: z.literal("list") }),
  z.object({ do: z.literal("propose"), id, times: z.array(z.number()), place: z.enum(talkPlaces) }),
  z.object({ do: z.literal("pick"), id, at: z.number() }),
  z.object({ do: z.literal("none"), id }),
  z.object({ do: z.literal("cancel"), id }),
  z.object({ do: z.literal("held"), id }),
]);

/** The job behind talks that are agreed in chat: both hear of every change. */
export function createAppointmentJobs(deps: AssessmentJobDeps): Readonly<Record<string, (job: Job) => Promise<void>>> {
  const { db } = deps;

  const show = async (job: Job, to: string, talkId: string): Promise<void> => {
    const talk = await talkOf(deps, talkId);
    if (talk === undefined) return;
    const isMine = talk.withId === to;
    const other = await db.person.findUnique({
      where: { id: isMine ? talk.personId : talk.withId },
      select: { name: true },
    });
    const { id: own, state, proposed, startsAt, place, sequence } = talk;
    await tell(deps, `talk:${job.id}:${own}:${to}`, to, "appointment", {
      ...{ id: own, state, proposed, startsAt, place, sequence },
      proposes: isMine,
      assessment: talk.assessmentId ?? "",
      person: talk.personId,
      // Whoever meets knows whom they meet.
      name: other?.name ?? "",
    });
  };

  const act = async (
    given: Exclude<z.infer<typeof work>, { do: "list" }>,
    job: Job,
  ): Promise<Outcome & { talk?: string }> => {
    const me = job.personId;
    switch (given.do) {
      case "propose":
        return propose(deps, me, { id: job.id, assessment: given.id, times: given.times, place: given.place });
      case "pick":
        return pick(deps, me, given.id, given.at);
      case "none":
        return pick(deps, me, given.id, undefined);
      case "cancel":
      case "held":
        return closeTalk(deps, me, given.id, given.do === "held");
    }
  };

  return {
    async appointment(job) {
      const given = work.parse(job.data);
      const me = job.personId;
      if (given.do === "list") {
        const rows = await db.appointment.findMany({
          where: { OR: [{ personId: me }, { withId: me }], state: { in: ["proposed", "moved", "fixed"] } },
          orderBy: { createdAt: "asc" },
          take: 5,
        });
        for (const row of rows) await show(job, me, row.id);
        if (rows.length === 0) await tell(deps, `job:${job.id}`, me, "appointment", { none: true });
        return;
      }
      const outcome = await act(given, job);
      if (!outcome.ok) {
        await tell(deps, `job:${job.id}`, me, "appointment", { refused: outcome.why });
        return;
      }
      const talk = await talkOf(deps, given.do === "propose" ? (outcome.talk ?? "") : given.id);
      if (talk === undefined) return;
      for (const to of [talk.personId, talk.withId]) await show(job, to, talk.id);
    },
  };
}
