import { createHmac } from "node:crypto";
import type { WebSocket } from "ws";

/** How a delivery ended: Slack's view of it. Status 0 means no answer within three seconds, or no connection. */
export interface Delivered {
  readonly status: number;
  readonly body: string;
  /** How often it was sent. */
  readonly attempts: number;
}

type Kind = "events_api" | "interactive" | "slash_commands";

interface SenderOptions {
  readonly signingSecret: string;
  /** Where the product listens; undefined when it holds a socket. */
  readonly target: () => string | undefined;
  readonly sockets: ReadonlySet<WebSocket>;
  /** Events that fail are sent again after these pauses. Slack itself: at once, a minute, five minutes. */
  readonly retryDelaysMs: readonly number[];
  /** How long an answer may take. Slack: three seconds. */
  readonly deadlineMs: number;
}

/** Sends payloads to the product as Slack does: signed by HTTP, or in an envelope through its socket. */
export function createSender(options: SenderOptions) {
  let envelopes = 0;

  async function byHttp(
    kind: Kind,
    payload: Record<string, unknown>,
    retry: number,
    base: string,
  ): Promise<Omit<Delivered, "attempts">> {
    const body = bodyOf(kind, payload);
    const answer = await post(base, body, {
      ...sign(options.signingSecret, body, Math.floor(Date.now() / 1000)),
      "content-type": kind === "events_api" ? "application/json" : "application/x-www-form-urlencoded",
      ...(retry > 0 ? { "x-slack-retry-num": String(retry), "x-slack-retry-reason": "http_error" } : {}),
    });
    return answer;
  }

  async function post(base: string, body: string, headers: Record<string, string>) {
    try {
      const answer = await fetch(`${base}/slack/events`, {
        method: "POST",
        body,
        headers,
        signal: AbortSignal.timeout(options.deadlineMs),
      });
      return { status: answer.status, body: await answer.text() };
    } catch {
      return { status: 0, body: "" };
    }
  }

  function bySocket(
    kind: Kind,
    payload: Record<string, unknown>,
    retry: number,
    socket: WebSocket,
  ): Promise<Omit<Delivered, "attempts">> {
    envelopes += 1;
    const envelope_id = `envelope-${envelopes}`;
    return new Promise((resolve) => {
      const end = (result: Omit<Delivered, "attempts">) => {
        clearTimeout(timer);
        socket.off("message", onMessage);
        resolve(result);
      };
      const onMessage = (data: { toString(): string }) => {
        const answer = JSON.parse(data.toString()) as { envelope_id?: string; payload?: unknown };
        if (answer.envelope_id === envelope_id) end({ status: 200, body: JSON.stringify(answer.payload ?? {}) });
      };
      const timer = setTimeout(() => end({ status: 0, body: "" }), options.deadlineMs);
      socket.on("message", onMessage);
      socket.send(
        JSON.stringify({
          envelope_id,
          type: kind,
          payload,
          accepts_response_payload: kind !== "events_api",
          retry_attempt: retry,
          retry_reason: retry > 0 ? "timeout" : "",
        }),
      );
    });
  }

  async function once(kind: Kind, payload: Record<string, unknown>, retry: number) {
    const base = options.target();
    if (base !== undefined) return byHttp(kind, payload, retry, base);
    const socket = [...options.sockets].at(-1);
    return socket ? bySocket(kind, payload, retry, socket) : { status: 0, body: "" };
  }

  return {
    /** Delivers; events are repeated until they are taken or the retries are used up, the rest is sent once. */
    async deliver(kind: Kind, payload: Record<string, unknown>): Promise<Delivered> {
      const pauses = kind === "events_api" ? options.retryDelaysMs : [];
      for (let attempt = 0; ; attempt += 1) {
        const result = await once(kind, payload, attempt);
        const wait = pauses[attempt];
        if (result.status === 200 || wait === undefined) return { ...result, attempts: attempt + 1 };
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    },
    /** Posts anything at all, for requests that Slack would never send. */
    raw: (body: string, headers: Record<string, string>) => post(options.target() ?? "", body, headers),
  };
}

/** The headers by which Slack signs a body. `at` is in seconds. */
export function sign(signingSecret: string, body: string, at: number): Record<string, string> {
  const hash = createHmac("sha256", signingSecret).update(`v0:${at}:${body}`).digest("hex");
  return { "x-slack-signature": `v0=${hash}`, "x-slack-request-timestamp": String(at) };
}

function bodyOf(kind: Kind, payload: Record<string, unknown>): string {
  if (kind === "events_api") return JSON.stringify(payload);
  if (kind === "interactive") return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  return new URLSearchParams(payload as Record<string, string>).toString();
}
