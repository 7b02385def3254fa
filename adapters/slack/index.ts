import type { Adapter, AdapterDeps, Receive } from "../../src/engine/adapter.ts";
import type { Json } from "../../src/engine/types.ts";
import { isInstall, isToken, type SlackConnection, type TokenConnection } from "./connection.ts";
import { createDeliver } from "./deliver.ts";
import { createHealth } from "./health.ts";
import { mountEvents } from "./http.ts";
import { mountInstall } from "./install.ts";
import { createIntake } from "./intake.ts";
import { createPeople } from "./people.ts";
import { createPictures } from "./pictures.ts";
import { render } from "./render.ts";
import { shownMessages } from "./shown.ts";
import { createSocket } from "./socket.ts";
import { createWorkspaces } from "./workspaces.ts";

/**
 * Slack through Bolt and the Web API client: HTTP where the product has a public address, Socket Mode elsewhere. A lane
 * is a workspace; several apps and workspaces stand side by side, and one that fails stops no other.
 */
export function createSlackAdapter(connections: readonly SlackConnection[], deps: AdapterDeps): Adapter {
  const workspaces = createWorkspaces(connections, deps.keep, deps.log);
  const people = createPeople(deps.keep, deps.now, deps.log);
  const pictures = createPictures(deps.images, deps.keep, deps.log);
  const deliver = createDeliver(workspaces, pictures, deps.keep);
  const intakeFor = (receive: Receive) => createIntake(deps, workspaces, people, receive, deliver);
  const tokens = connections.filter(isToken);

  return {
    channel: "slack",
    capabilities: {
      lane: true,
      rates: [
        // https://docs.slack.dev/apis/web-api/rate-limits: one message a second in a channel, and a limit of the whole
        // workspace that Slack does not name.
        { scope: "chat", count: 1, perMs: 1000, newOnly: true },
        { scope: "lane", count: 20, perMs: 1000 },
      ],
      concurrency: 4,
      edits: true,
      delivered: true,
      home: true,
    },
    async mount(app, receive) {
      const { publicUrl } = deps;
      if (publicUrl === undefined) return;
      mountEvents(app, connections, intakeFor(receive), deps.log);
      mountInstall(app, connections.filter(isInstall), workspaces, { ...deps, publicUrl });
    },
    async setUp() {
      const results = await Promise.allSettled(
        tokens
          .filter((connection) => !workspaces.standing(connection)?.ok)
          .map((connection) => workspaces.learn(connection)),
      );
      const failed = results
        .filter((result) => result.status === "rejected")
        .map((result) => String(result.reason?.code));
      if (failed.length > 0) {
        throw new Error(
          `Slack: ${failed.length} of ${tokens.length} workspaces did not answer (${failed.join(", ")}).`,
        );
      }
    },
    listeners: deps.publicUrl === undefined ? sockets(tokens, intakeFor, deps) : [],
    deliver,
    preview(reply) {
      const picture = { image_url: `https://picture.invalid/${encodeURIComponent(reply.image?.kind ?? "")}.png` };
      const messages = render(reply, { picture, salt: "preview" });
      return { parts: messages as unknown as readonly Json[], shown: shownMessages(messages) };
    },
    health: createHealth(connections, workspaces, deps.publicUrl),
    async joinWays() {
      const installable = connections.some(isInstall) && deps.publicUrl !== undefined;
      const install = { name: "Slack", url: `${deps.publicUrl}/slack/install`, complete: false };
      const apps = connections.flatMap(({ appId }) => (appId === undefined ? [] : [appId]));
      const own = [...new Set(apps)].map((appId) => ({
        name: "Slack",
        url: `https://slack.com/app_redirect?app=${encodeURIComponent(appId)}`,
        complete: false,
      }));
      return installable ? [...own, install] : own;
    },
    async close() {},
  };
}

function sockets(
  tokens: readonly TokenConnection[],
  intakeFor: (receive: Receive) => ReturnType<typeof createIntake>,
  deps: AdapterDeps,
) {
  const byApp = new Map<string, [TokenConnection, ...TokenConnection[]]>();
  for (const connection of tokens) {
    if (connection.appToken === undefined) continue;
    const same = byApp.get(connection.appToken);
    if (same) same.push(connection);
    else byApp.set(connection.appToken, [connection]);
  }
  return [...byApp].map(([appToken, own]) => createSocket(own, appToken, intakeFor, deps.log));
}
