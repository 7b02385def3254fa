import { z } from "zod";

const common = {
  /** Checks that requests come from Slack. Needed wherever Slack reaches us by HTTP. */
  signingSecret: z.string().min(16, "the signing secret is 32 characters; copy it from Basic Information"),
  /** For Slack's government cloud or a test server. */
  apiUrl: z.url({ protocol: /^https?$/ }).default("https://slack.com/api/"),
  /** The app's id (A…), where requests of other apps must be refused although they know the signing secret. */
  appId: z.string().startsWith("A", "an app id begins with A").optional(),
};

const byToken = z.strictObject({
  ...common,
  botToken: z
    .string()
    .startsWith("xoxb-", "a bot token begins with xoxb-; install the app into the workspace to get it"),
  signingSecret: common.signingSecret.optional(),
  appToken: z.string().startsWith("xapp-", "an app-level token begins with xapp-").optional(),
});

const byInstall = z.strictObject({
  ...common,
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
});

/** One workspace by its bot token, or one app that any number of workspaces install. */
export const connectionShape = z.union([byToken, byInstall]);

/** One entry of the connections file under `slack`. */
export type SlackConnection = z.infer<typeof connectionShape>;

/** A workspace by its own token. */
export type TokenConnection = z.infer<typeof byToken>;

/** An app that workspaces install by OAuth. */
export type InstallConnection = z.infer<typeof byInstall>;

/** Whether a connection is one workspace by its token. */
export function isToken(connection: SlackConnection): connection is TokenConnection {
  return "botToken" in connection;
}

/** Whether a connection is an app for many workspaces. */
export function isInstall(connection: SlackConnection): connection is InstallConnection {
  return "clientId" in connection;
}
