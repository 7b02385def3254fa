import { DeliveryError, type Failure } from "../../src/engine/adapter.ts";

/** What the library tells about a failed send; all of it may be missing. */
interface Told {
  readonly code?: unknown;
  readonly command?: unknown;
  readonly responseCode?: unknown;
  readonly response?: unknown;
}

/**
 * What a failed send means. `handedOver`: the server had asked for the message, so that without an answer nobody knows whether
 * it has it. The cause is left out on purpose: what servers answer repeats the recipient.
 * Meanings of the codes: RFC 5321, 4.2.2 and RFC 3463.
 */
export function toDeliveryError(error: unknown, handedOver: boolean): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const told = (error ?? {}) as Told;
  const status = typeof told.responseCode === "number" ? told.responseCode : undefined;
  const enhanced =
    typeof told.response === "string" ? /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(told.response)?.[0] : undefined;
  const name = typeof told.code === "string" ? told.code : "fault";
  const code = status === undefined ? name : [status, enhanced].filter((part) => part !== undefined).join(" ");
  const make = (failure: Failure) => new DeliveryError(failure, code);

  if (status === undefined) {
    if (handedOver) return make("unknown");
    if (name === "EAUTH" || name === "ENOAUTH") return make("misconfigured");
    // An address or a message that the library refuses to send.
    if (name === "EENVELOPE" || name === "EMESSAGE") return make("rejected");
    return make("unreachable");
  }
  if (status < 500) return make(isTooMuch(status, enhanced) ? "throttled" : "unreachable");
  if (name === "EAUTH" || told.command === "MAIL FROM") return make("misconfigured");
  if (told.command === "RCPT TO") return make(isNobody(status, enhanced) ? "gone" : "rejected");
  return make(told.command === "DATA" ? "rejected" : "misconfigured");
}

/** The server asks for a pause; other temporary answers are about one mailbox. */
function isTooMuch(status: number, enhanced: string | undefined): boolean {
  if (status === 421 || status === 452) return true;
  return enhanced !== undefined && (enhanced.startsWith("4.7.") || enhanced === "4.4.5" || enhanced === "4.3.2");
}

/** There is no such mailbox: `5.1.x`, a closed one, or a refusal without a reason. A full mailbox and a policy are none of these. */
function isNobody(status: number, enhanced: string | undefined): boolean {
  if (enhanced !== undefined) return enhanced.startsWith("5.1.") || enhanced === "5.2.1";
  return status === 550 || status === 551 || status === 553;
}
