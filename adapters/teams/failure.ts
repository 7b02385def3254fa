import { DeliveryError, type Failure } from "../../src/engine/adapter.ts";
import type { GoneReason } from "../../src/engine/types.ts";
import { HostRefused } from "./auth.ts";
import { TokenError } from "./credentials.ts";

/** What a request to the connector was for. `open` makes the chat, which puts no message anywhere. */
export type Purpose = "post" | "update" | "open";

/** A refused request as far as it matters: status, the connector's own code, and how long to wait. */
export interface Refusal {
  readonly status: number | undefined;
  readonly code: string | undefined;
}

/** Status and code of what a connector client threw. */
export function refusalOf(error: unknown): Refusal {
  const { statusCode, code, message } = (error ?? {}) as {
    readonly statusCode?: unknown;
    readonly code?: unknown;
    readonly message?: unknown;
  };
  const inner = typeof message === "string" ? innerCode(message) : undefined;
  return {
    status: typeof statusCode === "number" ? statusCode : undefined,
    code: typeof code === "string" && code !== "" ? code : inner,
  };
}

/**
 * The decision a failed request asks for.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/conversation-messages, status codes
 */
export function classify(error: unknown, purpose: Purpose, realNow: number): DeliveryError {
  if (error instanceof DeliveryError) return error;
  if (error instanceof HostRefused)
    return new DeliveryError("misconfigured", "ServiceHostNotAllowed", { cause: error });
  if (error instanceof TokenError) {
    return new DeliveryError(error.reached ? "misconfigured" : "unreachable", `token ${error.code}`, { cause: error });
  }
  const { status, code } = refusalOf(error);
  const make = (failure: Failure, more: { retryAfterMs?: number; reason?: GoneReason } = {}) =>
    new DeliveryError(failure, [status, code].filter((part) => part !== undefined).join(" ") || "no answer", {
      ...more,
      cause: error,
    });
  if (status === undefined) return make(neverLeft(error) || purpose === "open" ? "unreachable" : "unknown");
  if (status === 429 || status === 412) {
    const retryAfterMs = retryAfter(error, realNow);
    return make("throttled", retryAfterMs === undefined ? {} : { retryAfterMs });
  }
  // Only here the host is wrong, not the person gone.
  if (status === 403) return code === "InvalidBotApiHost" ? make("misconfigured") : make("gone", forbidden(code));
  if (status === 401) return make("misconfigured");
  if (status === 404) return make("gone", code === "ConversationNotFound" ? { reason: "uninstalled" } : {});
  // An answer that could not be read, or an error of the service: a message may be there. A chat that is made is no message.
  if (status < 400 || status >= 500) return make(purpose === "open" ? "unreachable" : "unknown");
  return make(purpose === "open" ? "gone" : "rejected");
}

/** A refusal in a personal chat means a block, also where the body names no code. `209` is MessageWritesBlocked. */
function forbidden(code: string | undefined): { readonly reason: GoneReason } {
  if (code === "BotNotInConversationRoster" || code === "ForbiddenOperationException") return { reason: "uninstalled" };
  return { reason: code === "BotDisabledByAdmin" ? "uninstalled" : "blocked" };
}

/** The connection was never made, so nothing can have arrived. */
function neverLeft(error: unknown): boolean {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  if (typeof code !== "string") return false;
  if (["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"].includes(code)) return true;
  if (code.startsWith("CERT_") || code.startsWith("ERR_TLS_") || code.includes("SIGNED_CERT")) return true;
  return code === "ETIMEDOUT" && typeof message === "string" && message.startsWith("connect ");
}

/** Milliseconds, from seconds or a date. */
function retryAfter(error: unknown, realNow: number): number | undefined {
  const { response } = error as {
    readonly response?: { readonly headers?: { get?(name: string): string | undefined } };
  };
  const value = response?.headers?.get?.("retry-after")?.trim();
  if (value === undefined || value === "") return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - realNow);
}

/** Some refusals hide their code in a JSON text inside the message. */
function innerCode(message: string): string | undefined {
  const found = /"(?:subCode|code|errorCode)"\s*:\s*"?([A-Za-z0-9]{1,60})/.exec(message);
  return found?.[1];
}
