import { z } from "zod";
import type { SlackConnection } from "./connection.ts";

/** A workspace that installed the app. Without a token it is switched off, and `off` says why. */
export const installedShape = z.object({
  team: z.string(),
  name: z.string(),
  botToken: z.string().optional(),
  appId: z.string().optional(),
  off: z.string().optional(),
  /** When it was installed, by the real clock. */
  at: z.number(),
});

export type InstalledWorkspace = z.infer<typeof installedShape>;

/** Where an installation is kept; with an empty team the beginning of all keys of an app. */
export function installKey(connection: SlackConnection, team: string): string {
  return `install:${"clientId" in connection ? connection.clientId : ""}:${team}`;
}
