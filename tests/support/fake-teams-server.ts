import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { FakeActivity } from "./fake-teams-people.ts";

/** One request that reached the connector. */
export interface FakeCall {
  readonly method: string;
  readonly path: string;
  readonly status: number | "reset" | "silent";
  readonly at: number;
  readonly body: unknown;
  /** The bearer token that came with it, if any. */
  readonly bearer: string | undefined;
}

/** How the next request is to fail. */
export interface FakeFailure {
  /** A status, a connection that breaks after the request arrived, or no answer at all. */
  readonly status: number | "reset" | "silent";
  readonly code?: string;
  readonly retryAfter?: string;
  /** Where a redirect leads. */
  readonly location?: string;
  /** The whole body, where the code's own is not wanted. */
  readonly body?: unknown;
  /** Only requests of this method, or whose path matches. */
  readonly method?: "POST" | "PUT";
  readonly path?: RegExp;
  /** The request is carried out all the same, and only its answer is lost. */
  readonly done?: boolean;
}

/** What the connector does with a request that is allowed to pass. */
export interface Handlers {
  create(body: Record<string, unknown>): Outcome;
  post(conversation: string, activity: FakeActivity): Outcome;
  put(conversation: string, id: string, activity: FakeActivity): Outcome;
}

export interface Outcome {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfter?: number;
}

export interface FakeServer {
  readonly url: string;
  readonly calls: FakeCall[];
  readonly failures: FakeFailure[];
  /** Requests to the token endpoint, as `client_id`. */
  readonly logins: string[];
  /** Switches the key server and the token endpoint off and on. */
  readonly down: { keys: boolean; login: boolean };
  /** What the token endpoint refuses with, by its code; undefined where it gives tokens. */
  readonly refuse: { login: string | undefined };
  close(): Promise<void>;
}

/** The body of an error as the connector writes it. */
export function connectorError(
  code: string,
  message = code,
): { readonly error: { readonly code: string; readonly message: string } } {
  return { error: { code, message } };
}

/** Starts connector, token endpoint and key server on one free port of loopback. */
export async function startFakeServer(options: {
  readonly appId: string;
  readonly password: string;
  readonly issuer: string;
  readonly keys: () => readonly unknown[];
  readonly handlers: Handlers;
}): Promise<FakeServer> {
  const calls: FakeCall[] = [];
  const failures: FakeFailure[] = [];
  const logins: string[] = [];
  const tokens = new Set<string>();
  const down = { keys: false, login: false };
  const refuse: { login: string | undefined } = { login: undefined };
  let url = "";

  const openId = (path: string): Outcome => {
    if (down.keys) return { status: 503, body: {} };
    if (path.endsWith("/keys")) return { status: 200, body: { keys: options.keys() } };
    return { status: 200, body: { issuer: options.issuer, jwks_uri: `${url}/openid/keys` } };
  };

  const login = (text: string): Outcome => {
    if (down.login) return { status: 503, body: {} };
    const form = new URLSearchParams(text);
    logins.push(form.get("client_id") ?? "");
    const right =
      form.get("grant_type") === "client_credentials" &&
      form.get("client_id") === options.appId &&
      (form.get("client_secret") === options.password || form.get("client_assertion") !== null) &&
      form.get("scope") === `${options.issuer}/.default`;
    const code = refuse.login ?? (right ? undefined : "AADSTS7000215");
    if (code !== undefined) {
      return {
        status: 401,
        body: { error: "invalid_client", error_description: `${code}: refused.`, error_codes: [] },
      };
    }
    const token = randomBytes(24).toString("base64url");
    tokens.add(token);
    return { status: 200, body: { token_type: "Bearer", expires_in: 3599, ext_expires_in: 3599, access_token: token } };
  };

  const connector = (method: string, path: string, bearer: string | undefined, text: string): Outcome => {
    if (bearer === undefined || !tokens.has(bearer)) return { status: 401, body: connectorError("Unauthorized") };
    const body = JSON.parse(text) as Record<string, unknown>;
    if (method === "POST" && path === "/v3/conversations") return options.handlers.create(body);
    const found = /^\/v3\/conversations\/([^/]+)\/activities(?:\/([^/]+))?$/.exec(path);
    const conversation = decodeURIComponent(found?.[1] ?? "");
    const id = found?.[2] === undefined ? undefined : decodeURIComponent(found[2]);
    if (found && method === "POST" && id === undefined)
      return options.handlers.post(conversation, body as FakeActivity);
    if (found && method === "PUT" && id !== undefined)
      return options.handlers.put(conversation, id, body as FakeActivity);
    return { status: 405, body: connectorError("MethodNotAllowed") };
  };

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const path = new URL(request.url ?? "/", "http://fake").pathname;
    const method = request.method ?? "";
    const text = await read(request);
    if (path.startsWith("/openid/")) return answer(response, openId(path));
    if (path.startsWith("/login/")) return answer(response, login(text));
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    const short = path.replace(/^\/connector/, "");
    const index = failures.findIndex((one) => (one.method ?? method) === method && (one.path?.test(short) ?? true));
    const [failure] = index < 0 ? [] : failures.splice(index, 1);
    const outcome = failure === undefined || failure.done === true ? connector(method, short, bearer, text) : undefined;
    const status = failure?.status ?? outcome?.status ?? 500;
    calls.push({ method, path: short, status, at: Date.now(), body: JSON.parse(text || "null"), bearer });
    if (failure === undefined) return answer(response, outcome ?? { status: 500, body: {} });
    if (failure.status === "silent") return;
    if (failure.status === "reset") return void request.socket.destroy();
    const body = failure.body ?? connectorError(failure.code ?? `Status${failure.status}`);
    answer(response, { status: failure.status, body }, failure);
  };

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) =>
      answer(response, { status: 500, body: { error: String(error) } }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, calls, failures, logins, down, refuse, close: () => stop(server) };
}

function answer(
  response: ServerResponse,
  { status, body, retryAfter }: Outcome,
  failure: Pick<FakeFailure, "retryAfter" | "location"> = {},
): void {
  const wait = failure.retryAfter ?? retryAfter;
  response.writeHead(status, {
    "content-type": "application/json",
    ...(wait === undefined ? {} : { "retry-after": String(wait) }),
    ...(failure.location === undefined ? {} : { location: failure.location }),
  });
  response.end(JSON.stringify(body));
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
