import { type Logger, LogLevel, WebClient } from "@slack/web-api";
import type { Log } from "../../src/engine/adapter.ts";

/** What a call is for: an answer that a person waits for, everything else, or a look-up that must not take long. */
type Use = "interactive" | "background" | "lookup";

/** The Web API clients of one workspace. */
export type Clients = { readonly [use in Use]: WebClient };

const TIMEOUT_MS = { interactive: 10_000, background: 10_000, lookup: 900 } as const;

/** Clients that never repeat a call and never wait for a limit by themselves: the outbox decides about both. */
export function createClients(token: string, apiUrl: string, log: Log): Clients {
  const make = (use: Use) => createClient(token, apiUrl, log, TIMEOUT_MS[use]);
  // One throttled client must not hold back another: answers go before broadcasts.
  return { interactive: make("interactive"), background: make("background"), lookup: make("lookup") };
}

/** One client; see `createClients`. */
export function createClient(token: string | undefined, apiUrl: string, log: Log, timeout = 10_000): WebClient {
  return new WebClient(token, { ...clientOptions(apiUrl, log), timeout });
}

/** The settings of every client, also of those that Slack's own libraries make. */
export function clientOptions(apiUrl: string, log: Log) {
  return {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 10_000,
    maxRequestConcurrency: 8,
    logger: sdkLogger(log),
  };
}

/** Slack's libraries log request bodies at their lower levels, so only what kind of warning it was goes on. */
export function sdkLogger(log: Log): Logger {
  const kind = (messages: readonly unknown[]) => {
    const first = messages[0];
    const text = first instanceof Error ? first.name : typeof first === "string" ? first : typeof first;
    return { sdk: (text.split(/[:(]/)[0] ?? "").slice(0, 100).trim() };
  };
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (...messages: unknown[]) => log.warn(kind(messages), "Slack library warning"),
    error: (...messages: unknown[]) => log.warn(kind(messages), "Slack library error"),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  };
}
