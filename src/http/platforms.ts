import type { Adapter, Health, Log } from "../engine/adapter.ts";

/** How one platform is doing, as far as the last look says. */
export interface PlatformState {
  readonly channel: string;
  readonly state: "starting" | "up" | "partly up" | "down";
  /** How often it was told about commands and addresses in vain since it last worked. */
  readonly failures: number;
  readonly connections: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
}

/** Sets platforms up, again and again until it works, and knows how they are. */
export interface Platforms {
  start(): void;
  states(): readonly PlatformState[];
  stop(): void;
}

/** Waits between tries, in milliseconds; the last one is repeated. */
const WAITS = [1_000, 2_000, 5_000, 15_000, 60_000];
/** A platform is asked how it is no more often than this, however often somebody looks. */
const FRESH_MS = 30_000;

/** One platform that cannot be reached never stops the others. `wait` is for tests. */
export function createPlatforms(
  adapters: readonly Adapter[],
  log: Log,
  wait: (ms: number) => number = (ms) => ms,
): Platforms {
  const watches = adapters.map((adapter) => watch(adapter, log, wait));
  return {
    start() {
      for (const one of watches) void one.setUp();
    },
    states: () => watches.map((one) => one.state()),
    stop() {
      for (const one of watches) one.stop();
    },
  };
}

function watch(adapter: Adapter, log: Log, wait: (ms: number) => number) {
  let failures = 0;
  let done = false;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let health: Health | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;

  async function setUp(): Promise<void> {
    try {
      await adapter.setUp();
      done = true;
      if (failures > 0) log.info({ channel: adapter.channel, failures }, "the platform is set up after all");
      failures = 0;
    } catch (error) {
      failures += 1;
      log.warn({ channel: adapter.channel, failures, error }, "the platform could not be set up; it is tried again");
      if (stopped) return;
      const ms = WAITS[Math.min(failures, WAITS.length) - 1] ?? FRESH_MS;
      timer = setTimeout(() => void setUp(), wait(ms));
      timer.unref();
    }
    askedAt = Number.NEGATIVE_INFINITY;
    await ask();
  }

  async function ask(): Promise<void> {
    // A duration on this machine, so the machine's own clock.
    if (stopped || performance.now() - askedAt < FRESH_MS) return;
    askedAt = performance.now();
    try {
      health = await adapter.health();
    } catch (error) {
      log.warn({ channel: adapter.channel, error }, "the platform does not say how it is");
    }
  }

  function state(): PlatformState {
    void ask();
    const connections = (health?.connections ?? []).map(({ name, ok, detail }) => ({ name, ok, detail }));
    return { channel: adapter.channel, state: sum(), failures, connections };
  }

  function sum(): PlatformState["state"] {
    if (health === undefined) return failures > 0 ? "down" : "starting";
    const good = health.connections.filter((connection) => connection.ok).length;
    if (health.ok && done) return "up";
    return good > 0 ? "partly up" : done || failures > 0 ? "down" : "starting";
  }

  return {
    setUp,
    state,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
