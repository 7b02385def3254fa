import type { AppsManifestCreateArguments } from "@slack/web-api";
import type { ManifestFile, ManifestOptions } from "../../src/engine/adapter.ts";

type Manifest = Exclude<AppsManifestCreateArguments["manifest"], string>;

/**
 * What the bot may do: write to people, read what they write to it, its command, and their language and time zone. In a channel it reads
 * only what names it.
 */
export const SCOPES = ["chat:write", "im:write", "im:history", "commands", "users:read", "app_mentions:read"] as const;

/** Only for Socket Mode: without a public address pictures are uploaded, and looked at until Slack has taken them in. */
const UPLOAD_SCOPES = ["files:write", "files:read"] as const;

/**
 * Two app manifests: one for an installation that Slack reaches by HTTP, one for Socket Mode.
 * https://docs.slack.dev/reference/app-manifest
 */
export function manifestFiles(options: ManifestOptions): readonly ManifestFile[] {
  return [
    { name: "slack-manifest.json", content: toJson(httpManifest(options)) },
    { name: "slack-manifest-socket-mode.json", content: toJson(socketManifest(options)) },
  ];
}

function httpManifest(options: ManifestOptions): Manifest {
  const url = `${options.publicUrl}/slack/events`;
  const base = socketManifest(options);
  return {
    ...base,
    features: { ...base.features, slash_commands: [{ ...COMMAND, url }] },
    oauth_config: { redirect_urls: [`${options.publicUrl}/slack/oauth_redirect`], scopes: { bot: [...SCOPES] } },
    settings: {
      ...base.settings,
      event_subscriptions: { request_url: url, bot_events: [...EVENTS] },
      interactivity: { is_enabled: true, request_url: url },
      socket_mode_enabled: false,
    },
  };
}

function socketManifest(options: ManifestOptions): Manifest {
  return {
    display_information: {
      name: "Fadder",
      description: "Short lessons, self-checks and reminders for mentors, in a chat with you alone.",
      long_description: describe(options),
      background_color: "#1f4e5f",
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: "fadder", always_online: true },
      slash_commands: [COMMAND],
    },
    oauth_config: { scopes: { bot: [...SCOPES, ...UPLOAD_SCOPES] } },
    settings: {
      event_subscriptions: { bot_events: [...EVENTS] },
      interactivity: { is_enabled: true },
      org_deploy_enabled: false,
      socket_mode_enabled: true,
      token_rotation_enabled: false,
    },
  };
}

const EVENTS = [
  "message.im",
  "app_mention",
  "app_home_opened",
  "user_change",
  "app_uninstalled",
  "tokens_revoked",
] as const;

const COMMAND = {
  command: "/fadder",
  description: "Go on learning: next step, menu, progress, help",
  usage_hint: "next | menu | progress | help",
  should_escape: false,
};

// The manifest has no field for these two addresses, so they stand where every member can read them. Slack asks for at
// least 174 characters here.
function describe(options: ManifestOptions): string {
  return [
    "Fadder trains mentors in short steps: lessons of a few cards, practice with feedback, and checks at the end of a unit.",
    "It teaches in a direct chat only. A channel that a coordinator links gets notices of a course and nothing about a",
    "person; there it reads only what names it. Installing it enrols nobody: a person begins",
    "by a link or code from the coordinator, and stops at any time by writing “stop”.",
    `Privacy: ${options.privacyUrl}`,
    `Terms: ${options.termsUrl}`,
  ].join("\n");
}

function toJson(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
