import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import { type Adapter, chatOf } from "../engine/adapter.ts";
import type { Address } from "../engine/types.ts";
import { keyedHash } from "../people/sign-in.ts";
import type { Database } from "../store/client.ts";

const purpose = "mailbox";
const dayMs = 86_400_000;
/** How such a link is told from others in the table of one-time links. */
const mark = "mailbox:";
const content = z.object({ email: z.string(), language: z.string().optional() });

/** The longest address there is (RFC 5321), with its form checked. */
export const emailSchema = z.email().max(254);

/** What mailboxes are confirmed with. */
export interface MailboxDeps {
  readonly db: Database;
  readonly adapters: readonly Adapter[];
  readonly secret: string;
  /** Where people reach the pages, without a trailing slash. */
  readonly origin: string;
  readonly now: () => number;
}

type Writer = Adapter & Required<Pick<Adapter, "mailbox" | "deliver">>;

/** The platform that writes to mailboxes, where there is one. */
export function mailWriter(adapters: readonly Adapter[]): Writer | undefined {
  return adapters.find((one): one is Writer => one.mailbox !== undefined && one.deliver !== undefined);
}

/** Makes a one-time link that confirms a mailbox; it works for a day, and whoever opens it has shown that the mailbox is theirs. */
export async function confirmationLink(
  { db, secret, origin, now }: Omit<MailboxDeps, "adapters">,
  seal: (purpose: string, text: string, context: string) => Uint8Array,
  given: { readonly personId: string; readonly email: string; readonly language?: string },
): Promise<string> {
  const { personId, ...box } = given;
  const token = randomBytes(32).toString("base64url");
  const sealed = Buffer.from(seal(purpose, JSON.stringify(box), personId)).toString("base64");
  const expiresAt = BigInt(now() + dayMs);
  const tokenHash = keyedHash(secret, purpose, token);
  await db.signIn.create({ data: { tokenHash, personId, path: `${mark}${sealed}`, expiresAt } });
  return `${origin}/mailbox/${token}`;
}

/** Whether such a link works at this moment. */
export async function isGood({ db, secret, now }: Omit<MailboxDeps, "adapters">, token: string): Promise<boolean> {
  return (await db.signIn.count({ where: good(secret, token, now()) })) === 1;
}

function good(secret: string, token: string, now: number) {
  return {
    tokenHash: keyedHash(secret, purpose, token),
    path: { startsWith: mark },
    usedAt: null,
    expiresAt: { gt: BigInt(now) },
  };
}

/**
 * Takes such a link: the mailbox becomes an address of its person, in place of an earlier one. `taken`: it belongs to another person
 * already. Undefined where the link does not work.
 */
export async function confirmMailbox(
  { db, adapters, secret, now }: MailboxDeps,
  open: (purpose: string, sealed: Uint8Array, context: string) => string,
  token: string,
): Promise<"confirmed" | "taken" | undefined> {
  const where = good(secret, token, now());
  const writer = mailWriter(adapters);
  const row = await db.signIn.findFirst({ where });
  if (row === null || writer === undefined) return undefined;
  const sealed = Buffer.from(row.path.slice(mark.length), "base64");
  const { email, language } = content.parse(JSON.parse(open(purpose, sealed, row.personId)));
  const address = writer.mailbox(email, language);
  const id = chatOf(address);
  return db.$transaction(async (inside) => {
    // In one statement: of two presses at once one confirms.
    const { count } = await inside.signIn.updateMany({ where, data: { usedAt: BigInt(now()) } });
    if (count === 0) return undefined;
    const known = await inside.address.findUnique({ where: { id } });
    if (known !== null && known.personId !== row.personId) return "taken";
    const { channel, tenant, user } = address;
    await inside.address.deleteMany({ where: { personId: row.personId, channel, id: { not: id } } });
    const state = { state: "reachable", reason: null, changedAt: BigInt(now()), ref: JSON.stringify(address.ref) };
    await inside.address.upsert({
      where: { id },
      create: { id, personId: row.personId, channel, tenant, user, ...state },
      update: state,
    });
    return "confirmed";
  });
}

/** Whose mailbox this is, as far as anybody confirmed it. */
export async function ownerOf(
  { db, adapters }: Pick<MailboxDeps, "db" | "adapters">,
  email: string,
): Promise<{ readonly personId: string; readonly address: Address } | undefined> {
  const writer = mailWriter(adapters);
  if (writer === undefined) return undefined;
  const row = await db.address.findUnique({ where: { id: chatOf(writer.mailbox(email)) } });
  if (row === null) return undefined;
  const { channel, tenant, user, ref } = row;
  return { personId: row.personId, address: { channel, tenant, user, ref: JSON.parse(ref) } };
}

/** An id for a letter that says nothing about its reader. */
export function letterId(kind: string, seed: string): string {
  return `${kind}:${createHash("sha256").update(seed).digest("base64url").slice(0, 22)}`;
}
