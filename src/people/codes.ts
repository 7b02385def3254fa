import { createHmac } from "node:crypto";
import { normalisedCode } from "../cohorts/codes.ts";
import type { Database } from "../store/client.ts";

/** The hash under which a one-time code is stored; `code` in any case, with or without separators. */
export function codeHash(secret: string, code: string): string {
  return createHmac("sha256", secret)
    .update(`code:${normalisedCode(code)}`)
    .digest("base64url");
}

/** Whether a link code, an invitation, the code of a cohort or of a self-check is good at this moment. Looks only; taking it is a job. */
export async function isGoodCode(db: Database, secret: string, code: string, now: number): Promise<boolean> {
  const hash = codeHash(secret, code);
  const [link, invite, cohort, self] = await Promise.all([
    db.linkCode.count({ where: { codeHash: hash, usedAt: null, expiresAt: { gte: BigInt(now) } } }),
    db.invite.count({ where: { codeHash: hash, usedBy: null, expiresAt: { gte: BigInt(now) } } }),
    db.cohort.count({ where: { code: normalisedCode(code), state: { not: "finished" } } }),
    db.selfCheck.count({ where: { codeHash: hash, usedBy: null, expiresAt: { gt: BigInt(now) } } }),
  ]);
  return link + invite + cohort + self > 0;
}
