import { z } from "zod";
import type { Certificates } from "../certificates/certificates.ts";
import { type Decided, gatherFacts } from "../certificates/gather.ts";
import { extensionId } from "../certificates/life.ts";
import { tellCertified } from "../certificates/tell.ts";
import { dayMs, hourMs } from "../domain/durations.ts";
import type { Framework } from "../domain/framework.ts";
import type { Catalogue } from "../domain/programme.ts";
import { progressIn } from "../domain/progress.ts";
import type { Receive, Words } from "../engine/adapter.ts";
import type { Json } from "../engine/types.ts";
import { placeOf } from "../inbox/responsible.ts";
import { tell } from "../inbox/tell.ts";
import { reviewOf } from "../quality/reviews.ts";
import type { Database } from "../store/client.ts";
import { type Job, PutOff } from "../store/types.ts";

export interface AwardJobDeps {
  readonly db: Database;
  readonly receive: Receive;
  readonly now: () => number;
  readonly words: Words;
  readonly catalogue: Pick<Catalogue, "get">;
  readonly certificates: Pick<Certificates, "issue">;
  readonly publicUrl: string | undefined;
  /** Where people reach the pages, without a trailing slash. */
  readonly origin: string;
  /** A decision that awards something; undefined where there is none (any more). */
  readonly decided: (assessment: string) => Promise<(Decided & { readonly by: string }) | undefined>;
  readonly itemUri: (framework: Framework, competence: string) => string;
}

/** How long a certificate waits before the review of its programme is looked at again; a sign-off does not wait for that. */
const reviewMs = hourMs;

/** How long a request for more time waits for an answer. */
const requestMs = 30 * dayMs;

/** From a decision to a certificate: the name is asked for, then it is signed, and its person is told. */
export function createAwardJobs(deps: AwardJobDeps): Readonly<Record<string, (job: Job) => Promise<void>>> {
  const { db, now } = deps;

  const askName = (id: string, decided: Decided, refused: boolean): Promise<boolean> => {
    const { assessmentId, personId, programme, kind } = decided;
    const data: Json = {
      assessment: assessmentId,
      programme: programme.id,
      version: programme.version,
      certificate: kind.id,
      ...(refused ? { refused } : {}),
    };
    return tell(deps, id, personId, "awarded", data);
  };

  /** While nobody has looked at the programme in time nothing is signed. Its person is told once; the job goes on by itself. */
  const awaitReview = async (job: Job, decided: Decided): Promise<void> => {
    const { stands } = await reviewOf(deps, decided.programme.id, decided.organisationId);
    if (stands) return;
    const data = z.looseObject({ told: z.boolean().default(false) }).parse(job.data);
    if (!data.told) {
      const { assessmentId, personId, programme, kind } = decided;
      const about = { programme: programme.id, version: programme.version, certificate: kind.id };
      await tell(deps, `reviewing:${assessmentId}`, personId, "reviewing", about);
      await db.job.updateMany({ where: { id: job.id }, data: { data: JSON.stringify({ ...data, told: true }) } });
    }
    throw new PutOff(now() + reviewMs, "the review of the programme is over");
  };

  return {
    /** Something was decided: its person is asked how their name is written. */
    async award(job) {
      const { assessment } = z.object({ assessment: z.string() }).parse(job.data);
      const decided = await deps.decided(assessment);
      if (decided !== undefined) await askName(`award:${assessment}`, decided, false);
    },

    /** The name is confirmed: the certificate is signed. */
    async issue(job) {
      const { assessment, name } = z.object({ assessment: z.string(), name: z.string() }).parse(job.data);
      const decided = await deps.decided(assessment);
      // Only its own person asks for a certificate.
      if (decided === undefined || decided.personId !== job.personId) return;
      await awaitReview(job, decided);
      const facts = await factsFor(deps, decided, name);
      const issued = await deps.certificates.issue(facts, decided.by);
      if ("refused" in issued) {
        if (issued.refused === "name") await askName(`job:${job.id}`, decided, true);
        else throw new Error(`certificate for assessment ${assessment} refused: ${issued.refused}`);
        return;
      }
      // Asked of the certificate itself: after a crash the record may know the new one already.
      const before = await db.award.findFirst({ where: { supersededBy: issued.award.id } });
      if (before !== null) await tellCertified(deps, before, "superseded");
      await tellCertified(deps, issued.award, "awarded");
    },

    /** A certificate that the register had lost was entered again: its person's record may know nothing of it. */
    async entered(job) {
      const { award } = z.object({ award: z.string() }).parse(job.data);
      const row = await db.award.findUnique({ where: { id: award } });
      if (row !== null && row.state === "valid") await tellCertified(deps, row, "awarded");
    },

    /** Somebody asks for more time: one request at a time, for whoever may decide. */
    async extension(job) {
      const { award } = z.object({ award: z.string() }).parse(job.data);
      const row = await db.award.findUnique({ where: { id: award } });
      if (row === null || row.personId !== job.personId || row.state !== "valid" || row.extendedUntil !== null) return;
      const { organisationId } = row.organisationId === null ? await placeOf(db, job.personId) : row;
      const at = now();
      const id = extensionId(award);
      const open = { decidedAt: null, granted: null, decidedBy: null };
      const dates = { createdAt: BigInt(at), expiresAt: BigInt(at + requestMs) };
      const asked = { askedBy: job.personId, detail: JSON.stringify({ award }) };
      await db.approval.upsert({
        where: { id },
        create: { id, action: "certificates.extend", organisationId: organisationId ?? "", ...asked, ...dates },
        update: { ...open, ...dates },
      });
    },
  };
}

async function factsFor(deps: AwardJobDeps, decided: Decided, name: string) {
  const { db, now, words } = deps;
  const [person, row, organisation, consents] = await Promise.all([
    db.person.findUniqueOrThrow({ where: { id: decided.personId }, select: { language: true, timeZone: true } }),
    db.progress.findUnique({ where: { personId: decided.personId } }),
    db.organisation.findUnique({ where: { id: decided.organisationId }, select: { name: true } }),
    db.consent.findMany({ where: { personId: decided.personId, purpose: "certificate" }, orderBy: { id: "asc" } }),
  ]);
  const stored = row === null ? {} : (JSON.parse(row.state) as Json);
  const house = organisation?.name.trim() ?? "";
  const shows = consents.at(-1)?.given === true;
  return gatherFacts(decided, {
    name,
    language: person.language ?? words.languages[0] ?? "en",
    timeZone: person.timeZone,
    progress: progressIn(stored, decided.programme.id),
    issuer: {
      organisationId: decided.organisationId,
      name: house === "" ? "Fadder" : house,
      ...(deps.publicUrl === undefined ? {} : { url: deps.publicUrl }),
    },
    shows: { name: shows, programme: shows },
    words,
    origin: deps.origin,
    itemUri: deps.itemUri,
    now: now(),
  });
}
