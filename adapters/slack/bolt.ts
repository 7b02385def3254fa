import { App, type Receiver } from "@slack/bolt";
import type { Log } from "../../src/engine/adapter.ts";
import { sdkLogger } from "./clients.ts";
import type { SlackConnection } from "./connection.ts";
import type { Intake } from "./intake.ts";

/**
 * Puts a Bolt app behind a receiver. Everything goes to the intake and is acknowledged after it; an intake that rejects
 * comes out of the receiver as an error, never as an acknowledgement.
 */
export function startBolt(receiver: Receiver, connections: readonly SlackConnection[], intake: Intake, log: Log): void {
  const app = new App({
    receiver,
    // The intake finds the workspace itself; Bolt's own look-up would refuse events of workspaces that left.
    authorize: async () => ({}),
    // What a bot wrote is dropped when it is parsed.
    ignoreSelf: false,
    convoStore: false,
    logger: sdkLogger(log),
  });
  // One middleware instead of listeners: whatever kind of request comes, somebody acknowledges it.
  app.use(async (args) => {
    const answer = await intake(connections, args.body);
    const { ack } = args as { ack?: (response?: unknown) => Promise<void> };
    if (ack) await ack(answer);
  });
  // An error handler that does not throw would turn a lost event into an acknowledged one.
  app.error(async (error) => {
    throw error;
  });
}
