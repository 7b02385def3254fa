import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/** Seals and opens data at rest. Each purpose has a key of its own, so nothing sealed for one opens for another. */
export interface Box {
  /** AES-256-GCM; `context` is bound to the result and must be given again to open it (a row's key, for example). */
  seal(purpose: string, plain: Uint8Array, context?: string): Uint8Array;
  /** Throws where the data was changed, cut, sealed for something else, or under neither the present nor the previous secret. */
  open(purpose: string, sealed: Uint8Array, context?: string): Uint8Array;
}

const version = 1;
const nonceBytes = 12;
const tagBytes = 16;

/** A box under the product's secret. What was sealed under `previousSecret` still opens; new data uses `secret`. */
export function createBox(secret: string, previousSecret?: string): Box {
  const keys = new Map<string, Buffer>();
  const keyOf = (from: string, purpose: string): Buffer => {
    const name = `${from === secret ? "present" : "previous"}:${purpose}`;
    const known = keys.get(name);
    if (known !== undefined) return known;
    const key = Buffer.from(hkdfSync("sha256", from, "fadder", `box:${purpose}`, 32));
    keys.set(name, key);
    return key;
  };
  return {
    seal: (purpose, plain, context = "") => sealWith(keyOf(secret, purpose), plain, context),
    open(purpose, sealed, context = "") {
      const secrets = previousSecret === undefined ? [secret] : [secret, previousSecret];
      for (const candidate of secrets) {
        const plain = openWith(keyOf(candidate, purpose), sealed, context);
        if (plain !== undefined) return plain;
      }
      throw new Error(
        `sealed data (${purpose}) does not open: it was changed, or it was sealed under a secret that is neither ` +
          "FADDER_SECRET nor FADDER_SECRET_PREVIOUS",
      );
    },
  };
}

function sealWith(key: Buffer, plain: Uint8Array, context: string): Uint8Array {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(context));
  return Buffer.concat([Buffer.of(version), nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function openWith(key: Buffer, sealed: Uint8Array, context: string): Uint8Array | undefined {
  if (sealed.length < 1 + nonceBytes + tagBytes || sealed[0] !== version) return undefined;
  const nonce = sealed.subarray(1, 1 + nonceBytes);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  try {
    return Buffer.concat([
      decipher.update(sealed.subarray(1 + nonceBytes, sealed.length - tagBytes)),
      decipher.final(),
    ]);
  } catch {
    return undefined;
  }
}
