import { RateLimiterMemory } from "rate-limiter-flexible";
import { z } from "zod";
import { DeliveryError, type Receive, type Words } from "../engine/adapter.ts";
import type { Json } from "../engine/types.ts";
import { tell } from "../inbox/tell.ts";
import {
  confirmationLink,
  emailSchema,
  forgetMailbox,
  letterId,
  type MailboxDeps,
  mailWriter,
} from "../mail/mailbox.ts";
import type { Job } from "../store/types.ts";

export interface MailboxJobDeps extends MailboxDeps {
  readonly receive: Receive;
  readonly words: Words;
  readonly publicUrl: string | undefined;
  readonly seal: (purpose: string, text: string, context: string) => Uint8Array;
}

/** Letters of confirmation that one person may ask for in an hour. */
const mostAsked = 3;

/** The job behind the command `mailbox`: shows, removes or asks to confirm the mailbox of a person. */
export function createMailboxJobs(deps: MailboxJobDeps): Readonly<Record<string, (job: Job) => Promise<void>>> {
  const { db } = deps;
  const asked = new RateLimiterMemory({ points: mostAsked, duration: 3600 });

  return {
    async mailbox(job) {
      const { args } = z.object({ args: z.string() }).parse(job.data);
      const { personId } = job;
      const say = async (state: string): Promise<void> => {
        const data: Json = { state };
        await tell(deps, `job:${job.id}`, personId, "mailbox", data);
      };
      const writer = mailWriter(deps.adapters);
      if (writer === undefined || deps.publicUrl === undefined) return say("unavailable");
      const { channel } = writer;
      if (args === "") return say((await db.address.count({ where: { personId, channel } })) > 0 ? "known" : "none");
      if (args === "off") {
        await forgetMailbox(deps, personId, channel);
        return say("off");
      }
      const read = emailSchema.safeParse(args);
      if (!read.success) return say("wrong");
      // Work that is tried again was asked for once.
      const may =
        job.attempts > 0 ||
        (await asked.consume(personId).then(
          () => true,
          () => false,
        ));
      if (!may) return say("often");
      const person = await db.person.findUnique({ where: { id: personId }, select: { language: true } });
      const language = person?.language ?? deps.words.languages[0] ?? "en";
      const url = await confirmationLink(deps, deps.seal, { personId, email: read.data, language });
      const reply = {
        text: deps.words.markup(language, "mail.mailbox"),
        actions: [{ option: "a", label: deps.words.text(language, "mail.mailbox.button"), url, primary: true }],
      };
      const address = writer.mailbox(read.data, language);
      try {
        await writer.deliver({ id: letterId("mailbox", job.id), address, kind: "reply", reply });
      } catch (error) {
        const isLost = error instanceof DeliveryError && ["gone", "rejected"].includes(error.failure);
        if (isLost) return say("wrong");
        const mayHaveLeft = error instanceof DeliveryError && error.failure === "unknown";
        if (!mayHaveLeft) throw error;
      }
      await say("sent");
    },
  };
}
