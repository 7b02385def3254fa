import { z } from "zod";
import { groupIn, unlinkGroup } from "../cohorts/groups.ts";
import { type Adapter, DeliveryError, type Keep } from "../engine/adapter.ts";
import { createAudit } from "../people/audit.ts";
import type { Database } from "../store/client.ts";
import type { Job } from "../store/types.ts";
import { composeForGroup } from "./content.ts";
import { audienceSchema, contentSchema } from "./types.ts";

const asked = z.object({ broadcast: z.string(), startsAt: z.number() });

/**
 * The job that posts a broadcast into the group chat of its cohort. Where nothing left it is tried again; where it may have left, never.
 * The audit trail says what became of it.
 */
export function createGroupJobs(deps: {
  readonly db: Database;
  readonly adapters: readonly Adapter[];
  /** Remembers what is on its way, so that a process that died there does not post it twice. */
  readonly keep: Pick<Keep, "get" | "set" | "delete">;
  readonly now: () => number;
}): { groupNotice(job: Job): Promise<void> } {
  const { db, keep } = deps;
  const audit = createAudit(db, deps.now);

  return {
    async groupNotice(job) {
      const { broadcast, startsAt } = asked.parse(job.data);
      const row = await db.broadcast.findUnique({ where: { id: broadcast } });
      // Taken back or cancelled, or taken back and sent again with a job of its own.
      const leaves = row !== null && ["scheduled", "sending", "done"].includes(row.state);
      if (!leaves || Number(row.startsAt) !== startsAt) return;
      const content = contentSchema.parse(JSON.parse(row.content));
      const { cohort: id } = audienceSchema.parse(JSON.parse(row.audience));
      const cohort = id === undefined ? null : await db.cohort.findUnique({ where: { id } });
      const group = groupIn(cohort?.group ?? null);
      const adapter = deps.adapters.find((one) => one.channel === group?.channel);
      const tell = (action: string, code: string) =>
        audit({ actor: job.personId, action, subject: broadcast, detail: { code } });
      if (cohort === null || group === undefined || adapter?.deliver === undefined) {
        return tell("group.unsent", "no group is linked");
      }
      const key = `notice:${broadcast}:${startsAt}`;
      if ((await keep.get(key)) !== undefined) return tell("group.unsent", "it may have left before");
      await keep.set(key, deps.now());
      const wanted = z.array(z.string()).parse(JSON.parse(cohort.languages));
      const language = [...wanted, ...Object.keys(content.texts)].find((one) => content.texts[one] !== undefined) ?? "";
      try {
        await adapter.deliver({
          id: key,
          address: group,
          kind: "broadcast",
          reply: composeForGroup(content, language),
        });
      } catch (error) {
        const failure = error instanceof DeliveryError ? error.failure : "unknown";
        const code = error instanceof DeliveryError ? error.code : "";
        if (failure === "gone") await unlinkGroup(db, cohort.id);
        if (!["gone", "rejected", "unknown"].includes(failure)) {
          await keep.delete(key);
          throw error;
        }
        return tell("group.unsent", `${failure} ${code}`.trim());
      }
      await tell("group.sent", "");
    },
  };
}
