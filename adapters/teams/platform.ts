import type { Platform } from "../../src/engine/adapter.ts";
import { nameOf, type TeamsConnection, teamsConnection } from "./connection.ts";
import { connectionFromEnvironment } from "./environment.ts";

/** Microsoft Teams. Light: botbuilder is loaded when a connection is made. */
export const teams: Platform<TeamsConnection> = {
  channel: "teams",
  connection: teamsConnection,
  fromEnvironment: connectionFromEnvironment,
  identity: nameOf,
  async create(connections, deps) {
    const { createTeamsAdapter } = await import("./index.ts");
    return createTeamsAdapter(connections, deps);
  },
  async manifest(options) {
    const { teamsPackages } = await import("./manifest.ts");
    return await teamsPackages(options);
  },
};
