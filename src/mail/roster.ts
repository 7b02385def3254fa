import { randomUUID } from "node:crypto";
import { z } from "zod";
import { inviteCode } from "../cohorts/codes.ts";
import type { Adapter } from "../engine/adapter.ts";
import type { Database } from "../store/client.ts";
import type { Job } from "../store/types.ts";
import { type InvitationMail, letterOf } from "./invitations.ts";

const asked = z.object({
  cohort: z.string(),
  organisations: z.array(z.string()),
  /** Only who was invited by this sending: epoch milliseconds. */
  since: z.number(),
  /** How far it came: the last invitation that has a letter. */
  after: z.string(),
});
type Asked = z.infer<typeof asked>;

/** What a roster said about somebody. */
const invitee = z.object({ email: z.string(), language: z.string().optional() });

interface RosterMailDeps {
  readonly db: Database;
  readonly adapters: readonly Adapter[];
  readonly secret: string;
  readonly publicUrl: string | undefined;
  readonly seal: (purpose: string, text: string, context: string) => Uint8Array;
  readonly open: (purpose: string, sealed: Uint8Array, context: string) => string;
  readonly now: () => number;
}

/** How many invitations may leave by e-mail and in what time; undefined where none can. The rest of a lane's limit is for notices. */
export function mailRate(
  adapters: readonly Adapter[],
  publicUrl: string | undefined,
): { readonly count: number; readonly perMs: number } | undefined {
  const adapter = adapters.find((one) => one.mailbox !== undefined);
  const rate = adapter?.capabilities.rates.find(({ scope }) => scope === "lane");
  if (rate === undefined || publicUrl === undefined) return undefined;
  // A lane has two thirds of what its account may send.
  return { count: Math.max(1, Math.floor(rate.count / 2)), perMs: rate.perMs };
}

/** Sends everybody an e-mail whom `invitedBy` has invited to a cohort since an instant, slowly and each once. */
export async function mailRoster(
  { db, now }: Pick<RosterMailDeps, "db" | "now">,
  invitedBy: string,
  given: Omit<Asked, "after">,
): Promise<void> {
  await db.job.create({ data: row(invitedBy, { ...given, after: "" }, now(), now()) });
}

/**
 * The job behind it: writes the letters of one stretch of time and the job of the next one, both or neither. A process that dies goes
 * on where it was.
 */
export function createRosterMailJobs(deps: RosterMailDeps): { rosterMail(job: Job): Promise<void> } {
  const { db, now } = deps;

  function letter(code: Code, languages: readonly string[]): InvitationMail {
    const given = invitee.parse(JSON.parse(deps.open("invitee", code.invitee, code.codeHash)));
    const text = inviteCode(deps.secret, code.cohort, code.inviteeHash, String(code.createdAt));
    const language = given.language ?? languages[0];
    const link = `${deps.publicUrl}/join/${text}`;
    return { to: given.email, code: text, link, ...(language === undefined ? {} : { language }) };
  }

  return {
    async rosterMail(job) {
      const given = asked.parse(job.data);
      const rate = mailRate(deps.adapters, deps.publicUrl);
      if (rate === undefined) throw new Error("no platform writes to mailboxes now");
      const found = await db.invite.findMany({
        where: {
          cohort: given.cohort,
          organisation: { in: given.organisations },
          invitedBy: job.personId,
          createdAt: { gte: BigInt(given.since) },
          usedBy: null,
          expiresAt: { gte: BigInt(now()) },
          codeHash: { gt: given.after },
        },
        orderBy: { codeHash: "asc" },
        take: rate.count,
      });
      const last = found.at(-1);
      if (last === undefined) return;
      const cohort = await db.cohort.findUnique({ where: { id: given.cohort }, select: { languages: true } });
      const languages = z.array(z.string()).parse(JSON.parse(cohort?.languages ?? "[]"));
      const waiting = await db.job.aggregate({ where: { name: "invitationMail" }, _max: { notBefore: true } });
      const start = Math.max(now(), Number(waiting._max.notBefore ?? 0));
      const step = Math.ceil(rate.perMs / rate.count);
      const letters = found.flatMap((one, index) => {
        const { invitee: sealed, inviteeHash, codeHash, createdAt } = one;
        if (sealed === null || inviteeHash === null) return [];
        const code = { invitee: sealed, inviteeHash, codeHash, createdAt, cohort: given.cohort };
        const mail = letter(code, languages);
        return [
          letterOf(deps.seal, {
            id: `invitation:${codeHash}`,
            invitedBy: job.personId,
            mail,
            at: start + (index + 1) * step,
          }),
        ];
      });
      const next = row(job.personId, { ...given, after: last.codeHash }, start + found.length * step, now());
      await db.$transaction(async (tx) => {
        // Whoever takes the job out writes its letters: nobody is written to twice.
        const { count } = await tx.job.deleteMany({ where: { id: job.id } });
        if (count === 0) return;
        await tx.job.createMany({ data: [...letters, next] });
      });
    },
  };
}

interface Code {
  readonly invitee: Uint8Array;
  readonly inviteeHash: string;
  readonly codeHash: string;
  readonly createdAt: bigint;
  readonly cohort: string;
}

function row(personId: string, data: Asked, notBefore: number, now: number) {
  return {
    id: `roster:${randomUUID()}`,
    personId,
    name: "rosterMail",
    data: JSON.stringify(data),
    attempts: 0,
    notBefore: BigInt(notBefore),
    createdAt: BigInt(now),
  };
}
