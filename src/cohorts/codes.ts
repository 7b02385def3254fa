import { createHmac, randomInt } from "node:crypto";

/** No letter or digit that looks like another one: codes are read aloud, printed and typed. */
const letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

/** How long a cohort's code is. It stands on posters and opens nothing but an application or a place, and tries are limited. */
const cohortCodeLength = 6;
/** How long an invitation's code is: 49 bits. */
const inviteCodeLength = 10;

/** A fresh code of a cohort. */
export function newCohortCode(): string {
  return Array.from({ length: cohortCodeLength }, () => letters[randomInt(letters.length)]).join("");
}

/** A code as it is compared: capital letters and digits only. */
export function normalisedCode(code: string): string {
  return code.toUpperCase().replace(/[^A-Z0-9]/gu, "");
}

/**
 * The code of an invitation, made from the product's secret: only its hash is stored, and yet the same invitation can be sent
 * again. `round` rises when an invitation is renewed, so that an expired code stays dead.
 */
export function inviteCode(secret: string, cohort: string, inviteeHash: string, round: string): string {
  const digest = createHmac("sha256", secret).update(`invite:${cohort}:${inviteeHash}:${round}`).digest();
  let rest = digest.readBigUInt64BE();
  let code = "";
  for (let index = 0; index < inviteCodeLength; index += 1) {
    code += letters[Number(rest % BigInt(letters.length))];
    rest /= BigInt(letters.length);
  }
  return code;
}

/** The keyed hash under which an invitation remembers an e-mail address; case and spaces around it do not matter. */
export function inviteeHash(secret: string, email: string): string {
  return createHmac("sha256", secret).update(`invitee:${email.trim().toLowerCase()}`).digest("base64url");
}
