import { RateLimiterMemory } from "rate-limiter-flexible";
import { z } from "zod";
import type { Receive } from "../engine/adapter.ts";
import type { Json } from "../engine/types.ts";
import { fileEnding } from "../evidence/content.ts";
import { draftSchema, itemsOf, keepDraft, type Shown, shareItem, submitItem, withdrawItem } from "../evidence/own.ts";
import { filesOf, historyOf, itemOf } from "../evidence/read.ts";
import { openStates } from "../evidence/types.ts";
import { type UploadDeps, uploadLink, uploadMinutes } from "../evidence/upload.ts";
import { tell } from "../inbox/tell.ts";
import type { Job } from "../store/types.ts";

const one = z.object({ id: z.string() });
const asked = z.discriminatedUnion("op", [
  z.object({ op: z.literal("list") }),
  one.extend({ op: z.enum(["show", "edit", "submit", "withdraw"]) }),
  one.extend({ op: z.literal("share"), shared: z.boolean() }),
  /** `link`: a link to the upload page is wanted as well. */
  z.object({ op: z.literal("keep"), draft: draftSchema, link: z.boolean().optional() }),
  one.extend({ op: z.literal("link") }),
]);

/** Links that one person may ask for in an hour. */
const mostLinks = 20;

/** The jobs behind `evidence`: each reports to the person's chat by the timer `evidence`. */
export function createEvidenceJobs(
  deps: UploadDeps & { readonly receive: Receive },
): Readonly<Record<string, (job: Job) => Promise<void>>> {
  const { db } = deps.store;
  const links = new RateLimiterMemory({ points: mostLinks, duration: 3600 });
  const say = (id: string, personId: string, data: Json): Promise<boolean> =>
    tell({ db, receive: deps.receive, now: deps.now }, id, personId, "evidence", data);

  async function sendLink(job: Job, id: string): Promise<void> {
    const may = await links.consume(job.personId).then(
      () => true,
      () => false,
    );
    const url = may ? await uploadLink(deps, job.personId, id) : "often";
    const minutes = uploadMinutes;
    if (url === undefined) await say(`job:${job.id}`, job.personId, { what: "gone" });
    else if (url === "often") await say(`job:${job.id}`, job.personId, { what: "often" });
    else await say(`job:${job.id}`, job.personId, { what: "link", id, url, minutes });
  }

  return {
    async evidence(job) {
      const given = asked.parse(job.data);
      const { personId } = job;
      const report = (data: Json) => say(`job:${job.id}`, personId, data);
      if (given.op === "list") {
        const items = (await itemsOf(deps, personId)).filter(({ state }) => state !== "withdrawn");
        await report({ what: "list", items: items.slice(0, 12).map(told), total: items.length });
      } else if (given.op === "keep") {
        const kept = await keepDraft(deps, personId, given.draft);
        if (!kept) await report({ what: "gone" });
        else if (given.link === true) await sendLink(job, given.draft.id);
      } else if (given.op === "link") await sendLink(job, given.id);
      else if (given.op === "submit") {
        const lacks = await submitItem(deps, job, given.id);
        if (lacks !== undefined) await report({ what: lacks === "gone" ? "gone" : "lacks", id: given.id, lacks });
      } else if (given.op === "withdraw") {
        const done = await withdrawItem(deps, personId, given.id);
        if (done === false) await report({ what: "late" });
      } else if (given.op === "share") {
        const done = await shareItem(deps, personId, given.id, given.shared);
        await report(done ? { what: "shared", id: given.id, shared: given.shared } : { what: "gone" });
      } else {
        const [item] = await itemsOf(deps, personId, given.id);
        const isOpen = item !== undefined && openStates.includes(item.state);
        if (item === undefined || (given.op === "edit" && !isOpen)) await report({ what: "gone" });
        else await report({ what: given.op, item: told(item) });
      }
    },

    /** Tells the owner of an item what became of it; the turn that says it keeps it in the record. */
    async evidenceNews(job) {
      const { evidence, n } = z.object({ evidence: z.string(), n: z.number() }).parse(job.data);
      const row = await db.evidence.findUnique({ where: { id: evidence } });
      const step = (await historyOf(db, deps, evidence)).find((other) => other.n === n);
      if (row === null || step === undefined) return;
      const { state, reason, competences } = step;
      const item = told({ ...itemOf(row), reason });
      await say(job.id, row.personId, { what: "state", item, state, n, accepted: competences });
    },

    /** Tells the chat that the file is there. */
    async evidenceArrived(job) {
      const { file } = z.object({ file: z.string() }).parse(job.data);
      const row = await db.evidenceFile.findUnique({ where: { id: file }, select: { evidence: true } });
      if (row === null) return;
      const found = (await filesOf(db, deps, row.evidence.id)).find(({ id }) => id === file);
      if (found === undefined) return;
      const type = fileEnding(found.mime);
      await say(job.id, row.evidence.personId, { what: "arrived", id: row.evidence.id, type, size: found.size });
    },
  };
}

/** What a chat is told of an item. */
function told(item: Shown): Json {
  const { id, kind, prior, state, programme, version, competences, earlier, reason, shared, changedAt } = item;
  return { id, kind, prior, state, programme, version, competences, earlier, reason, shared, changedAt };
}
