import { hostname } from "node:os";
import { createApp } from "../app.ts";
import type { Product } from "../cli/kit.ts";
import type { Config } from "../config.ts";
import { chatOf } from "../engine/adapter.ts";
import type { Address } from "../engine/types.ts";
import type { Phase } from "../http/health.ts";
import { createMetrics } from "../http/metrics.ts";
import { createPlatforms } from "../http/platforms.ts";
import { type Listening, listen } from "../http/server.ts";
import { createOutbox } from "../outbox/runner.ts";
import { ensureRoot } from "../people/organisations.ts";
import type { Store } from "../store/types.ts";
import { createAdapters } from "./adapters.ts";
import { createCore } from "./core.ts";
import { mountPages } from "./pages.ts";
import { type Ingredients, openFoundation } from "./parts.ts";
import type { Shared } from "./shared.ts";
import { stopInOrder } from "./stop.ts";

/** The server: every platform that is switched on, the pages, and whatever works in the background. */
export async function composeServer(config: Config, ingredients: Ingredients): Promise<Product> {
  const { log } = ingredients;
  const foundation = await openFoundation(config, log, { migrate: true, use: "server" });
  const { store } = foundation;
  await ensureRoot(store.db, config.clock.now());
  const core = await createCore(foundation, ingredients);
  const { certificates } = core;
  // The key of this house is made with the house; it is opened when the first certificate is signed.
  await certificates.keys.ready();
  const adapters = await createAdapters(ingredients.platforms, config.connections, core.shared.deps, store);
  core.shared.use(adapters);
  // Not started here: it is asked which channels are streamed, because a due reminder may be for one of its persons.
  const terminal = await createAdapters(
    [ingredients.terminal],
    new Map([[ingredients.terminal.channel, [{}]]]),
    core.shared.deps,
    store,
  );

  const metrics = createMetrics({ store, now: config.clock.now, oldestWaitingAt: () => turns.oldestWaitingAt() });
  const turns = core.createTurns([...adapters, ...terminal], metrics);
  const scheduler = core.createScheduler(turns.receive, [...adapters, ...terminal]);
  const outbox = createOutbox({
    store,
    adapters,
    receive: turns.receive,
    now: config.clock.now,
    log,
    holder: `${hostname()}:${process.pid}:${core.chance.id()}`,
    onGone: (address) => turns.receive(gone(address, core.chance.id(), config.clock.now())),
    observe: metrics.outbox,
  });
  const platforms = createPlatforms(adapters, log);
  let phase: Phase = "starting";
  const { move } = config.clock;
  const app = await createApp({
    adapters,
    receive: turns.receive,
    words: core.shared.deps.words,
    log,
    metrics,
    metricsToken: config.metricsToken,
    publicUrl: config.publicUrl,
    loopback: config.loopback,
    trustProxy: config.trustProxy,
    phase: () => phase,
    database: () => store.ready(),
    platforms: () => platforms.states(),
    mount: (app) =>
      mountPages(app, foundation, {
        core,
        adapters,
        receive: turns.receive,
        platforms: ingredients.platforms.map(({ channel }) => channel),
      }),
    ...(move === undefined
      ? {}
      : {
          clock: {
            now: config.clock.now,
            move,
            async moved() {
              scheduler.wake();
              outbox.wake();
            },
          },
        }),
  });

  let server: Listening | undefined;
  let stopped: Promise<void> | undefined;
  return {
    adapters,
    store,
    finished: new Promise(() => undefined),
    async start() {
      server = await listen(app, config.host, config.port);
      outbox.start();
      scheduler.start();
      platforms.start();
      phase = "ready";
      log.info(
        { url: server.url, channels: adapters.map((adapter) => adapter.channel) },
        `Fadder is ready: ${server.url}`,
      );
      return server.url;
    },
    stop() {
      phase = "stopping";
      platforms.stop();
      stopped ??= stopInOrder(log, [
        ["server", 4_000, async () => Promise.all([server?.close(3_500), scheduler.stop(3_500)])],
        ["turns", 2_000, () => turns.drain()],
        ["outbox", 8_500, () => outbox.stop(7_000)],
        // What listeners heard until the outbox ended them.
        ["turns", 1_000, () => turns.drain()],
        ["platforms", 2_000, () => Promise.all([...adapters, ...terminal].map((adapter) => adapter.close()))],
        ["database", 2_000, close(core.shared, store)],
      ]);
      return stopped;
    },
  };
}

/** This terminal alone, on the same database. Messages for other channels wait for a server. */
export async function composeChat(config: Config, ingredients: Ingredients): Promise<Product> {
  const { log, terminal } = ingredients;
  const foundation = await openFoundation(config, log, { migrate: true, use: "server" });
  const { store } = foundation;
  const core = await createCore(foundation, ingredients);
  const adapters = await createAdapters([terminal], new Map([[terminal.channel, [{}]]]), core.shared.deps, store);
  const silent = { turn: () => undefined, renewed: () => undefined };
  const turns = core.createTurns(adapters, silent);
  const scheduler = core.createScheduler(turns.receive, adapters);
  const leave = new AbortController();
  let finish: () => void = () => undefined;
  let stopped: Promise<void> | undefined;
  return {
    adapters,
    store,
    finished: new Promise((resolve) => {
      finish = resolve;
    }),
    async start() {
      scheduler.start();
      const running = adapters.flatMap((one) => one.listeners.map((each) => each.run(turns.receive, leave.signal)));
      void Promise.all(running).then(finish, (error: unknown) => {
        log.error({ error }, "the terminal failed");
        finish();
      });
      return undefined;
    },
    stop() {
      leave.abort();
      stopped ??= stopInOrder(log, [
        ["scheduler", 4_000, () => scheduler.stop(3_500)],
        ["turns", 5_000, () => turns.drain()],
        ["terminal", 2_000, () => Promise.all(adapters.map((adapter) => adapter.close()))],
        ["database", 2_000, close(core.shared, store)],
      ]);
      return stopped;
    },
  };
}

function close(shared: Shared, store: Store) {
  return () => {
    shared.close();
    return store.close();
  };
}

/** A platform said that nobody can be reached here any more. It takes the path of everything else. */
function gone(address: Address, id: string, now: number) {
  return {
    id: `gone:${chatOf(address)}:${id}`,
    address,
    person: { name: "" },
    input: { type: "presence", state: "gone" },
    receivedAt: now,
  } as const;
}
