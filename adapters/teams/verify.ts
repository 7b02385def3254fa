import { AuthenticationConstants } from "botframework-connector";
import { z } from "zod";
import type { Registration } from "./auth.ts";
import { isLoopbackSocket } from "./hosts.ts";
import { VERIFY_MS } from "./limits.ts";

/** What a request claims before anything is checked, or that it carries no token and may be taken so. */
export type Claim =
  | { readonly kind: "signed"; readonly registration: Registration; readonly header: string }
  | { readonly kind: "unsigned"; readonly registration: Registration }
  | { readonly kind: "refused" };

/** The outcome of the vendor's check. `unavailable`: the keys could not be fetched, so nothing is known about the token. */
export type Verdict = "valid" | "invalid" | "unavailable";

const header = z.object({ alg: z.string(), kid: z.string() });
const payload = z.object({ iss: z.string(), aud: z.string() });

/**
 * Finds the registration a request is for by its token's audience, and refuses at once what cannot be right: no token, an
 * unknown issuer or audience, an algorithm without a public key. botbuilder would answer some of these with 500, and for
 * tokens of other issuers it would fetch keys from elsewhere.
 */
export function claimOf(
  registrations: readonly Registration[],
  authorization: string | undefined,
  remoteAddress: string | undefined,
): Claim {
  if (authorization === undefined || authorization === "") {
    // The socket's own address, never a header: anybody can write `X-Forwarded-For: 127.0.0.1`.
    const registration = registrations.find((one) => one.connection.anonymous === "loopback");
    if (registration === undefined || !isLoopbackSocket(remoteAddress)) return { kind: "refused" };
    return { kind: "unsigned", registration };
  }
  const parts = /^Bearer ([\w-]+)\.([\w-]+)\.[\w-]+$/.exec(authorization);
  const head = header.safeParse(decode(parts?.[1]));
  const body = payload.safeParse(decode(parts?.[2]));
  if (!head.success || !body.success) return { kind: "refused" };
  if (!AuthenticationConstants.AllowedSigningAlgorithms.includes(head.data.alg)) return { kind: "refused" };
  const registration = registrations.find(
    (one) => one.appId !== "" && one.appId === body.data.aud && one.cloud.issuer === body.data.iss,
  );
  return registration === undefined ? { kind: "refused" } : { kind: "signed", registration, header: authorization };
}

/**
 * Lets botbuilder check signature, issuer, audience, times, endorsement and service address of a token against the
 * activity. It uses the real clock, as security checks do.
 */
export async function verify(
  registration: Registration,
  authorization: string,
  activity: { readonly channelId: string; readonly serviceUrl: string },
): Promise<Verdict> {
  let timer: NodeJS.Timeout | undefined;
  // botbuilder fetches the keys without a deadline.
  const deadline = new Promise<Verdict>((resolve) => {
    timer = setTimeout(() => resolve("unavailable"), VERIFY_MS);
  });
  const check = registration.authentication
    // Only these two are read: https://github.com/microsoft/botbuilder-js, parameterizedBotFrameworkAuthentication.ts
    .authenticateRequest(
      activity as Parameters<typeof registration.authentication.authenticateRequest>[0],
      authorization,
    )
    .then((): Verdict => "valid", verdictOf);
  try {
    return await Promise.race([check, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

function verdictOf(error: unknown): Verdict {
  const { name, statusCode } = error as { readonly name?: unknown; readonly statusCode?: unknown };
  // 500 is botbuilder's own word for "the key server did not give the keys".
  if (typeof statusCode === "number") return statusCode === 500 ? "unavailable" : "invalid";
  // What the check itself throws about a token; all else comes from fetching the keys.
  return name === "JsonWebTokenError" || name === "NotBeforeError" || name === "TokenExpiredError"
    ? "invalid"
    : "unavailable";
}

function decode(part: string | undefined): unknown {
  if (part === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}
