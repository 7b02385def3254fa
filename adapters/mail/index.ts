import { createHash } from "node:crypto";
import { z } from "zod";
import { type Adapter, type AdapterDeps, DeliveryError, type Health } from "../../src/engine/adapter.ts";
import type { Markup } from "../../src/engine/markup.ts";
import type { Outgoing, Reply } from "../../src/engine/types.ts";
import { type Account, createAccount } from "./account.ts";
import type { MailConnection } from "./connection.ts";
import { ADDRESS_CHARACTERS, CONNECTIONS, LANE_PART, PER_MINUTE } from "./limits.ts";
import { type Mail, renderMail } from "./render.tsx";
import { shownLetter } from "./shown.ts";
import { createStops } from "./stop.tsx";

const refSchema = z.object({ to: z.string().max(ADDRESS_CHARACTERS), language: z.string().optional() });

/** E-mail for notices and links; nothing comes in but the wish for no more. */
export function createMailAdapter(connections: readonly MailConnection[], deps: AdapterDeps): Adapter {
  const { words, publicUrl } = deps;
  const accounts = connections.map(createAccount);
  const [first] = accounts;
  const stops = createStops(deps);
  const slowest = Math.min(...accounts.map((account) => account.perMinute), PER_MINUTE * 200);
  const fallback = words.languages[0] ?? "en";

  function footerIn(language: string): Markup {
    return publicUrl === undefined
      ? words.markup(language, "mail.footer")
      : words.markup(language, "mail.footer.link", { url: publicUrl });
  }

  function rendered(reply: Reply, language: string, picture?: string): Mail {
    return renderMail(reply, { language, footer: footerIn(language), ...(picture === undefined ? {} : { picture }) });
  }

  async function deliver({ id, address, kind, reply }: Outgoing): Promise<{ readonly messageId: string }> {
    const account = accounts.find((candidate) => candidate.id === address.tenant);
    if (account === undefined) throw new DeliveryError("misconfigured", "this account is not connected");
    const ref = refSchema.safeParse(address.ref);
    if (!ref.success) throw new DeliveryError("rejected", "the address has no mailbox");
    if (kind !== "reply" && (await wantsNone(address.user))) throw new DeliveryError("gone", "unsubscribed");
    const language = words.match(ref.data.language) ?? fallback;
    const messageId = `${createHash("sha256").update(id).digest("hex").slice(0, 32)}@${domainOf(account)}`;
    const bytes = reply.image === undefined ? undefined : await picture(reply.image);
    const cid = bytes === undefined ? undefined : `picture.${messageId}`;
    await account.send({
      to: ref.data.to,
      subject: words.text(language, "mail.subject"),
      ...rendered(reply, language, cid),
      messageId,
      headers: {
        "Auto-Submitted": "auto-generated",
        ...(kind === "reply" ? {} : wayOut(account, address.user)),
      },
      ...(bytes === undefined || cid === undefined ? {} : { picture: { cid, bytes } }),
    });
    return { messageId };
  }

  async function wantsNone(user: string): Promise<boolean> {
    try {
      return await stops.has(user);
    } catch (error) {
      throw new DeliveryError("unreachable", "the wish for no more mail cannot be read", { cause: error });
    }
  }

  /** A picture that cannot be drawn leaves its description in the text. */
  async function picture(image: NonNullable<Reply["image"]>): Promise<Uint8Array | undefined> {
    try {
      return await deps.images.png(image);
    } catch {
      deps.log.warn({ kind: image.kind }, "a picture could not be drawn; the mail goes without it");
      return undefined;
    }
  }

  /** RFC 2369 and, where there is a page, RFC 8058. */
  function wayOut(account: Account, user: string): Record<string, string> {
    const link = stops.link(user);
    if (link === undefined) return { "List-Unsubscribe": `<mailto:${account.id}?subject=stop>` };
    return { "List-Unsubscribe": `<${link}>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" };
  }

  async function health(): Promise<Health> {
    const checked = await Promise.all(
      accounts.map(async (account) => {
        const name = account.id;
        try {
          await account.check();
          return { name, ok: true, detail: `${account.host} lets us in, ${account.perMinute} messages in a minute` };
        } catch (error) {
          const { failure, code } = error as DeliveryError;
          const repair =
            failure === "misconfigured"
              ? "See that user and password in SMTP_URL are right and that the account may send."
              : `See that this machine reaches ${account.host} on the port in SMTP_URL (465 for smtps://, 587 for smtp://).`;
          return { name, ok: false, detail: code, repair };
        }
      }),
    );
    return { ok: checked.every((one) => one.ok), connections: checked, hosts: [] };
  }

  return {
    channel: "mail",
    capabilities: {
      lane: true,
      rates: [{ scope: "lane", count: Math.max(1, Math.floor(slowest * LANE_PART)), perMs: 60_000 }],
      concurrency: CONNECTIONS,
      edits: false,
      home: false,
    },
    async mount(app) {
      stops.mount(app);
    },
    async setUp() {},
    listeners: [],
    deliver,
    preview(reply, wanted) {
      const language = words.match(wanted) ?? fallback;
      const subject = words.text(language, "mail.subject");
      const parts = [{ subject, ...rendered(reply, language) }];
      return { parts, shown: shownLetter(reply, subject, footerIn(language)) };
    },
    health,
    ...(first === undefined ? {} : { mailbox: (email: string, language?: string) => mailbox(first, email, language) }),
    async close() {},
  };
}

/** The address of a mailbox. The user is a hash, so that log lines and ids never show whose it is. */
function mailbox(account: Account, email: string, language: string | undefined) {
  const to = email.trim();
  const user = createHash("sha256").update(to.toLowerCase()).digest("base64url").slice(0, 24);
  return {
    channel: "mail",
    tenant: account.id,
    user,
    ref: { to, ...(language === undefined ? {} : { language }) },
  };
}

function domainOf(account: Account): string {
  return account.id.slice(account.id.lastIndexOf("@") + 1);
}
