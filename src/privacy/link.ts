import { randomBytes } from "node:crypto";
import { dayMs } from "../domain/durations.ts";
import { keyedHash } from "../people/sign-in.ts";
import type { Database } from "../store/client.ts";

/** What a link to a person's own data is called in the table of one-time links. */
export const dataPath = "/mydata";
/** The same for the archive behind it. */
export const archivePath = `${dataPath}/files`;

/** Makes one-time links to everything about a person; they work for a day. Returns the whole address. */
export function createDataLink(
  db: Pick<Database, "signIn">,
  secret: string,
  origin: string,
  now: () => number,
): (personId: string) => Promise<string> {
  return async (personId) => {
    const token = randomBytes(32).toString("base64url");
    const expiresAt = BigInt(now() + dayMs);
    await db.signIn.create({ data: { tokenHash: dataHash(secret, token), personId, path: dataPath, expiresAt } });
    return `${origin}${dataPath}/${token}`;
  };
}

/** How long an archive can be fetched after its page was opened, minutes: a download that broke off can be begun again. */
export const archiveMinutes = 30;

/** Makes the address below `dataPath` of an archive of everything about a person. */
export async function createArchiveLink(
  db: Pick<Database, "signIn">,
  secret: string,
  personId: string,
  now: number,
): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  const expiresAt = BigInt(now + archiveMinutes * 60_000);
  await db.signIn.create({
    data: { tokenHash: archiveHash(secret, token), personId, path: archivePath, expiresAt },
  });
  return `${archivePath}/${token}`;
}

/** The hash of an archive's token. */
export function archiveHash(secret: string, token: string): string {
  return keyedHash(secret, "mydata-files", token);
}

/** The hash under which such a link is stored: another purpose than signing in, so that it never signs anybody in. */
export function dataHash(secret: string, token: string): string {
  return keyedHash(secret, "mydata", token);
}
