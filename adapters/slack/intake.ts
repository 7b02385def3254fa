import type { Adapter, AdapterDeps, Receive } from "../../src/engine/adapter.ts";
import { hearGroup } from "../../src/engine/groups.ts";
import type { SlackConnection } from "./connection.ts";
import { parse } from "./parse.ts";
import type { People } from "./people.ts";
import { escapeText } from "./text.ts";
import type { Workspaces } from "./workspaces.ts";

/** What the request is answered with, beside the acknowledgement itself. */
type Answer = { readonly response_type: "ephemeral"; readonly text: string } | undefined;

/** Takes one verified request in. Resolves when it may be acknowledged; rejects when Slack should deliver it again. */
export type Intake = (connections: readonly SlackConnection[], body: unknown) => Promise<Answer>;

/** See `Intake`: parses, finds the workspace among the connections that the request was verified for, and commits the turn. */
export function createIntake(
  deps: Pick<AdapterDeps, "log" | "now" | "words" | "inGroup">,
  workspaces: Workspaces,
  people: People,
  receive: Receive,
  deliver: Adapter["deliver"],
): Intake {
  return async (connections, body) => {
    const parsed = parse(body);
    if (parsed.type === "drop") {
      deps.log.debug({ why: parsed.why }, "Slack request dropped");
      return undefined;
    }
    if (parsed.type === "off") {
      await workspaces.switchOff(parsed.team, connections, parsed.reason, parsed.at);
      return undefined;
    }
    const workspace = await workspaces.find(parsed.team, connections);
    if (
      !workspace ||
      (workspace.appId !== undefined && parsed.appId !== undefined && workspace.appId !== parsed.appId)
    ) {
      deps.log.warn(
        { team: parsed.team, app: parsed.appId },
        "Slack request from a workspace or app that is not connected",
      );
      return undefined;
    }
    if (parsed.type === "group") {
      const { locale } = await people.describe(workspace, parsed.user);
      const { team, appId } = workspace;
      const query = new URLSearchParams({ ...(appId === undefined ? {} : { app: appId }), team });
      await hearGroup(deps, deliver, {
        id: `group:${parsed.id}`,
        group: {
          channel: "slack",
          tenant: team,
          user: parsed.channel,
          ref: { channel: parsed.channel },
        },
        user: parsed.user,
        text: parsed.text,
        ...(locale === undefined ? {} : { locale }),
        ...(appId === undefined ? {} : { direct: `https://slack.com/app_redirect?${query}` }),
      });
      return undefined;
    }
    // Whoever left is most often nobody here, and is not looked up.
    const person = parsed.input.type === "presence" ? { name: "" } : await people.describe(workspace, parsed.user);
    const receipt = await receive({
      id: parsed.id,
      address: {
        channel: "slack",
        tenant: workspace.team,
        user: parsed.user,
        ref: { user: parsed.user, ...(parsed.channel === undefined ? {} : { channel: parsed.channel }) },
      },
      person,
      input: parsed.input,
      receivedAt: deps.now(),
    });
    if (!parsed.elsewhere || receipt.outcome === "dropped") return undefined;
    // The answer goes to the direct chat; who typed the command in a channel would see nothing happen.
    const language = deps.words.match(person.locale) ?? deps.words.languages[0] ?? "en";
    const text = receipt.notice ?? deps.words.text(language, "slack.answered");
    return { response_type: "ephemeral", text: escapeText(text) };
  };
}
