import { createHash } from "node:crypto";
import { once } from "node:events";
import { type App, type ReceiverEvent, SocketModeReceiver } from "@slack/bolt";
import { getGlobalDispatcher } from "undici";
import type { Listener, Log } from "../../src/engine/adapter.ts";
import { startBolt } from "./bolt.ts";
import { clientOptions, sdkLogger } from "./clients.ts";
import type { TokenConnection } from "./connection.ts";
import type { Intake } from "./intake.ts";

/**
 * Socket Mode for the connections of one app: for where Slack cannot reach us. Bolt's own receiver acknowledges an event
 * before it was looked at; this one does so after the intake resolved, and not at all when it rejected: Slack sends again.
 */
export function createSocket(
  connections: readonly [TokenConnection, ...TokenConnection[]],
  appToken: string,
  createIntake: (receive: Parameters<Listener["run"]>[0]) => Intake,
  log: Log,
): Listener {
  const [{ apiUrl }] = connections;
  return {
    name: `socket:slack:${appOf(appToken)}`,
    async run(receive, signal) {
      const flight = createFlight();
      const intake = createIntake(receive);
      let failures = 0;
      while (!signal.aborted) {
        const held = await connect({ connections, appToken, apiUrl, intake, log, signal, flight });
        failures = held ? 0 : failures + 1;
        if (!held) log.warn({ failures }, "Slack socket not connected");
        await pause(held ? 0 : Math.min(1000 * 2 ** Math.min(failures - 1, 5), 30_000), signal);
      }
      await flight.landed();
    },
  };
}

interface Session {
  readonly connections: readonly TokenConnection[];
  readonly appToken: string;
  readonly apiUrl: string;
  readonly intake: Intake;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly flight: Flight;
}

/** Holds one connection until it ends or the signal aborts. Whether it was ever up. */
async function connect({ connections, appToken, apiUrl, intake, log, signal, flight }: Session): Promise<boolean> {
  const socket = new SocketModeReceiver({
    appToken,
    // The client's own reconnecting leaves a rejection unhandled when Slack cannot be reached.
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: clientOptions(apiUrl, log) },
    logger: sdkLogger(log),
    // The socket would connect past a proxy; the dispatcher that `fetch` uses knows the way.
    ...(process.env.HTTPS_PROXY ? { dispatcher: getGlobalDispatcher() } : {}),
  });
  const { client } = socket;
  client.removeAllListeners("slack_event");
  let app: App | undefined;
  startBolt(
    { init: (own) => (app = own), start: async () => undefined, stop: async () => undefined },
    connections,
    intake,
    log,
  );
  client.on("slack_event", (envelope: Envelope) => {
    // Somebody else may hold the socket by now; what is not acknowledged goes there.
    if (signal.aborted) return;
    flight.start(
      processEnvelope(app, envelope).catch((error: unknown) => {
        log.warn(
          { error: error instanceof Error ? error.name : "unknown" },
          "Slack event not acknowledged; Slack sends it again",
        );
      }),
    );
  });
  const ended = new Promise<void>((resolve) => client.once("disconnected", () => resolve()));
  let abandon: () => void = () => undefined;
  const abandoned = new Promise<void>((resolve) => {
    abandon = resolve;
  });
  const stop = () => {
    client.disconnect().catch(() => undefined);
    abandon();
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    if (signal.aborted) return false;
    const started = client.start();
    // A connection that comes up after the signal is closed at once; nobody waits for it.
    started.then(() => signal.aborted && stop()).catch(() => undefined);
    await Promise.race([started, abandoned]);
    if (signal.aborted) return false;
    log.info({}, "Slack socket connected");
    await ended;
    return true;
  } catch {
    return false;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

interface Envelope {
  readonly body: Record<string, unknown>;
  readonly ack: (response?: Record<string, unknown>) => Promise<void>;
}

async function processEnvelope(app: App | undefined, envelope: Envelope): Promise<void> {
  let answer: Record<string, unknown> | undefined;
  let acknowledged = false;
  const event: ReceiverEvent = {
    body: envelope.body,
    // Bolt calls this before the work is done: it is only noted here.
    ack: async (response?: Record<string, unknown>) => {
      acknowledged = true;
      answer = response;
    },
  };
  await app?.processEvent(event);
  // Kinds that Bolt does not know are not for us.
  await envelope.ack(acknowledged ? answer : undefined);
}

interface Flight {
  start(work: Promise<void>): void;
  landed(): Promise<void>;
}

function createFlight(): Flight {
  const under = new Set<Promise<void>>();
  return {
    start(work) {
      under.add(work);
      void work.finally(() => under.delete(work));
    },
    async landed() {
      await Promise.all(under);
    },
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms === 0 || signal.aborted) return;
  const timer = new AbortController();
  const handle = setTimeout(() => timer.abort(), ms);
  await Promise.race([once(signal, "abort", { signal: timer.signal }), once(timer.signal, "abort")]).catch(
    () => undefined,
  );
  clearTimeout(handle);
}

// An app-level token names its app: xapp-1-A0123…-…
function appOf(appToken: string): string {
  return (
    /^xapp-\d+-(A[A-Z0-9]+)-/.exec(appToken)?.[1] ?? createHash("sha256").update(appToken).digest("hex").slice(0, 16)
  );
}
