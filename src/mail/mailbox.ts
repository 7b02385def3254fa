import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import { dayMs } from "../domain/durations.ts";
import { type Adapter, chatOf } from "../engine/adapter.ts";
import type { Address } from "../engine/types.ts";
import { keyedHash } from "../people/sign-in.ts";
import type { Database } from "../store/client.ts";

const purpose = "mailbox";
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

/**
 * Makes a one-time link that confirms a mailbox, in place of earlier ones; it works for a day, and whoever opens it has shown that the
 * mailbox is theirs.
 */
export async function confirmationLink(
  { db, secret, origin, now }: Omit<MailboxDeps, "adapters">,
  seal: (purpose: string, text: string, context: string) => Uint8Array,
  given: { readonly personId: string; readonly email: string; readonly language?: string },
): Promise<string> {
  const { personId, ...box } = given;
  const token = randomBytes(32).toString("base64url");
  const tokenHash = keyedHash(secret, purpose, token);
  // Not bound to the person: whoever becomes part of another takes their links along.
  const sealed = Buffer.from(seal(purpose, JSON.stringify(box), tokenHash)).toString("base64");
  const expiresAt = BigInt(now() + dayMs);
  await db.$transaction([
    useUp(db, personId, now()),
    db.signIn.create({ data: { tokenHash, personId, path: `${mark}${sealed}`, expiresAt } }),
  ]);
  return `${origin}/mailbox/${token}`;
}

/** Whether such a link works at this moment. */
export async function isGood({ db, secret, now }: Omit<MailboxDeps, "adapters">, token: string): Promise<boolean> {
  return (await db.signIn.count({ where: good(secret, token, now()) })) === 1;
}

/** Ends every link of a person that still works. */
function useUp(db: Pick<Database, "signIn">, personId: string, now: number) {
  return db.signIn.updateMany({
    where: { personId, path: { startsWith: mark }, usedAt: null },
    data: { usedAt: BigInt(now) },
  });
}

/** Forgets the mailboxes of a person but one, with the messages that wait for them. */
async function forget(
  inside: Pick<Database, "address" | "$executeRaw">,
  given: { readonly personId: string; readonly channel: string; readonly but?: string },
): Promise<void> {
  const { personId, channel, but } = given;
  const where = { personId, channel, ...(but === undefined ? {} : { id: { not: but } }) };
  const gone = await inside.address.findMany({ where, select: { id: true } });
  await inside.address.deleteMany({ where });
  for (const { id } of gone) {
    // The state is no parameter: the index of open messages is found by it.
    await inside.$executeRaw`DELETE FROM "Outbox" WHERE status <= 1 AND "addressId" = ${id}`;
  }
}

/** Forgets the mailbox of a person, with everything that waits for it and every link that would bring it back. */
export async function forgetMailbox(
  { db, now }: Pick<MailboxDeps, "db" | "now">,
  personId: string,
  channel: string,
): Promise<void> {
  await db.$transaction(async (inside) => {
    await useUp(inside, personId, now());
    await forget(inside, { personId, channel });
  });
}

function good(secret: string, token: string, now: number) {
  return {
    tokenHash: keyedHash(secret, purpose, token),
    path: { startsWith: mark },
    usedAt: null,
    expiresAt: { gt: BigInt(now) },
  };
}

/** The mailbox belongs to another person: nothing of its confirmation is kept. */
class Taken extends Error {}

/**
 * Takes such a link: the mailbox becomes an address of the person in the answer, in place of an earlier one. `taken`: it belongs to
 * another person already. Undefined where the link does not work.
 */
export async function confirmMailbox(
  { db, adapters, secret, now }: MailboxDeps,
  open: (purpose: string, sealed: Uint8Array, context: string) => string,
  token: string,
): Promise<{ readonly personId: string } | "taken" | undefined> {
  const where = good(secret, token, now());
  const writer = mailWriter(adapters);
  const row = await db.signIn.findFirst({ where });
  if (row === null || writer === undefined) return undefined;
  const sealed = Buffer.from(row.path.slice(mark.length), "base64");
  const { email, language } = content.parse(JSON.parse(open(purpose, sealed, row.tokenHash)));
  const address = writer.mailbox(email, language);
  const id = chatOf(address);
  const { personId } = row;
  const confirmed = db.$transaction(async (inside) => {
    // In one statement: of two presses at once one confirms.
    const { count } = await inside.signIn.updateMany({ where, data: { usedAt: BigInt(now()) } });
    if (count === 0) return undefined;
    await useUp(inside, personId, now());
    const { channel, tenant, user } = address;
    await forget(inside, { personId, channel, but: id });
    // No instant: of the addresses of a person a mailbox comes after every chat, however long ago that was used.
    const state = { state: "reachable", reason: null, changedAt: 0n, ref: JSON.stringify(address.ref) };
    const owned = await inside.address.upsert({
      where: { id },
      create: { id, personId, channel, tenant, user, ...state },
      update: state,
    });
    // Seen only now: somebody else may have confirmed it since this began.
    if (owned.personId !== personId) throw new Taken();
    return { personId };
  });
  return confirmed.catch((error: unknown) => {
    if (error instanceof Taken) return "taken" as const;
    throw error;
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
