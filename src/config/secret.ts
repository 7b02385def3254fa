import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Shorter secrets can be guessed; 32 characters is the least that is accepted. */
export const SECRET_LENGTH = 32;

/** The secret kept in the data directory, made once. For installations without a public address only. */
export function ownSecret(dataDir: string): string {
  const path = join(dataDir, "secret");
  mkdirSync(dataDir, { recursive: true });
  try {
    // `wx` fails where the file is there already, so two first starts at once cannot end with two secrets.
    writeFileSync(path, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const secret = readFileSync(path, "utf8").trim();
  if (secret.length >= SECRET_LENGTH) return secret;
  throw new Error(
    `the secret in ${path} is shorter than ${SECRET_LENGTH} characters: restore the file from a backup, or remove it to get a new one (links and encrypted keys made with the old one stop working)`,
  );
}
