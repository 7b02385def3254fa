import type { Express } from "express";
import type { AdapterDeps } from "../../src/engine/adapter.ts";
import type { TeamsConnection } from "./connection.ts";
import { teamsPackages } from "./manifest.ts";

/** Adds the download of the app package; with several registrations `?app=` names one. It holds nothing secret. */
export function mountPackage(
  app: Express,
  connections: readonly TeamsConnection[],
  { words, publicUrl }: Pick<AdapterDeps, "words" | "publicUrl">,
): void {
  app.get("/teams/manifest", async (request, response) => {
    const wanted = request.query.app;
    const chosen = connections.filter(({ appId }) => appId !== undefined && (wanted === undefined || appId === wanted));
    if (chosen.length === 0) {
      response.status(404).type("text/plain").send("There is no such registration.\n");
      return;
    }
    if (publicUrl === undefined) {
      response.status(404).type("text/plain").send("The app package needs the public address: set PUBLIC_URL.\n");
      return;
    }
    const urls = { publicUrl, privacyUrl: `${publicUrl}/privacy`, termsUrl: `${publicUrl}/terms` };
    const [file] = await teamsPackages({ ...urls, words, connections: chosen.slice(0, 1) });
    response.attachment(file?.name ?? "fadder-teams.zip").send(Buffer.from(file?.content ?? ""));
  });
}
