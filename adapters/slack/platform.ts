import type { Platform } from "../../src/engine/adapter.ts";
import { connectionShape, type SlackConnection } from "./connection.ts";

/** Slack, before it is switched on. The SDK is loaded by `create` only. */
export const slack: Platform<SlackConnection> = {
  channel: "slack",
  connection: connectionShape,
  fromEnvironment(env, facts) {
    const has = (name: string) => env[name] !== undefined && env[name] !== "";
    const names = Object.keys(VARIABLES);
    if (!names.some(has)) return undefined;
    const problems: string[] = [];
    const need = (name: string, why: string) => {
      if (!has(name)) problems.push(`${name} is missing: ${why}`);
    };
    const installs = has("SLACK_CLIENT_ID") || has("SLACK_CLIENT_SECRET");
    if (installs && has("SLACK_BOT_TOKEN")) {
      problems.push(
        "SLACK_BOT_TOKEN and SLACK_CLIENT_ID exclude each other: keep the token for one workspace, the client id and secret for many.",
      );
    } else if (installs) {
      need(
        "SLACK_CLIENT_ID",
        "with SLACK_CLIENT_SECRET it lets workspaces install the app. Copy it from Basic Information.",
      );
      need(
        "SLACK_CLIENT_SECRET",
        "with SLACK_CLIENT_ID it lets workspaces install the app. Copy it from Basic Information.",
      );
      need(
        "SLACK_SIGNING_SECRET",
        "without it nobody could tell Slack's requests from others. Copy it from Basic Information.",
      );
      if (facts.publicUrl === undefined) {
        problems.push(
          "PUBLIC_URL is missing: workspaces can install the app only where Slack reaches this server. For one workspace without it use SLACK_BOT_TOKEN and SLACK_APP_TOKEN.",
        );
      }
    } else {
      need(
        "SLACK_BOT_TOKEN",
        "it begins with xoxb-. Install the app into your workspace and copy it from OAuth & Permissions.",
      );
      if (facts.publicUrl === undefined) {
        need(
          "SLACK_APP_TOKEN",
          "without PUBLIC_URL Slack is reached by Socket Mode. Make an app-level token with connections:write.",
        );
      } else {
        need(
          "SLACK_SIGNING_SECRET",
          "without it nobody could tell Slack's requests from others. Copy it from Basic Information.",
        );
      }
    }
    if (problems.length > 0) return { problems };
    const connection = Object.fromEntries(
      Object.entries(VARIABLES)
        .filter(([name]) => has(name))
        // An app for many workspaces takes no app-level token: it is reached by HTTP.
        .filter(([name]) => !(installs && name === "SLACK_APP_TOKEN"))
        .map(([name, field]) => [field, env[name]]),
    );
    const parsed = connectionShape.safeParse(connection);
    if (parsed.success) return { connection, problems };
    return { problems: explain(connection) };
  },
  async create(connections, deps) {
    const { createSlackAdapter } = await import("./index.ts");
    return createSlackAdapter(connections, deps);
  },
  async manifest(options) {
    const { manifestFiles } = await import("./manifest.ts");
    return manifestFiles(options);
  },
};

const VARIABLES: Readonly<Record<string, string>> = {
  SLACK_BOT_TOKEN: "botToken",
  SLACK_SIGNING_SECRET: "signingSecret",
  SLACK_APP_TOKEN: "appToken",
  SLACK_CLIENT_ID: "clientId",
  SLACK_CLIENT_SECRET: "clientSecret",
  SLACK_API_URL: "apiUrl",
};

/** Names the variable that is wrong; zod's own message for a union would name none. */
function explain(connection: Readonly<Record<string, unknown>>): string[] {
  const [byToken, byInstall] = connectionShape.options;
  const parsed = ("clientId" in connection ? byInstall : byToken).safeParse(connection);
  return (parsed.error?.issues ?? []).map((issue) => {
    const name = Object.entries(VARIABLES).find(([, field]) => field === issue.path[0])?.[0];
    return `${name ?? "SLACK_…"}: ${issue.message}`;
  });
}
