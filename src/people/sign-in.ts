import { createHmac, randomBytes } from "node:crypto";
import type { Database } from "../store/client.ts";

/** How long a sign-in link works, in minutes. It works once. */
export const signInMinutes = 15;

/** What sign-in links are made of. */
export interface SignInDeps {
  readonly db: Pick<Database, "signIn">;
  /** The product's secret: only a keyed hash of a token is stored. */
  readonly secret: string;
  /** Where people reach the pages, without a trailing slash. */
  readonly origin: string;
}

/** Makes a one-time link into the console for a person; `path` is where it leads, such as `/console`. Returns the whole address. */
export type SignInLink = (personId: string, path: string) => Promise<string>;

/** Makes sign-in links. They live by the real clock, like everything that protects. */
export function createSignInLinks({ db, secret, origin }: SignInDeps): SignInLink {
  return async (personId, path) => {
    const token = randomBytes(32).toString("base64url");
    const expiresAt = BigInt(Date.now() + signInMinutes * 60_000);
    await db.signIn.create({ data: { tokenHash: keyedHash(secret, "sign-in", token), personId, path, expiresAt } });
    return `${origin}/sign-in/${token}`;
  };
}

/** The keyed hash under which a token is stored; `purpose` keeps uses apart. */
export function keyedHash(secret: string, purpose: string, token: string): string {
  return createHmac("sha256", secret).update(`${purpose}:${token}`).digest("base64url");
}
