import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import {
  type Installation,
  type InstallationStore,
  InstallProvider,
  type InstallURLOptions,
  type StateStore,
} from "@slack/oauth";
import type { Express, Response } from "express";
import { z } from "zod";
import type { AdapterDeps } from "../../src/engine/adapter.ts";
import { clientOptions, sdkLogger } from "./clients.ts";
import type { InstallConnection } from "./connection.ts";
import { SCOPES } from "./manifest.ts";
import { page } from "./page.ts";
import type { Workspaces } from "./workspaces.ts";

type Deps = Pick<AdapterDeps, "log" | "words" | "sign" | "signed"> & { readonly publicUrl: string };

/**
 * Mounts `GET /slack/install` and `GET /slack/oauth_redirect`. An installation is stored and nothing else happens: nobody
 * is enrolled and no message is sent. With several apps the address says which one: `/slack/install?app=<client id>`.
 */
export function mountInstall(
  app: Express,
  connections: readonly InstallConnection[],
  workspaces: Workspaces,
  deps: Deps,
): void {
  const states = createStates(deps);
  const providers = new Map(connections.map((own) => [own.clientId, createProvider(own, workspaces, states, deps)]));
  const redirectUri = `${deps.publicUrl}/slack/oauth_redirect`;

  app.get("/slack/install", async (request, response) => {
    const asked = request.query.app;
    const clientId = typeof asked === "string" ? asked : providers.size === 1 ? [...providers.keys()][0] : undefined;
    const provider = providers.get(clientId ?? "");
    if (!provider || clientId === undefined) {
      show(deps, request, response, 404, "slack.install.which");
      return;
    }
    secure(response);
    await provider.handleInstallPath(request, response, undefined, {
      scopes: [...SCOPES],
      redirectUri,
      metadata: clientId,
    });
  });

  app.get("/slack/oauth_redirect", async (request, response) => {
    const state = typeof request.query.state === "string" ? request.query.state : "";
    const options = states.read(state, Date.now());
    const provider = providers.get(options?.metadata ?? "");
    if (!provider) {
      show(deps, request, response, 400, "slack.install.expired");
      return;
    }
    await provider.handleCallback(request, response, {
      successAsync: async (installation, _options, req, res) => {
        show(deps, req, res, 200, "slack.install.done", { workspace: installation.team?.name ?? "Slack" });
      },
      failureAsync: async (error, _options, req, res) => {
        const expired = ["slack_oauth_invalid_state", "slack_oauth_missing_state", "slack_oauth_missing_code"];
        deps.log.warn({ code: error.code }, "Slack installation failed");
        if (expired.includes(error.code)) show(deps, req, res, 400, "slack.install.expired");
        else show(deps, req, res, 502, "slack.install.failed");
      },
    });
  });
}

function createProvider(connection: InstallConnection, workspaces: Workspaces, stateStore: StateStore, deps: Deps) {
  const installationStore: InstallationStore = {
    storeInstallation: (installation) =>
      workspaces.install(connection, installation as Installation<"v1" | "v2", boolean>),
    fetchInstallation: () => Promise.reject(new Error("Workspaces are found by team, not through the installer.")),
  };
  return new InstallProvider({
    clientId: connection.clientId,
    clientSecret: connection.clientSecret,
    stateStore,
    installationStore,
    // Slack's own page asks for consent; a page with one button before it would add nothing.
    directInstall: true,
    authorizationUrl: new URL("/oauth/v2/authorize", connection.apiUrl).href,
    clientOptions: clientOptions(connection.apiUrl, deps.log),
    logger: sdkLogger(deps.log),
  });
}

/** An installation must be finished in this time. */
const STATE_MS = 600_000;

const stateShape = z.object({
  at: z.number(),
  random: z.string(),
  options: z.object({ scopes: z.array(z.string()), redirectUri: z.string(), metadata: z.string() }),
});

// The state is signed, tied to the browser by the installer's cookie, and short-lived by the real clock.
function createStates(deps: Deps): StateStore & { read(state: string, now: number): InstallURLOptions | undefined } {
  const read = (state: string, now: number): InstallURLOptions | undefined => {
    const [body = "", signature = ""] = state.split(".");
    if (!deps.signed("slack-install", body, signature)) return undefined;
    const parsed = stateShape.safeParse(JSON.parse(Buffer.from(body, "base64url").toString("utf8")));
    if (!parsed.success || Math.abs(now - parsed.data.at) > STATE_MS) return undefined;
    return parsed.data.options;
  };
  return {
    read,
    async generateStateParam(options, now) {
      const state = { at: now.getTime(), random: randomBytes(12).toString("base64url"), options };
      const body = Buffer.from(JSON.stringify(state)).toString("base64url");
      return `${body}.${deps.sign("slack-install", body)}`;
    },
    async verifyStateParam(now, state) {
      const options = read(state, now.getTime());
      if (!options)
        throw Object.assign(new Error("The state is not ours or too old."), { code: "slack_oauth_invalid_state" });
      return options;
    },
  };
}

function secure(response: ServerResponse | Response): void {
  response.setHeader("Cache-Control", "no-store");
  response.setHeader("Referrer-Policy", "no-referrer");
}

function show(
  deps: Deps,
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  key: string,
  args = {},
): void {
  const wanted = String(request.headers["accept-language"] ?? "").split(/[,;]/)[0];
  const language = deps.words.match(wanted || undefined) ?? deps.words.languages[0] ?? "en";
  secure(response);
  const html = page(
    language,
    deps.words.text(language, `${key}.title`, args),
    deps.words.text(language, `${key}.text`, args),
  );
  response.writeHead(status, {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
  });
  response.end(html);
}
