import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from "@slack/web-api";
import { DeliveryError, type Failure } from "../../src/engine/adapter.ts";
import type { GoneReason } from "../../src/engine/types.ts";

/**
 * Slack's answer as the decision it asks for. https://docs.slack.dev/reference/methods/chat.postMessage#errors
 * With `harmless` a call changed nothing that a person sees (opening a chat, uploading), so an unknown end is a plain failure.
 */
export function toDeliveryError(error: unknown, harmless = false): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const found = classify(error);
  const failure = harmless && found.failure === "unknown" ? "unreachable" : found.failure;
  const reason = failure === "gone" ? REASONS.get(found.code) : undefined;
  return new DeliveryError(failure, found.code, { retryAfterMs: found.retryAfterMs, reason, cause: error });
}

/** Slack's own word for what went wrong, where it gave one. */
export function platformCode(error: unknown): string | undefined {
  if (!(error instanceof WebAPIPlatformError)) return undefined;
  const code = error.data.error;
  return typeof code === "string" && /^[a-z0-9_]{1,64}$/.test(code) ? code : "unreadable_answer";
}

/** Whether Slack refused the message because of its picture. */
export function refusedPicture(error: unknown): boolean {
  return ["invalid_blocks", "invalid_blocks_format", "slack_file_not_found", "file_not_found"].includes(
    platformCode(error) ?? "",
  );
}

/** Whether Slack found the message too long although it was within the published numbers. */
export function refusedLength(error: unknown): boolean {
  return ["msg_blocks_too_long", "msg_too_long"].includes(platformCode(error) ?? "");
}

/** Whether the message that was to be changed is not there any more, or not changeable. */
export function refusedEdit(error: unknown): boolean {
  return ["message_not_found", "cant_update_message", "edit_window_closed"].includes(platformCode(error) ?? "");
}

/** Whether the token itself was refused. */
export function refusedToken(error: DeliveryError): boolean {
  return TOKEN.includes(error.code);
}

interface Found {
  readonly failure: Failure;
  readonly code: string;
  readonly retryAfterMs?: number;
}

const TOKEN = ["account_inactive", "token_revoked", "invalid_auth", "not_authed", "token_expired"];

const MISCONFIGURED = new Set([
  ...TOKEN,
  "org_login_required",
  "team_added_to_org",
  "team_access_not_granted",
  "enterprise_is_restricted",
  "access_denied",
  "not_allowed_token_type",
  "missing_scope",
  "no_permission",
  "ekm_access_denied",
  "messages_tab_disabled",
  "message_limit_exceeded",
  "two_factor_setup_required",
  "accesslimited",
  "not_enabled",
]);

const GONE = new Set([
  "user_disabled",
  "user_not_found",
  "users_not_found",
  "user_not_visible",
  "channel_not_found",
  "is_archived",
  "cannot_dm_bot",
  "not_in_channel",
]);

/** What of these is told to a coordinator; the others do not say why. */
const REASONS: ReadonlyMap<string, GoneReason> = new Map([
  ["user_disabled", "deactivated"],
  ["user_not_visible", "left"],
  ["not_in_channel", "left"],
  ["is_archived", "left"],
  ["cannot_dm_bot", "blocked"],
]);

/** Slack says of these that some of the operation may have succeeded. */
const UNKNOWN = new Set(["fatal_error", "internal_error", "unreadable_answer", "service_unavailable"]);

/** Slack was there and did nothing yet. */
const LATER = new Set(["request_timeout", "team_not_available", "external_channel_migrating"]);

/** Without a `Retry-After` Slack gives no time; its windows are a minute long, bursts much shorter. */
const PATIENCE_MS = 2000;

function classify(error: unknown): Found {
  if (error instanceof WebAPIRateLimitedError) {
    return { failure: "throttled", code: "ratelimited", retryAfterMs: Math.max(error.retryAfter, 1) * 1000 };
  }
  if (error instanceof WebAPIPlatformError) return ofCode(platformCode(error) ?? "unreadable_answer");
  if (error instanceof WebAPIHTTPError) {
    const code = `http_${error.statusCode}`;
    if (error.statusCode >= 500 || error.statusCode === 408) return { failure: "unknown", code };
    // Slack itself answers 200 and 429 only: this came from a proxy or from another server.
    if ([401, 403, 404, 405, 407].includes(error.statusCode)) return { failure: "misconfigured", code };
    return { failure: "rejected", code };
  }
  if (error instanceof WebAPIRequestError) return ofConnection(error.original);
  // The SDK throws a plain error for a 429 whose Retry-After it cannot read.
  if (error instanceof Error && error.message.startsWith("Retry header")) {
    return { failure: "throttled", code: "ratelimited", retryAfterMs: PATIENCE_MS };
  }
  return { failure: "unknown", code: "unexpected_error" };
}

function ofCode(code: string): Found {
  if (code === "ratelimited" || code === "rate_limited")
    return { failure: "throttled", code, retryAfterMs: PATIENCE_MS };
  if (GONE.has(code)) return { failure: "gone", code };
  if (MISCONFIGURED.has(code) || code.startsWith("restricted_action")) return { failure: "misconfigured", code };
  if (UNKNOWN.has(code)) return { failure: "unknown", code };
  if (LATER.has(code)) return { failure: "unreachable", code };
  return { failure: "rejected", code };
}

/** Failures of a connection that was never made: nothing was sent. */
const NEVER_LEFT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|ERR_TLS_\w+|\w*CERT\w*|UNABLE_TO_\w+|ERR_SSL_\w+)$/;

function ofConnection(original: Error): Found {
  let cause: unknown = original;
  for (let depth = 0; depth < 5 && cause instanceof Error; depth += 1) {
    const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
    if (NEVER_LEFT.test(code)) return { failure: "unreachable", code: code.toLowerCase() };
    if (code !== "") return { failure: "unknown", code: code.toLowerCase().slice(0, 64) };
    if (cause.name === "TimeoutError") return { failure: "unknown", code: "timeout" };
    cause = cause.cause;
  }
  return { failure: "unknown", code: "connection_lost" };
}
