import type { z } from "zod";
import type { Platform } from "../../src/engine/adapter.ts";
import { connectionSchema, type MailConnection, senderAddress } from "./connection.ts";

/** E-mail, outwards only: switched on by an account on a mail server. */
export const mail: Platform<MailConnection> = {
  channel: "mail",
  connection: connectionSchema as z.ZodType<MailConnection>,
  fromEnvironment(env) {
    const url = env.SMTP_URL || undefined;
    const from = env.MAIL_FROM || undefined;
    // One without the other, or a wrong one, is told by the settings' own check.
    if (url === undefined || from === undefined) return undefined;
    const parsed = connectionSchema.safeParse({ url, from });
    return parsed.success ? { connection: { url, from }, problems: [] } : { problems: [] };
  },
  identity: ({ from }) => senderAddress(from),
  async create(connections, deps) {
    const { createMailAdapter } = await import("./index.ts");
    return createMailAdapter(connections, deps);
  },
};
