import type { Health } from "../../src/engine/adapter.ts";
import { DeliveryError } from "../../src/engine/adapter.ts";
import { isToken, type SlackConnection, type TokenConnection } from "./connection.ts";
import type { Workspaces } from "./workspaces.ts";

type Entry = Health["connections"][number];

/** An answer of Slack's is good for this long; the health page may be asked every few seconds. */
const FRESH_MS = 60_000;

/** Says for each token and each installed workspace whether Slack takes it, else the repair. */
export function createHealth(
  connections: readonly SlackConnection[],
  workspaces: Workspaces,
  publicUrl: string | undefined,
): () => Promise<Health> {
  return async () => {
    const entries = (
      await Promise.all(
        connections.map((connection, index) =>
          isToken(connection)
            ? ofToken(connection, index, workspaces, publicUrl)
            : ofInstall(connection, workspaces, publicUrl),
        ),
      )
    ).flat();
    return { ok: entries.every((entry) => entry.ok), connections: entries, hosts: hostsOf(connections, publicUrl) };
  };
}

async function ofToken(
  connection: TokenConnection,
  index: number,
  workspaces: Workspaces,
  publicUrl: string | undefined,
): Promise<Entry[]> {
  const name = `slack ${index + 1}`;
  if (publicUrl !== undefined && connection.signingSecret === undefined) {
    return [
      bad(
        name,
        "has no signing secret, so Slack's requests are refused",
        "Add signingSecret (SLACK_SIGNING_SECRET), from Basic Information of the app.",
      ),
    ];
  }
  if (publicUrl === undefined && connection.appToken === undefined) {
    return [
      bad(
        name,
        "has neither a public address nor an app-level token, so nothing arrives",
        "Set PUBLIC_URL, or add appToken (SLACK_APP_TOKEN) for Socket Mode.",
      ),
    ];
  }
  const last = workspaces.standing(connection);
  try {
    const team = last?.ok && Date.now() - last.at < FRESH_MS ? last.code : await workspaces.learn(connection);
    return [ofWorkspace(`slack ${team}`, team, workspaces)];
  } catch (error) {
    const code = error instanceof DeliveryError ? error.code : "unknown";
    return [bad(name, code, repairOf(code))];
  }
}

async function ofInstall(
  connection: SlackConnection,
  workspaces: Workspaces,
  publicUrl: string | undefined,
): Promise<Entry[]> {
  if (publicUrl === undefined) {
    return [bad("slack app", "has no public address, so no workspace can install it", "Set PUBLIC_URL.")];
  }
  const rows = await workspaces.installed(connection);
  const app: Entry = {
    name: "slack app",
    ok: true,
    detail: `installed in ${rows.filter((row) => row.botToken).length} workspaces`,
  };
  return [
    app,
    ...rows.map((row) => {
      if (row.off !== undefined) return bad(`slack ${row.team}`, row.off, repairOf(row.off));
      return ofWorkspace(`slack ${row.team}`, row.team, workspaces);
    }),
  ];
}

function ofWorkspace(name: string, team: string, workspaces: Workspaces): Entry {
  const trouble = workspaces.trouble(team);
  return trouble === undefined ? { name, ok: true, detail: "connected" } : bad(name, trouble, repairOf(trouble));
}

function bad(name: string, detail: string, repair: string): Entry {
  return { name, ok: false, detail, repair };
}

function repairOf(code: string): string {
  return (
    REPAIRS[code] ?? "Look at the app's page at https://api.slack.com/apps, then install it into the workspace again."
  );
}

const TOKEN = "Install the app into the workspace again and copy the new bot token.";
const NETWORK = "Check that this machine reaches Slack: doctor --network tries every host.";

const REPAIRS: Readonly<Record<string, string>> = {
  invalid_auth: TOKEN,
  not_authed: TOKEN,
  token_revoked: TOKEN,
  tokens_revoked: "Install the app into the workspace again: /slack/install.",
  app_uninstalled: "The workspace removed the app. Install it again when it is wanted: /slack/install.",
  token_expired: "Switch token rotation off in the app's settings, then install the app again.",
  account_inactive: "The workspace or the bot was switched off. Ask the workspace's owner.",
  missing_scope:
    "The app lacks a permission. Compare it with the manifest (fadder manifest slack) and install it again.",
  messages_tab_disabled: "Switch on the messages tab under App Home in the app's settings.",
  restricted_action: "The workspace's rules forbid the bot to write. Ask the workspace's owner.",
  timeout: NETWORK,
  econnrefused: NETWORK,
  enotfound: NETWORK,
  und_err_connect_timeout: NETWORK,
};

function hostsOf(connections: readonly SlackConnection[], publicUrl: string | undefined): string[] {
  const hosts = new Set(connections.map((connection) => new URL(connection.apiUrl).origin));
  if (publicUrl === undefined && hosts.has("https://slack.com")) {
    hosts.add("https://wss-primary.slack.com");
    // Pictures are uploaded where they cannot be linked.
    hosts.add("https://files.slack.com");
  }
  return [...hosts];
}
