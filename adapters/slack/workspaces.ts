import { createHash } from "node:crypto";
import type { Installation } from "@slack/oauth";
import { z } from "zod";
import type { Keep, Log } from "../../src/engine/adapter.ts";
import { DeliveryError } from "../../src/engine/adapter.ts";
import type { Json } from "../../src/engine/types.ts";
import { type Clients, createClients } from "./clients.ts";
import { isInstall, isToken, type SlackConnection, type TokenConnection } from "./connection.ts";
import { toDeliveryError } from "./errors.ts";
import { type InstalledWorkspace, installedShape, installKey } from "./installations.ts";

/** One workspace that we may speak in. */
export interface Workspace {
  readonly team: string;
  readonly connection: SlackConnection;
  /** The app's id where it is known; requests of another app are not for us. */
  readonly appId: string | undefined;
  readonly clients: Clients;
}

/** What is known about a connection or a workspace, for the health page. */
interface Standing {
  readonly ok: boolean;
  /** A failure's code, or the workspace's id. */
  readonly code: string;
  readonly at: number;
}

/** All workspaces of all connections: which token speaks where, and what is switched off. */
export interface Workspaces {
  /** The workspace of a team, among `within` where given. Rejects while Slack cannot be asked which team a token is for. */
  find(team: string, within?: readonly SlackConnection[]): Promise<Workspace | undefined>;
  /** Asks Slack which team a token is for. Throws a DeliveryError. */
  learn(connection: TokenConnection): Promise<string>;
  /** Takes an installation in, again or for the first time. */
  install(connection: SlackConnection, installation: Installation<"v1" | "v2", boolean>): Promise<void>;
  /** Switches a workspace off, with the reason Slack gave at `at`. A newer installation stays. */
  switchOff(team: string, within: readonly SlackConnection[], reason: string, at: number): Promise<void>;
  /** Notes how the last call in a workspace ended. */
  note(team: string, code: string | undefined): void;
  standing(connection: TokenConnection): Standing | undefined;
  trouble(team: string): string | undefined;
  installed(connection: SlackConnection): Promise<readonly InstalledWorkspace[]>;
}

/** Two events a second may ask for the same unknown team; Slack is asked once in this time. */
const ASK_AGAIN_MS = 5000;

/** Troubles that are over when Slack takes the token. */
const OFF = new Set([
  "app_uninstalled",
  "tokens_revoked",
  "token_revoked",
  "invalid_auth",
  "not_authed",
  "account_inactive",
]);

/** See `Workspaces`. Time is the real clock: it only spaces questions to Slack. */
export function createWorkspaces(connections: readonly SlackConnection[], keep: Keep, log: Log): Workspaces {
  const made = new Map<string, Workspace>();
  const teams = new Map<TokenConnection, string>();
  const standings = new Map<TokenConnection, Standing>();
  const asking = new Map<TokenConnection, Promise<string>>();
  const troubles = new Map<string, string>();

  function workspace(team: string, connection: SlackConnection, token: string, appId: string | undefined): Workspace {
    const key = `${team}\n${token}`;
    const known = made.get(key);
    if (known) return known;
    const fresh = {
      team,
      connection,
      appId: connection.appId ?? appId,
      clients: createClients(token, connection.apiUrl, log),
    };
    made.set(key, fresh);
    return fresh;
  }

  async function ask(connection: TokenConnection): Promise<string> {
    const { clients } = workspace("", connection, connection.botToken, undefined);
    try {
      const answer = authTest.parse(await clients.interactive.auth.test());
      teams.set(connection, answer.team_id);
      standings.set(connection, { ok: true, code: answer.team_id, at: Date.now() });
      if (OFF.has(troubles.get(answer.team_id) ?? "")) troubles.delete(answer.team_id);
      await keep.set(teamKey(connection), answer.team_id);
      return answer.team_id;
    } catch (error) {
      const failure = toDeliveryError(error, true);
      standings.set(connection, { ok: false, code: failure.code, at: Date.now() });
      throw failure;
    }
  }

  function learn(connection: TokenConnection): Promise<string> {
    const under = asking.get(connection);
    if (under) return under;
    const question = ask(connection).finally(() => asking.delete(connection));
    asking.set(connection, question);
    return question;
  }

  async function teamOf(connection: TokenConnection): Promise<string> {
    const known = teams.get(connection);
    if (known !== undefined) return known;
    const kept = await keep.get(teamKey(connection));
    if (typeof kept === "string") {
      teams.set(connection, kept);
      return kept;
    }
    const last = standings.get(connection);
    if (last && !last.ok && Date.now() - last.at < ASK_AGAIN_MS) throw new DeliveryError("unreachable", last.code);
    return learn(connection);
  }

  async function readInstalled(connection: SlackConnection, team: string): Promise<InstalledWorkspace | undefined> {
    const parsed = installedShape.safeParse(await keep.get(installKey(connection, team)));
    return parsed.success ? parsed.data : undefined;
  }

  return {
    learn,

    async find(team, within = connections) {
      let failure: unknown;
      for (const connection of within) {
        if (isInstall(connection)) {
          const installed = await readInstalled(connection, team);
          if (installed?.botToken) return workspace(team, connection, installed.botToken, installed.appId);
          continue;
        }
        try {
          if ((await teamOf(connection)) === team) return workspace(team, connection, connection.botToken, undefined);
        } catch (error) {
          failure = error;
        }
      }
      // A token whose team is not known yet may be the one for this team.
      if (failure !== undefined) throw failure;
      return undefined;
    },

    async install(connection, installation) {
      const team = installation.team?.id;
      if (team === undefined || !installation.bot || installation.isEnterpriseInstall) {
        throw new Error("Only an installation into one workspace, with a bot, can be used.");
      }
      const row: InstalledWorkspace = {
        team,
        name: installation.team?.name ?? team,
        botToken: installation.bot.token,
        // In whole seconds, as Slack dates its events.
        at: Math.floor(Date.now() / 1000) * 1000,
        ...(installation.appId === undefined ? {} : { appId: installation.appId }),
      };
      await keep.set(installKey(connection, team), row as unknown as Json);
      troubles.delete(team);
    },

    async switchOff(team, within, reason, at) {
      if (within.some(isToken)) troubles.set(team, reason);
      for (const connection of within.filter(isInstall)) {
        const installed = await readInstalled(connection, team);
        // Slack delivers again for some minutes; by then the workspace may have installed the app anew.
        if (!installed || installed.at > at) continue;
        const off: InstalledWorkspace = { team, name: installed.name, off: reason, at };
        await keep.set(installKey(connection, team), off as unknown as Json);
        log.warn({ team, reason }, "workspace switched off");
      }
    },

    note(team, code) {
      if (code === undefined) troubles.delete(team);
      else troubles.set(team, code);
    },
    standing: (connection) => standings.get(connection),
    trouble: (team) => troubles.get(team),
    async installed(connection) {
      if (!isInstall(connection)) return [];
      const rows = await keep.list(installKey(connection, ""));
      return rows.flatMap((row) => {
        const parsed = installedShape.safeParse(row.value);
        return parsed.success ? [parsed.data] : [];
      });
    },
  };
}

const authTest = z.object({ team_id: z.string().min(1) });

// The token itself must not stand in a key: keys are not encrypted.
function teamKey(connection: TokenConnection): string {
  return `team:${createHash("sha256").update(connection.botToken).digest("hex").slice(0, 32)}`;
}
