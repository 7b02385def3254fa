import { GrammyError, HttpError } from "grammy";
import { DeliveryError } from "../../src/engine/adapter.ts";
import type { GoneReason } from "../../src/engine/types.ts";

/**
 * What a failed call means for the message. The strings are the Bot API server's own:
 * https://github.com/tdlib/telegram-bot-api, `fail_query_with_error` in Client.cpp.
 * The cause is left out on purpose: the library's errors carry the message's text and an address with the token.
 */
export function toDeliveryError(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error;
  if (error instanceof GrammyError) return answered(error);
  if (error instanceof HttpError) return unanswered(error.error);
  return new DeliveryError("unknown", error instanceof Error ? error.name : "fault");
}

/** Whether the call was refused with this description. */
export function refusedWith(error: unknown, description: RegExp): boolean {
  return error instanceof GrammyError && error.error_code === 400 && description.test(error.description);
}

/** An edit that changes nothing: what should stand there stands there. */
export const UNCHANGED = /message is not modified/u;
/** The person emptied the chat, or the message cannot be edited for another reason: it is sent anew. */
export const NOT_THERE =
  /message to edit not found|message can't be edited|MESSAGE_ID_INVALID|there is no (text|caption|media)/iu;

const GONE = /chat not found|PEER_ID_INVALID|user not found|USER_DEACTIVATED/iu;
const FROZEN = /FROZEN/u;
/** Waiting time where a 429 names none. */
const THROTTLED_MS = 5000;

function answered(error: GrammyError): DeliveryError {
  const code = `${error.error_code} ${phrase(error.description)}`.trim();
  const { error_code: status, description, parameters } = error;
  if (status === 429) {
    const seconds = parameters.retry_after;
    return new DeliveryError("throttled", code, {
      retryAfterMs: seconds === undefined ? THROTTLED_MS : seconds * 1000,
    });
  }
  if (status >= 500) return new DeliveryError("unknown", code);
  if (status === 401 || status === 404 || FROZEN.test(description)) return new DeliveryError("misconfigured", code);
  if (status === 403 || (status === 400 && GONE.test(description))) {
    const reason = reasonOf(description);
    return new DeliveryError("gone", code, reason === undefined ? {} : { reason });
  }
  return new DeliveryError("rejected", code);
}

/** Why, in the server's words; "can't initiate conversation" and a chat that was never there say nothing of it. */
function reasonOf(description: string): GoneReason | undefined {
  if (/blocked by the user/iu.test(description)) return "blocked";
  if (/deactivated/iu.test(description)) return "deactivated";
  return /was kicked|not a member|have no rights/iu.test(description) ? "left" : undefined;
}

/** The part of a description that names the fault. What follows may quote the message. */
function phrase(description: string): string {
  const [head, named] = description.split(":");
  return (named ?? head ?? "")
    .replace(/\s["'“].*/su, "")
    .trim()
    .slice(0, 80);
}

/** No connection was made, so nothing can have arrived. */
const NO_CONNECTION = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

function unanswered(cause: unknown): DeliveryError {
  const { code, message, type } = (cause ?? {}) as { code?: unknown; message?: unknown; type?: unknown };
  if (typeof code === "string") return new DeliveryError(NO_CONNECTION.has(code) ? "unreachable" : "unknown", code);
  if (typeof message === "string" && message.includes("timed out")) return new DeliveryError("unknown", "timeout");
  return new DeliveryError("unknown", typeof type === "string" ? type : "no answer");
}
