import { z } from "zod";
import { tell } from "../inbox/tell.ts";
import type { InboxDeps } from "../inbox/types.ts";
import { standingOf } from "../people/standing.ts";
import type { Job } from "../store/types.ts";
import { membersSeen } from "../supervision/members.ts";
import { todayFor } from "../supervision/today.ts";

/** The job behind a coordinator's digest: counts, no names. */
export function createDigestJobs(deps: Pick<InboxDeps, "db" | "receive" | "now">) {
  return {
    async digest(job: Job): Promise<void> {
      const { asked } = z.object({ asked: z.boolean() }).parse(job.data);
      const now = deps.now();
      const standing = await standingOf(deps.db, job.personId, now);
      const today = await todayFor(deps.db, standing, now, new Set());
      const members = await membersSeen(deps.db, standing, now);
      await tell(deps, `job:${job.id}`, job.personId, "digest", {
        questions: today.counts.questions,
        applied: today.counts.applied,
        silent: today.counts.silent,
        unreachable: today.counts.unreachable,
        unsent: today.counts.unsent,
        members: new Set(members.map((member) => member.personId)).size,
        asked,
      });
    },
  };
}
