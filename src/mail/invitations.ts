import { randomUUID } from "node:crypto";
import { z } from "zod";
import { type Adapter, DeliveryError, type Words } from "../engine/adapter.ts";
import { createAudit } from "../people/audit.ts";
import type { Database } from "../store/client.ts";
import type { Job } from "../store/types.ts";

const purpose = "invitation-mail";
const sealed = z.object({ sealed: z.string() });
const content = z.object({
  to: z.string(),
  language: z.string().optional(),
  code: z.string(),
  link: z.string(),
});

/** An invitation to somebody who is nobody here yet. */
export interface InvitationMail {
  readonly to: string;
  readonly language?: string;
  readonly code: string;
  /** Opens a chat in which the code works. */
  readonly link: string;
}

/**
 * Sends an invitation by e-mail, once. It waits sealed in a job of whoever invited, since the invitee has no row of their own. False
 * where no platform writes to mailboxes.
 */
export async function sendInvitationMail(
  deps: {
    readonly db: Pick<Database, "job">;
    readonly adapters: readonly Adapter[];
    readonly seal: (purpose: string, text: string, context: string) => Uint8Array;
    readonly now: () => number;
  },
  invitedBy: string,
  mail: InvitationMail,
): Promise<boolean> {
  if (!deps.adapters.some((adapter) => adapter.mailbox !== undefined)) return false;
  const at = deps.now();
  const letter = letterOf(deps.seal, { id: `invitation:${randomUUID()}`, invitedBy, mail, at });
  await deps.db.job.create({ data: letter });
  return true;
}

/** The row of the job that sends one letter at its time. */
export function letterOf(
  seal: (purpose: string, text: string, context: string) => Uint8Array,
  given: { readonly id: string; readonly invitedBy: string; readonly mail: InvitationMail; readonly at: number },
) {
  const { id, invitedBy, mail, at } = given;
  const box = Buffer.from(seal(purpose, JSON.stringify(mail), id)).toString("base64");
  return {
    id,
    personId: invitedBy,
    name: "invitationMail",
    data: JSON.stringify({ sealed: box }),
    attempts: 0,
    notBefore: BigInt(at),
    createdAt: BigInt(at),
  };
}

/** The job behind it. Where nothing left it is tried again; where it may have left, never. The audit trail says what became of it. */
export function createInvitationJobs(deps: {
  readonly db: Pick<Database, "audit">;
  readonly adapters: readonly Adapter[];
  readonly words: Words;
  readonly open: (purpose: string, sealed: Uint8Array, context: string) => string;
  readonly now: () => number;
}) {
  const audit = createAudit(deps.db, deps.now);
  return {
    async invitationMail(job: Job): Promise<void> {
      const box = Buffer.from(sealed.parse(job.data).sealed, "base64");
      const { to, language: wanted, code, link } = content.parse(JSON.parse(deps.open(purpose, box, job.id)));
      const language = deps.words.match(wanted) ?? deps.words.languages[0] ?? "en";
      const adapter = deps.adapters.find((one) => one.mailbox !== undefined);
      const address = adapter?.mailbox?.(to, language);
      if (adapter?.deliver === undefined || address === undefined)
        throw new Error("no platform writes to mailboxes now");
      const say = (key: string, args?: Record<string, string>) => deps.words.text(language, key, args);
      const reply = {
        text: deps.words.markup(language, "mail.invitation", { code }),
        actions: [{ option: "a", label: say("mail.invitation.open"), url: link, primary: true }],
      };
      const tell = (action: string, detail: string) => audit({ actor: job.personId, action, detail: { code: detail } });
      try {
        await adapter.deliver({ id: job.id, address, kind: "broadcast", reply });
      } catch (error) {
        const lost = error instanceof DeliveryError && ["gone", "rejected", "unknown"].includes(error.failure);
        if (!lost) throw error;
        return tell("invitation.unsent", `${error.failure} ${error.code}`);
      }
      await tell("invitation.sent", "");
    },
  };
}
