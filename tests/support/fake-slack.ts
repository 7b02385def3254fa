import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { type Args, methods, type Outcome } from "./fake-slack-api.ts";
import { createWorkspace, type FakeWorkspace } from "./fake-slack-person.ts";
import { createSender } from "./fake-slack-sender.ts";
import { createState } from "./fake-slack-state.ts";
import { judgeSlack } from "./judge-slack.ts";

interface FakeSlackOptions {
  readonly signingSecret: string;
  readonly botToken: string;
  readonly team?: string;
  readonly appId?: string;
  /** Lets `apps.connections.open` in. */
  readonly appToken?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** The product's address; can be set later with `deliverTo`. Without it events go through the product's socket. */
  readonly target?: string;
  /** Refuses more than this many messages of a channel in a second, as Slack may. */
  readonly messagesPerSecond?: number;
  readonly retryDelaysMs?: readonly number[];
  readonly deadlineMs?: number;
}

/** What the next call of a method does instead. `reset` ends the connection before, `lost` after the work was done. */
export type Fault =
  | { readonly error: string; readonly messages?: readonly string[] }
  | { readonly status: number; readonly retryAfter?: number }
  | "reset"
  | "lost"
  | "hang";

interface Call {
  readonly method: string;
  readonly args: Args;
  readonly team: string | undefined;
  readonly at: number;
}

export type FakeSlack = Awaited<ReturnType<typeof createFakeSlack>>;

/** A Slack on loopback: a strict Web API with several workspaces, signed deliveries, OAuth and Socket Mode. */
export async function createFakeSlack(options: FakeSlackOptions) {
  judgeSlack.warmUp();
  const sockets = new Set<WebSocket>();
  const workspaces: FakeWorkspace[] = [];
  const calls: Call[] = [];
  const violations: string[] = [];
  const faults: { method: string; fault: Fault }[] = [];
  const codes = new Map<string, string>();
  const watchers = new Set<() => void>();
  const stamps = new Map<string, number[]>();
  let target = options.target;
  let count = 0;
  const next = () => ++count;
  const sender = createSender({
    signingSecret: options.signingSecret,
    target: () => target,
    sockets,
    retryDelaysMs: options.retryDelaysMs ?? [10, 200, 1000],
    deadlineMs: options.deadlineMs ?? 3000,
  });
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      violations.push(`the fake broke: ${String(error)}`);
      response.destroy();
    });
  });
  const socketServer = new WebSocketServer({ server, path: "/socket" });
  socketServer.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => {
      sockets.delete(socket);
      changed();
    });
    socket.send(JSON.stringify({ type: "hello", num_connections: sockets.size }));
    changed();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function changed(): void {
    for (const watcher of watchers) watcher();
  }

  function addWorkspace(own: { team: string; botToken: string; name?: string }): FakeWorkspace {
    const state = createState({ name: own.team, appId: options.appId ?? "A0FADDER", ...own });
    const workspace = createWorkspace(state, sender, next);
    workspaces.push(workspace);
    return workspace;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request);
    const path = request.url ?? "";
    const upload = /^\/upload\/(\w+)\/(\w+)$/.exec(path);
    if (upload) {
      const file = workspaces.find((own) => own.state.team === upload[1])?.state.files.get(upload[2] ?? "");
      if (file) file.bytes = body.length;
      response.writeHead(file ? 200 : 404).end("OK");
      return;
    }
    const method = path.replace(/^\/api\//, "");
    const args: Args = Object.fromEntries(new URLSearchParams(body.toString("utf8")));
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    const workspace = workspaces.find((own) => own.state.botToken === token);
    calls.push({ method, args, team: workspace?.state.team, at: Date.now() });
    const index = faults.findIndex((planned) => planned.method === method || planned.method === "*");
    const fault = index < 0 ? undefined : faults.splice(index, 1)[0]?.fault;
    if (fault === "hang") {
      changed();
      return;
    }
    if (fault === "reset") {
      response.destroy();
      return;
    }
    if (typeof fault === "object" && "status" in fault) {
      response
        .writeHead(fault.status, fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) })
        .end("no");
      return;
    }
    if (fault === undefined && method === "chat.postMessage" && tooFast(args.channel ?? "")) {
      response.writeHead(429, { "retry-after": "1" }).end();
      return;
    }
    const outcome = typeof fault === "object" ? fault : await call(method, args, token, workspace);
    changed();
    if (fault === "lost") {
      response.destroy();
      return;
    }
    const answer =
      "error" in outcome
        ? { ok: false, error: outcome.error, response_metadata: { messages: outcome.messages ?? [] } }
        : { ok: true, ...outcome };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  }

  async function call(
    method: string,
    args: Args,
    token: string | undefined,
    workspace: FakeWorkspace | undefined,
  ): Promise<Outcome> {
    if (method === "oauth.v2.access") return exchange(args);
    if (method === "apps.connections.open") {
      if (token === undefined || token !== options.appToken) return { error: "invalid_auth" };
      return { url: `${url.replace("http", "ws")}/socket` };
    }
    if (token === undefined) return { error: "not_authed" };
    if (!workspace) return { error: "invalid_auth" };
    if (workspace.state.revoked) return { error: "token_revoked" };
    const own = methods[method];
    if (!own) return { error: "unknown_method" };
    const nextTs = () => `${Math.floor(Date.now() / 1000)}.${String(next()).padStart(6, "0")}`;
    return own(workspace.state, args, { url, nextTs, violations });
  }

  function exchange(args: Args): Outcome {
    if (args.client_id !== options.clientId || args.client_secret !== options.clientSecret)
      return { error: "bad_client_secret" };
    const team = codes.get(args.code ?? "");
    const workspace = workspaces.find((own) => own.state.team === team);
    codes.delete(args.code ?? "");
    if (!workspace) return { error: "invalid_code" };
    const { state } = workspace;
    return {
      app_id: state.appId,
      authed_user: { id: "UADMIN" },
      scope: "chat:write,im:write",
      token_type: "bot",
      access_token: state.botToken,
      bot_user_id: "UBOT",
      team: { id: state.team, name: state.name },
      enterprise: null,
      is_enterprise_install: false,
    };
  }

  function tooFast(channel: string): boolean {
    if (options.messagesPerSecond === undefined) return false;
    const recent = (stamps.get(channel) ?? []).filter((at) => at > Date.now() - 1000);
    if (recent.length >= options.messagesPerSecond) return true;
    stamps.set(channel, [...recent, Date.now()]);
    return false;
  }

  const main = addWorkspace({ team: options.team ?? "T1", botToken: options.botToken });
  return {
    ...main,
    /** The Web API's address, for `SLACK_API_URL`. */
    url: `${url}/api/`,
    workspaces,
    calls,
    violations,
    sockets,
    addWorkspace,
    deliverTo(base: string | undefined) {
      target = base;
    },
    /** Posts a body with own headers to the product. */
    raw: sender.raw,
    /** The next call of a method (`*`: of any) ends so. Several are used one after another. */
    failNext(method: string, fault: Fault) {
      faults.push({ method, fault });
    },
    /** An OAuth code, as Slack gives it to the browser of an administrator who agreed. */
    consent(team: string): string {
      const code = `code-${next()}`;
      codes.set(code, team);
      return code;
    },
    /** Resolves when the condition holds after some call; rejects with what was there when time is up. */
    until(condition: () => boolean, timeoutMs = 5000): Promise<void> {
      return new Promise((resolve, reject) => {
        const check = () => {
          if (!condition()) return;
          clearTimeout(timer);
          watchers.delete(check);
          resolve();
        };
        const timer = setTimeout(() => {
          watchers.delete(check);
          reject(
            new Error(
              `Nothing after ${timeoutMs} ms; calls: ${calls
                .slice(-8)
                .map((made) => made.method)
                .join(", ")}`,
            ),
          );
        }, timeoutMs);
        watchers.add(check);
        check();
      });
    },
    async close() {
      for (const socket of sockets) socket.terminate();
      socketServer.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
