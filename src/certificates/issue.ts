import { randomBytes, randomUUID } from "node:crypto";
import type { WriteAudit } from "../people/audit.ts";
import type { Database } from "../store/client.ts";
import { type AwardRow, emptied, type Reason, sealed, untilOf } from "./award.ts";
import { badgeCredential } from "./credential.ts";
import { type CertificateFacts, displayOf } from "./facts.ts";
import type { Keys } from "./keys.ts";
import { credentialId, instant } from "./names.ts";
import { cleanName, type Refusal, refusedFacts } from "./refusal.ts";
import type { Status } from "./status.ts";

export interface IssueDeps {
  readonly db: Database;
  readonly keys: Pick<Keys, "signer">;
  readonly status: Pick<Status, "listFor" | "place" | "address">;
  readonly now: () => number;
  /** Where people reach the pages, without a trailing slash. */
  readonly origin: string;
  readonly seal: (purpose: string, text: string, context: string) => Uint8Array;
  readonly open: (purpose: string, sealed: Uint8Array, context: string) => string;
  readonly audit: WriteAudit;
}

/** The certificate that was issued or had been, or why there is none. */
export type Issued = { readonly award: AwardRow } | { readonly refused: Refusal };

export interface Awards {
  /** Issues a certificate. For one assessment there is one, however often it is asked for. `actor`: who decided. */
  issue(facts: CertificateFacts, actor: string): Promise<Issued>;
  /** Takes a certificate back; false where it is not there or does not count already. */
  withdraw(id: string, reason: Reason, actor: string): Promise<boolean>;
  /** Lets a certificate be valid for longer, with a new credential; false where it does not count or `until` is not later. */
  extend(id: string, until: number, actor: string): Promise<boolean>;
}

/** Clocks of instances differ; less than this is not a clock that was set back, milliseconds. */
const skewMs = 60_000;
/** Draws of a place in a list that is at most half full: so many misses in a row do not happen. */
const mostDraws = 40;

/** Issues, withdraws and extends certificates. */
export function createAwards(deps: IssueDeps): Awards {
  const { db, keys, status, now, origin, seal, open, audit } = deps;
  const sealing = (text: string, context: string) => new Uint8Array(seal(sealed.purpose, text, context));

  const known = async (assessmentId: string | undefined): Promise<AwardRow | undefined> => {
    if (assessmentId === undefined) return undefined;
    return (await db.award.findUnique({ where: { assessmentId } })) ?? undefined;
  };

  /** The present id of a person, also of one that became part of another; undefined where there is nobody. */
  const present = async (id: string): Promise<string | undefined> => {
    const found = await db.person.findUnique({ where: { id }, select: { id: true } });
    if (found !== null) return found.id;
    const former = await db.formerPerson.findUnique({ where: { id }, select: { personId: true } });
    return former?.personId;
  };

  /** Without a word about this certificate the standing answer counts; it is about the name alone. */
  const shows = async (facts: CertificateFacts, personId: string): Promise<NonNullable<CertificateFacts["shows"]>> => {
    if (facts.shows !== undefined) return facts.shows;
    const where = { personId, purpose: "certificate" };
    const answer = await db.consent.findFirst({ where, orderBy: { id: "desc" } });
    return { name: answer?.given === true, programme: false };
  };

  const attempt = async (facts: CertificateFacts, personId: string, at: number): Promise<AwardRow> => {
    const signer = await keys.signer();
    const shown = await shows(facts, personId);
    const list = await status.listFor(signer.issuer);
    const [id, index] = [randomUUID(), status.place()];
    const validFrom = facts.validFrom ?? at;
    const { validUntil } = facts;
    const credential = badgeCredential(facts, {
      id: credentialId(id),
      subject: `urn:uuid:${randomUUID()}`,
      origin,
      issuer: signer.issuer,
      issuedAt: at,
      validFrom,
      validUntil,
      status: { list: status.address(list), index },
    });
    const { signCredential } = await import("./proof.ts");
    const signed = JSON.stringify(await signCredential(credential, signer, at));
    // On SQLite nothing else here waits for anything outside: whoever issues many would let nobody in between.
    await new Promise(setImmediate);
    const award = db.award.create({
      data: {
        id,
        personId,
        programme: facts.programme.id,
        version: facts.programme.version,
        certificate: facts.certificate.id,
        level: facts.level?.number ?? null,
        organisationId: facts.issuer.organisationId,
        language: facts.language,
        display: JSON.stringify(displayOf(facts)),
        name: sealing(facts.name, sealed.name(id)),
        credential: sealing(signed, sealed.credential(id)),
        issuedAt: BigInt(at),
        validFrom: BigInt(validFrom),
        validUntil: validUntil === null ? null : BigInt(validUntil),
        state: "valid",
        keyId: signer.keyId,
        statusList: list,
        statusIndex: index,
        token: randomBytes(24).toString("base64url"),
        showName: shown.name,
        showProgramme: shown.programme,
        neutral: facts.certificate.neutralTitle !== undefined,
        assessmentId: facts.assessmentId ?? null,
        hours: JSON.stringify(Object.fromEntries(facts.hours.map(({ kind, minutes }) => [kind, minutes]))),
        createdAt: BigInt(at),
        changedAt: BigInt(at),
        nextAt: facts.nextAt === undefined ? null : BigInt(facts.nextAt),
      },
    });
    if (facts.supersedes === undefined) return award;
    const [made] = await db.$transaction([
      award,
      db.award.updateMany({
        where: { id: facts.supersedes, personId, state: "valid" },
        data: { state: "superseded", supersededBy: id, changedAt: BigInt(at), nextAt: null },
      }),
    ]);
    return made;
  };

  return {
    async issue(given, actor) {
      const before = await known(given.assessmentId);
      if (before !== undefined) return { award: before };
      const at = now();
      const refused = refusedFacts(given, at);
      if (refused !== undefined) return { refused };
      const facts = { ...given, name: cleanName(given.name) ?? "" };
      const personId = await present(facts.personId);
      if (personId === undefined) return { refused: "erased" };
      const last = await db.award.aggregate({ _max: { issuedAt: true } });
      if (at < Number(last._max.issuedAt ?? 0n) - skewMs) return { refused: "clock" };
      for (let draw = 0; draw < mostDraws; draw += 1) {
        try {
          const award = await attempt(facts, personId, at);
          // Erased while it was signed: what is sealed goes again.
          if ((await present(personId)) === undefined) {
            await db.award.update({ where: { id: award.id }, data: emptied(at) });
            return { refused: "erased" };
          }
          const subject = { subject: personId, ...inOrganisation(award) };
          await audit({ actor, action: "certificate.award", ...subject, detail: { award: award.id } });
          return { award };
        } catch (error) {
          if ((error as { code?: string }).code !== "P2002") throw error;
          // Either the place in the list is taken, or somebody else issued it meanwhile.
          const meanwhile = await known(facts.assessmentId);
          if (meanwhile !== undefined) return { award: meanwhile };
        }
      }
      throw new Error("no free place was found in a list of states that is at most half full");
    },

    async withdraw(id, reason, actor) {
      const at = BigInt(now());
      const { count } = await db.award.updateMany({
        where: { id, state: "valid" },
        data: { state: "withdrawn", reason, withdrawnAt: at, changedAt: at, nextAt: null },
      });
      if (count === 0) return false;
      const award = await db.award.findUniqueOrThrow({ where: { id } });
      const about = { ...(award.personId === null ? {} : { subject: award.personId }), ...inOrganisation(award) };
      await audit({ actor, action: "certificate.withdraw", ...about, detail: { award: id, reason } });
      return true;
    },

    async extend(id, until, actor) {
      const award = await db.award.findUnique({ where: { id } });
      if (award === null || award.state !== "valid") return false;
      const present = untilOf(award);
      if (present === null || until <= present) return false;
      const credential = JSON.parse(open(sealed.purpose, award.credential, sealed.credential(id)));
      const { proof: _, ...unsigned } = credential;
      const signer = await keys.signer(String(credential.issuer.id));
      if (signer === undefined) return false;
      const { signCredential } = await import("./proof.ts");
      const at = now();
      // Of credentials with one id, the one that begins later is the newer one; when it was awarded stays.
      const dates = { validFrom: instant(at), validUntil: instant(until) };
      const signed = JSON.stringify(await signCredential({ ...unsigned, ...dates }, signer, at));
      const { count } = await db.award.updateMany({
        where: { id, state: "valid", changedAt: award.changedAt },
        data: {
          extendedUntil: BigInt(until),
          credential: sealing(signed, sealed.credential(id)),
          keyId: signer.keyId,
          // A change within the same millisecond is a change too.
          changedAt: BigInt(Math.max(at, Number(award.changedAt) + 1)),
        },
      });
      if (count === 0) return false;
      const about = { ...(award.personId === null ? {} : { subject: award.personId }), ...inOrganisation(award) };
      await audit({ actor, action: "certificate.extend", ...about, detail: { award: id, until } });
      return true;
    },
  };
}

function inOrganisation({ organisationId }: AwardRow): { readonly organisationId?: string } {
  return organisationId === null ? {} : { organisationId };
}
