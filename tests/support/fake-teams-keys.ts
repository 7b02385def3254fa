import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

/** What a token may say other than what is right; for the tests of what must be refused. */
export interface TokenChanges {
  readonly issuer?: string;
  readonly audience?: string;
  /** `null` leaves the claim out. */
  readonly serviceUrl?: string | null;
  /** Seconds from now; negative is in the past. */
  readonly expiresIn?: number;
  readonly notBefore?: number;
  readonly keyId?: string;
  readonly signedBy?: "channel" | "stranger" | "other-channel";
}

export interface ChannelKeys {
  /** The key set as the channel publishes it. */
  readonly published: readonly JWK[];
  /** A token as the channel signs it for one request. */
  sign(changes?: TokenChanges): Promise<string>;
  /** The public key in PEM, which a forger would misuse as an HMAC secret. */
  readonly publicPem: string;
}

/** The issuer of the channel's tokens. */
export const ISSUER = "https://api.botframework.com";

/** Makes the keys of a channel: one endorsed for Teams, one endorsed for another channel, and one that is nobody's. */
export async function createChannelKeys(appId: string, serviceUrl: string): Promise<ChannelKeys> {
  const { channel, other, stranger } = await pairs();
  const published = [
    { ...(await exportJWK(channel.publicKey)), kid: "teams-key", use: "sig", endorsements: ["msteams"] },
    { ...(await exportJWK(other.publicKey)), kid: "other-key", use: "sig", endorsements: ["slack"] },
  ];
  const { exportSPKI } = await import("jose");
  return {
    published: published as unknown as readonly JWK[],
    publicPem: await exportSPKI(channel.publicKey),
    async sign(changes = {}) {
      const now = Math.floor(Date.now() / 1000);
      const by = changes.signedBy ?? "channel";
      const key = { channel, stranger, "other-channel": other }[by];
      const claim = changes.serviceUrl === undefined ? serviceUrl : changes.serviceUrl;
      const expiresIn = changes.expiresIn ?? 3600;
      return await new SignJWT(claim === null ? {} : { serviceurl: claim })
        .setProtectedHeader({
          alg: "RS256",
          kid: changes.keyId ?? (by === "other-channel" ? "other-key" : "teams-key"),
          typ: "JWT",
        })
        .setIssuer(changes.issuer ?? ISSUER)
        .setAudience(changes.audience ?? appId)
        .setNotBefore(now + (changes.notBefore ?? Math.min(-60, expiresIn - 3600)))
        .setExpirationTime(now + expiresIn)
        .sign(key.privateKey);
    },
  };
}

let made: ReturnType<typeof makePairs> | undefined;

/** The same for all fakes of a process: making RSA keys takes longer than most tests. */
function pairs(): ReturnType<typeof makePairs> {
  made ??= makePairs();
  return made;
}

async function makePairs() {
  const pair = () => generateKeyPair("RS256", { extractable: true });
  const [channel, other, stranger] = await Promise.all([pair(), pair(), pair()]);
  return { channel, other, stranger };
}
