import { createHmac, timingSafeEqual } from "node:crypto";
import type { AdapterDeps } from "../engine/adapter.ts";

/** Signs with the secret and accepts the previous one too, so that a rotation breaks no cookie and no link. */
export function createSigning(
  secret: string,
  previousSecret: string | undefined,
): Pick<AdapterDeps, "sign" | "signed"> {
  const secrets = previousSecret === undefined ? [secret] : [secret, previousSecret];
  return {
    sign: (purpose, text) => signature(secret, purpose, text).toString("base64url"),
    signed(purpose, text, given) {
      const bytes = Buffer.from(given, "base64url");
      return secrets.some((one) => {
        const wanted = signature(one, purpose, text);
        return bytes.length === wanted.length && timingSafeEqual(bytes, wanted);
      });
    },
  };
}

/** The length in front keeps a purpose and a text from being another purpose and another text. */
function signature(secret: string, purpose: string, text: string): Buffer {
  return createHmac("sha256", secret).update(`fadder:${purpose.length}:${purpose}:${text}`).digest();
}
