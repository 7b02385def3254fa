import { dayMs } from "../domain/durations.ts";
import { codeHash } from "../people/codes.ts";
import type { Database } from "../store/client.ts";
import { inviteCode, inviteeHash } from "./codes.ts";
import type { Invitee } from "./roster.ts";
import { pause } from "./roster-read.ts";

/** How long an invitation works. */
const daysGood = 30;
/** Invitations written in one transaction: well below 50 ms on the embedded database. */
const piece = 20;
/** People looked up at once. */
const counted = 250;

export interface InviteDeps {
  readonly db: Database;
  readonly secret: string;
  readonly seal: (purpose: string, text: string, context: string) => Uint8Array;
  readonly open: (purpose: string, sealed: Uint8Array, context: string) => string;
  readonly now: () => number;
}

/** What became of a roster. */
export interface Invited {
  readonly fresh: number;
  /** Invited before and not come yet; where the invitation was too old it is renewed. */
  readonly known: number;
  /** Used their invitation already. */
  readonly joined: number;
}

/** An invitation that nobody has used yet. */
export interface OpenInvitation {
  readonly name: string;
  readonly email: string;
  readonly code: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

/**
 * Invites people to their cohorts, in pieces between which everything else goes on. Whoever is invited already is not invited
 * again: a roster read twice, or half and then whole, changes nothing.
 */
export async function inviteAll(
  deps: InviteDeps,
  people: AsyncIterable<readonly Invitee[]>,
  invitedBy: string,
): Promise<Invited> {
  const sum = { fresh: 0, known: 0, joined: 0 };
  for await (const chunk of people) {
    for (let at = 0; at < chunk.length; at += piece) {
      for (const [cohortId, own] of byCohort(chunk.slice(at, at + piece))) {
        const done = await invitePiece(deps, cohortId, own, invitedBy);
        sum.fresh += done.fresh;
        sum.known += done.known;
        sum.joined += done.joined;
      }
      await pause();
    }
  }
  return sum;
}

/** How many of these people would get an invitation that they do not have yet. Changes nothing. */
export async function countFresh(deps: InviteDeps, people: readonly Invitee[]): Promise<number> {
  let known = 0;
  for (let at = 0; at < people.length; at += counted) {
    for (const [cohort, own] of byCohort(people.slice(at, at + counted))) {
      const inviteeHashes = own.map(({ email }) => inviteeHash(deps.secret, email));
      known += await deps.db.invite.count({
        where: {
          cohort,
          inviteeHash: { in: inviteeHashes },
          OR: [{ usedBy: { not: null } }, { expiresAt: { gte: BigInt(deps.now()) } }],
        },
      });
    }
    await pause();
  }
  return people.length - known;
}

/** The invitations of a cohort that nobody has used, in pieces; only those of these organisations. */
export async function* openInvitations(
  deps: InviteDeps,
  cohortId: string,
  organisationIds: readonly string[],
): AsyncGenerator<readonly OpenInvitation[]> {
  for (let after = ""; ; ) {
    const rows = await deps.db.invite.findMany({
      where: {
        cohort: cohortId,
        organisation: { in: [...organisationIds] },
        usedBy: null,
        expiresAt: { gte: BigInt(deps.now()) },
        codeHash: { gt: after },
      },
      orderBy: { codeHash: "asc" },
      take: 100,
    });
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.codeHash;
    yield rows.flatMap((row): OpenInvitation[] => {
      if (row.invitee === null || row.inviteeHash === null) return [];
      const { name, email } = JSON.parse(deps.open("invitee", row.invitee, row.codeHash)) as Invitee;
      const code = inviteCode(deps.secret, cohortId, row.inviteeHash, String(row.createdAt));
      return [{ name, email, code, until: Number(row.expiresAt) }];
    });
    await pause();
  }
}

async function invitePiece(
  deps: InviteDeps,
  cohortId: string,
  people: readonly Invitee[],
  invitedBy: string,
): Promise<Invited> {
  const now = deps.now();
  const hashes = new Map(people.map((person) => [inviteeHash(deps.secret, person.email), person]));
  return deps.db.$transaction(async (tx) => {
    // Changes nothing and locks the cohort: a roster that is sent twice at once invites once.
    await tx.cohort.updateMany({ where: { id: cohortId }, data: { createdAt: { increment: 0n } } });
    const present = await tx.invite.findMany({ where: { cohort: cohortId, inviteeHash: { in: [...hashes.keys()] } } });
    // The embedded database answers within the same tick: without a pause the whole piece would be one.
    await pause();
    const used = new Set(present.flatMap((row) => (row.usedBy === null ? [] : [row.inviteeHash])));
    const good = new Set(
      present.flatMap((row) => (row.usedBy === null && Number(row.expiresAt) >= now ? [row.inviteeHash] : [])),
    );
    const old = present.filter((row) => row.usedBy === null && Number(row.expiresAt) < now);
    if (old.length > 0) await tx.invite.deleteMany({ where: { codeHash: { in: old.map((row) => row.codeHash) } } });
    const missing = [...hashes].filter(([hash]) => !used.has(hash) && !good.has(hash));
    const rows = missing.map(([hash, person]) => {
      const code = codeHash(deps.secret, inviteCode(deps.secret, cohortId, hash, String(now)));
      const { name, email, language } = person;
      return {
        codeHash: code,
        role: "learner",
        organisation: person.organisationId,
        cohort: cohortId,
        invitedBy,
        invitee: Buffer.from(deps.seal("invitee", JSON.stringify({ name, email, language }), code)),
        inviteeHash: hash,
        createdAt: BigInt(now),
        expiresAt: BigInt(now + daysGood * dayMs),
      };
    });
    await pause();
    await tx.invite.createMany({ data: rows });
    return { fresh: missing.length - old.length, known: good.size + old.length, joined: used.size };
  });
}

function byCohort(people: readonly Invitee[]): ReadonlyMap<string, readonly Invitee[]> {
  const found = new Map<string, Invitee[]>();
  for (const person of people) {
    const own = found.get(person.cohortId);
    if (own === undefined) found.set(person.cohortId, [person]);
    else own.push(person);
  }
  return found;
}
