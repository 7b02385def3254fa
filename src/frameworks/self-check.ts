import { createHmac, randomBytes, randomInt } from "node:crypto";
import { z } from "zod";
import { dayMs } from "../domain/durations.ts";
import type { Answers } from "../domain/framework.ts";
import type { Programme } from "../domain/programme.ts";
import type { Json } from "../engine/types.ts";
import { codeHash } from "../people/codes.ts";
import type { Database } from "../store/client.ts";

/** How long an open self-check is remembered, milliseconds. */
const livesMs = dayMs;
/** Letters that do not look alike. */
const alphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";

const answersSchema = z.record(z.string(), z.number().int());

/** What somebody answered on the open page so far. */
export interface OpenCheck {
  readonly programme: string;
  readonly version: string;
  readonly answers: Answers;
  /** Epoch milliseconds; after it nothing is there any more. */
  readonly expiresAt: number;
}

type Rows = Pick<Database, "selfCheck">;

function tokenHash(secret: string, token: string): string {
  return createHmac("sha256", secret).update(`self-check:${token}`).digest("base64url");
}

/** Begins one; the token stands in its address, and only a keyed hash of it is stored. */
export async function beginSelfCheck(db: Rows, secret: string, programme: Programme, now: number): Promise<string> {
  const token = randomBytes(24).toString("base64url");
  const { id, version } = programme;
  const row = { programme: id, version, answers: "{}", expiresAt: BigInt(now + livesMs) };
  await db.selfCheck.create({ data: { tokenHash: tokenHash(secret, token), ...row } });
  return token;
}

/** Reads one; undefined where there is none, or not any more. */
export async function openSelfCheck(
  db: Rows,
  secret: string,
  token: string,
  now: number,
): Promise<OpenCheck | undefined> {
  const row = await db.selfCheck.findUnique({ where: { tokenHash: tokenHash(secret, token) } });
  if (row === null || row.usedBy !== null || Number(row.expiresAt) <= now) return undefined;
  const { programme, version, expiresAt } = row;
  return { programme, version, answers: answersSchema.parse(JSON.parse(row.answers)), expiresAt: Number(expiresAt) };
}

/** Keeps what was answered; false where it is gone meanwhile. */
export async function answerSelfCheck(
  db: Rows,
  secret: string,
  given: { readonly token: string; readonly answers: Answers; readonly now: number },
): Promise<boolean> {
  const changed = await db.selfCheck.updateMany({
    where: { tokenHash: tokenHash(secret, given.token), usedBy: null, expiresAt: { gt: BigInt(given.now) } },
    data: { answers: JSON.stringify(given.answers) },
  });
  return changed.count === 1;
}

/** A fresh code with which it moves into a chat, once; an earlier code stops to work. Undefined where it is gone. */
export async function codeForSelfCheck(
  db: Rows,
  secret: string,
  token: string,
  now: number,
): Promise<string | undefined> {
  const code = Array.from({ length: 10 }, () => alphabet[randomInt(alphabet.length)]).join("");
  const changed = await db.selfCheck.updateMany({
    where: { tokenHash: tokenHash(secret, token), usedBy: null, expiresAt: { gt: BigInt(now) } },
    data: { codeHash: codeHash(secret, code) },
  });
  return changed.count === 1 ? code : undefined;
}

/** Takes it for a person; of two who try at once one gets it. Whoever took it gets the same again until it is forgotten. */
export async function takeSelfCheck(
  db: Rows,
  given: { readonly secret: string; readonly code: string; readonly personId: string; readonly now: number },
): Promise<Json | undefined> {
  const hash = codeHash(given.secret, given.code);
  const { personId } = given;
  const taken = await db.selfCheck.updateMany({
    where: {
      codeHash: hash,
      expiresAt: { gt: BigInt(given.now) },
      OR: [{ usedBy: null }, { usedBy: personId }],
    },
    data: { usedBy: personId },
  });
  const row = taken.count === 1 ? await db.selfCheck.findUnique({ where: { codeHash: hash } }) : null;
  if (row === null) return undefined;
  const answers: Json = answersSchema.parse(JSON.parse(row.answers));
  // Short and always the same: the record names the attempt by it, so that twice is once.
  const attempt = `open-${hash.slice(0, 16)}`;
  return { programme: row.programme, version: row.version, attempt, answers };
}

/** Forgets one that has been taken. */
export async function forgetSelfCheck(db: Rows, secret: string, code: string): Promise<void> {
  await db.selfCheck.deleteMany({ where: { codeHash: codeHash(secret, code) } });
}
