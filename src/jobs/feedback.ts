import { createHmac } from "node:crypto";
import { z } from "zod";
import { placeOf } from "../inbox/responsible.ts";
import { linePurpose } from "../quality/line.ts";
import { dayOf } from "../quality/reviews.ts";
import type { Database } from "../store/client.ts";
import type { Job } from "../store/types.ts";

export interface FeedbackJobDeps {
  readonly db: Database;
  readonly now: () => number;
  readonly secret: string;
  readonly seal: (purpose: string, text: string, context: string) => Uint8Array;
}

/** Keeps the line that somebody wrote about a unit, without them. */
export function createFeedbackJobs(deps: FeedbackJobDeps): Readonly<Record<string, (job: Job) => Promise<void>>> {
  return {
    async feedback(job) {
      const { text, ...about } = z
        .object({ programme: z.string(), version: z.string(), unit: z.string(), text: z.string() })
        .parse(job.data);
      const { organisationId } = await placeOf(deps.db, job.personId);
      // The job's id may lead to its turn; what is kept must not lead back.
      const id = createHmac("sha256", deps.secret).update(`feedback:${job.id}`).digest("hex").slice(0, 32);
      const sealed = new Uint8Array(deps.seal(linePurpose, text, id));
      const line = { id, ...about, organisationId, text: sealed, day: dayOf(deps.now()) };
      await deps.db.feedbackLine.upsert({ where: { id }, create: line, update: {} });
    },
  };
}
