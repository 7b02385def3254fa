import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { WriteAudit } from "../people/audit.ts";
import type { Database } from "../store/client.ts";
import { sealed } from "./award.ts";
import type { Display } from "./facts.ts";
import { listSize } from "./status.ts";
import type { Verify } from "./verify.ts";

export interface EnterDeps {
  readonly db: Database;
  readonly verify: Verify;
  readonly now: () => number;
  readonly seal: (purpose: string, text: string, context: string) => Uint8Array;
  readonly audit: WriteAudit;
}

/** What a file does not say of itself. */
export interface Beside {
  /** Whose it is; without it the certificate is nobody's and its page only says that it counts. */
  readonly personId?: string;
  /** The end of the address that is printed on it, so that this works again. */
  readonly token?: string;
}

/** The number of the certificate that was entered, or why it was not. */
export type Entered = { readonly award: string } | { readonly refused: string };

const text = z.string().min(1);
const date = z.iso.datetime({ offset: true }).transform((found) => BigInt(Date.parse(found)));
const address = /#([^:]+):([^:]+):([^:]+)$/u;
/** The parts of a credential of this house that its register is made of; `badgeCredential` writes them. */
const credentialSchema = z.object({
  id: z.string().regex(/^urn:uuid:[0-9a-f-]{36}$/u),
  name: text,
  issuer: z.object({ id: text, name: text, url: z.string().optional() }),
  awardedDate: date,
  validFrom: date,
  validUntil: date.optional(),
  credentialSubject: z.object({
    identifier: z.tuple([z.object({ identityHash: text })]),
    achievement: z.object({
      id: z.string().regex(address),
      inLanguage: text,
      fieldOfStudy: text,
      resultDescription: z.array(z.object({ id: text, name: text })).default([]),
    }),
    result: z
      .array(z.object({ resultDescription: text, value: z.string().optional(), achievedLevel: z.string().optional() }))
      .default([]),
  }),
  credentialStatus: z.object({
    statusListIndex: z.string().transform(Number),
    statusListCredential: z.string().transform((url) => url.split("/").at(-1) ?? ""),
  }),
  proof: z.tuple([z.object({ verificationMethod: z.string().transform((method) => method.split("#").at(-1) ?? "") })]),
});
type Credential = z.infer<typeof credentialSchema>;

/**
 * Enters a certificate into the register that lost it: only what this house signed, of which no word was changed, and of which the
 * register knows nothing. What its owner let the public page show is not in the file, so it shows neither name nor programme.
 */
export function createEnter(deps: EnterDeps): (file: string, beside?: Beside) => Promise<Entered> {
  const { db, now } = deps;
  return async (file, { personId, token } = {}) => {
    const { kind, why } = await deps.verify(file);
    if (kind !== "unregistered") return { refused: kind === "valid" ? "it stands in the register" : `${kind}: ${why}` };
    const read = credentialSchema.safeParse(JSON.parse(file));
    if (!read.success) return { refused: "it is no certificate but another kind of signed record" };
    const credential = read.data;
    if (personId !== undefined && (await db.person.findUnique({ where: { id: personId } })) === null)
      return { refused: `there is no person ${personId}` };
    const assessmentId = personId === undefined ? null : await openAssessment(db, personId, credential);
    const row = rowOf(credential, deps, file);
    const list = { id: row.statusList, issuer: credential.issuer.id, size: listSize, createdAt: row.issuedAt };
    try {
      await db.$transaction([
        db.statusList.upsert({ where: { id: list.id }, create: list, update: {} }),
        db.award.create({
          data: {
            ...row,
            token: token ?? randomBytes(24).toString("base64url"),
            personId: personId ?? null,
            assessmentId,
            // The sweep looks at it next and finds out itself what comes when.
            nextAt: personId === undefined ? null : BigInt(now()),
          },
        }),
        ...(personId === undefined ? [] : [db.job.create({ data: tellJob(row.id, personId, BigInt(now())) })]),
      ]);
    } catch (error) {
      if ((error as { code?: string }).code !== "P2002") throw error;
      return { refused: "its number, its place in the list of states or its address belongs to another certificate" };
    }
    const about = personId === undefined ? {} : { subject: personId };
    await deps.audit({ actor: "command", action: "certificate.enter", ...about, detail: { award: row.id } });
    return { award: row.id };
  };
}

/** The one decision of this person for this certificate that has none yet: it is not to be carried out a second time. */
async function openAssessment(db: Database, personId: string, credential: Credential): Promise<string | null> {
  const { programme, certificate } = kindOf(credential);
  const where = { personId, programme, certificate, state: "decided", decision: "awarded" };
  const decided = await db.assessment.findMany({ where, select: { id: true } });
  const ids = decided.map(({ id }) => id);
  const given = await db.award.findMany({ where: { assessmentId: { in: ids } }, select: { assessmentId: true } });
  const left = ids.filter((id) => !given.some(({ assessmentId }) => assessmentId === id));
  return left.length === 1 ? (left[0] ?? null) : null;
}

/** Lets the person's own record learn of it, and them, as of every certificate. */
function tellJob(award: string, personId: string, at: bigint) {
  const id = `entered:${award}`;
  return { id, personId, name: "entered", data: JSON.stringify({ award }), attempts: 0, notBefore: at, createdAt: at };
}

function kindOf({ credentialSubject }: Credential) {
  const [, programme = "", certificate = "", version = ""] = address.exec(credentialSubject.achievement.id) ?? [];
  return { programme, certificate, version };
}

function rowOf(credential: Credential, { seal, now }: EnterDeps, file: string) {
  const id = credential.id.slice("urn:uuid:".length);
  const { credentialStatus, proof, credentialSubject, validUntil } = credential;
  const [{ identityHash: name }] = credentialSubject.identifier;
  const sealing = (plain: string, context: string) => new Uint8Array(seal(sealed.purpose, plain, context));
  const level = credentialSubject.result
    .map((one) => /:level:(\d+)$/u.exec(one.achievedLevel ?? "")?.[1])
    .find(Boolean);
  const display = displayIn(credential);
  return {
    id,
    ...kindOf(credential),
    level: level === undefined ? null : Number(level),
    organisationId: null,
    language: credentialSubject.achievement.inLanguage,
    display: JSON.stringify(display),
    name: sealing(name, sealed.name(id)),
    credential: sealing(file, sealed.credential(id)),
    issuedAt: credential.awardedDate,
    validFrom: credential.validFrom,
    validUntil: validUntil ?? null,
    state: "valid",
    keyId: proof[0].verificationMethod,
    statusList: credentialStatus.statusListCredential,
    statusIndex: credentialStatus.statusListIndex,
    showName: false,
    showProgramme: false,
    neutral: false,
    hours: JSON.stringify(Object.fromEntries(display.hours.map(({ kind, minutes }) => [kind, minutes]))),
    createdAt: BigInt(now()),
    changedAt: BigInt(now()),
  };
}

/** What may stand in the open, in the one language of the file. */
function displayIn({ name, issuer, credentialSubject }: Credential): Display {
  const { achievement, result } = credentialSubject;
  const inLanguage = (one: string) => ({ [achievement.inLanguage]: one });
  const named = (id: string) => achievement.resultDescription.find((one) => one.id === id)?.name ?? "";
  const level = result.find(({ achievedLevel }) => achievedLevel !== undefined);
  const hours = result.flatMap(({ resultDescription, value }) => {
    const [, kind] = /:hours:(.+)$/u.exec(resultDescription) ?? [];
    const [, count] = /^([\d.]+) h$/u.exec(value ?? "") ?? [];
    if (kind === undefined || count === undefined) return [];
    return [{ kind, name: inLanguage(named(resultDescription)), minutes: Math.round(Number(count) * 60) }];
  });
  return {
    title: inLanguage(name),
    programme: inLanguage(achievement.fieldOfStudy),
    ...(level === undefined ? {} : { level: inLanguage(named(level.resultDescription)) }),
    hours,
    issuer: { name: issuer.name, ...(issuer.url === undefined ? {} : { url: issuer.url }) },
  };
}
