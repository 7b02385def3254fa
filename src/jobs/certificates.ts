import { z } from "zod";
import { type AwardRow, displayIn, standingAt, untilOf } from "../certificates/award.ts";
import { inFirst } from "../certificates/facts.ts";
import { fileLink, type LinkDeps, pageLink } from "../certificates/links.ts";
import { recordLink } from "../certificates/record-page.tsx";
import type { Receive } from "../engine/adapter.ts";
import type { Json } from "../engine/types.ts";
import { tell } from "../inbox/tell.ts";
import type { Database } from "../store/client.ts";
import type { Job } from "../store/types.ts";

export interface CertificateJobDeps extends Omit<LinkDeps, "signed"> {
  readonly db: Database;
  readonly receive: Receive;
  readonly now: () => number;
  readonly seal: (purpose: string, text: string, context: string) => Uint8Array;
}

const asked = z.object({
  programme: z.string(),
  language: z.string(),
  /** What the public page of one of them shows from now on. */
  show: z.object({ award: z.string(), what: z.enum(["name", "programme"]), yes: z.boolean() }).optional(),
});

/** The most certificates that one answer lists. */
const mostListed = 5;

/** The job behind the command `certificate`: lists one's own with links, and changes what their public pages show. */
export function createCertificateJobs(deps: CertificateJobDeps): Readonly<Record<string, (job: Job) => Promise<void>>> {
  const { db, now } = deps;

  const listed = (row: AwardRow, language: string) => {
    const display = displayIn(row);
    const link = (format: "pdf" | "png") => fileLink(deps, row.token, format);
    return {
      id: row.id,
      title: inFirst(display.title, language),
      level: display.level === undefined ? null : inFirst(display.level, language),
      standing: standingAt(row, now()),
      from: Number(row.validFrom),
      until: untilOf(row),
      showName: row.showName,
      showProgramme: row.showProgramme,
      page: pageLink(deps, row.token),
      pdf: link("pdf"),
      png: link("png"),
    };
  };

  return {
    async certificate(job) {
      const { programme, language, show } = asked.parse(job.data);
      const { personId } = job;
      if (show !== undefined) {
        const data = show.what === "name" ? { showName: show.yes } : { showProgramme: show.yes };
        await db.award.updateMany({ where: { id: show.award, personId }, data });
      }
      const one = show === undefined ? {} : { id: show.award };
      const rows = await db.award.findMany({
        where: { personId, ...one },
        orderBy: { issuedAt: "desc" },
        take: mostListed,
      });
      const about = { person: personId, programme, language };
      const data: Json = {
        awards: rows.map((row) => listed(row, language)),
        ...(show === undefined ? { record: recordLink(deps, about, "pdf") } : {}),
      };
      await tell(deps, `job:${job.id}`, personId, "certificate", data);
    },
  };
}
