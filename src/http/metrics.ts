import { timingSafeEqual } from "node:crypto";
import type { Request, Response } from "express";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Store } from "../store/types.ts";

/** Counters for the parts that observe themselves, and the page that shows them. */
export interface Metrics {
  /** A delivery came to its end after so many milliseconds: `taken`, `duplicate`, `dropped`, `failed`, `refused`. */
  turn(outcome: string, milliseconds: number): void;
  /** So many saved states could not be read, and the person was led to the menu. */
  renewed(count: number): void;
  /** What the outbox tells, one call per message or event of a lane. */
  readonly outbox: {
    delivered(lane: string, kind: string): void;
    throttled(lane: string): void;
    unreachable(lane: string): void;
    unknown(lane: string, kind: string): void;
    rejected(lane: string, kind: string, code: string): void;
    gone(lane: string): void;
    misconfigured(lane: string, code: string): void;
  };
  /** The Prometheus text format. */
  text(): Promise<string>;
  readonly contentType: string;
}

interface Sources {
  readonly store: Pick<Store, "outbox">;
  readonly now: () => number;
  /** When the oldest turn that still waits was received, epoch milliseconds. */
  readonly oldestWaitingAt: () => number | undefined;
}

/** The product's numbers in a registry of their own, so that two products in one process do not share them. */
export function createMetrics(sources: Sources): Metrics {
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  collectDefaultMetrics({ register: registry });

  const turns = new Counter({
    name: "fadder_turns_total",
    help: "Deliveries from platforms and timers by what became of them",
    labelNames: ["outcome"],
    registers,
  });
  const seconds = new Histogram({
    name: "fadder_turn_seconds",
    help: "Time from a delivery to its commit",
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  const failedTurns = new Counter({
    name: "fadder_failed_turns_total",
    help: "Turns that could not be decided and wait for replay",
    registers,
  });
  const renewed = new Counter({
    name: "fadder_sessions_renewed_total",
    help: "Saved states that could not be read, so that the person was led to the menu",
    registers,
  });
  const delivered = new Counter({
    name: "fadder_deliveries_total",
    help: "Messages that a platform took, by lane and class",
    labelNames: ["lane", "kind"],
    registers,
  });
  const troubles = new Counter({
    name: "fadder_delivery_troubles_total",
    help: "Sends that did not simply succeed, by lane and outcome (unknown: it may have been sent)",
    labelNames: ["lane", "outcome"],
    registers,
  });
  const throttles = new Counter({
    name: "fadder_throttles_total",
    help: "Times a platform asked a lane to wait",
    labelNames: ["lane"],
    registers,
  });
  new Gauge({
    name: "fadder_turn_oldest_waiting_seconds",
    help: "Age of the oldest turn that waits to be decided; 0 where none waits",
    registers,
    collect() {
      const since = sources.oldestWaitingAt();
      this.set(since === undefined ? 0 : Math.max(0, sources.now() - since) / 1000);
    },
  });
  const readOutbox = outboxGauges(registers, sources);

  return {
    turn(outcome, milliseconds) {
      turns.inc({ outcome });
      seconds.observe(milliseconds / 1000);
      if (outcome === "failed") failedTurns.inc();
    },
    renewed: (count) => renewed.inc(count),
    outbox: {
      delivered: (lane, kind) => delivered.inc({ lane, kind }),
      throttled: (lane) => throttles.inc({ lane }),
      unreachable: (lane) => troubles.inc({ lane, outcome: "unreachable" }),
      unknown: (lane) => troubles.inc({ lane, outcome: "unknown" }),
      rejected: (lane) => troubles.inc({ lane, outcome: "rejected" }),
      gone: (lane) => troubles.inc({ lane, outcome: "gone" }),
      misconfigured: (lane) => troubles.inc({ lane, outcome: "misconfigured" }),
    },
    async text() {
      await readOutbox();
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}

/** Gauges that one query of the store fills when the page is asked for. Without a database they say nothing. */
function outboxGauges(registers: Registry[], sources: Sources): () => Promise<void> {
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames: ["lane"], registers });
  const oldest = gauge("fadder_outbox_oldest_seconds", "Age of the oldest waiting message");
  const waiting = gauge("fadder_outbox_waiting", "Messages that could leave now");
  const unknown = gauge("fadder_outbox_unknown", "Messages that may have been sent and wait for somebody's decision");
  const failed = gauge("fadder_outbox_failed", "Messages that no platform will take");
  return async () => {
    const now = sources.now();
    const lanes = await sources.store.outbox.ages(now).catch(() => []);
    for (const each of [oldest, waiting, unknown, failed]) each.reset();
    for (const { lane, ...row } of lanes) {
      oldest.set({ lane }, row.oldestAt === null ? 0 : Math.max(0, now - row.oldestAt) / 1000);
      waiting.set({ lane }, row.waiting);
      unknown.set({ lane }, row.unknown);
      failed.set({ lane }, row.failed);
    }
  };
}

/** `GET /metrics`. Behind a public address it answers only with the token; without one set, not at all. */
export function metricsRoute(
  metrics: Metrics,
  guard: { readonly token: string | undefined; readonly loopback: boolean },
) {
  return async (request: Request, response: Response): Promise<void> => {
    if (guard.token === undefined && !guard.loopback) {
      response.status(403).json({ error: "Set METRICS_TOKEN to read the metrics of a server with a public address." });
      return;
    }
    if (guard.token !== undefined && !sameToken(request.get("authorization"), guard.token)) {
      response.status(401).set("WWW-Authenticate", "Bearer").json({ error: "The metrics need the token." });
      return;
    }
    response.type(metrics.contentType).send(await metrics.text());
  };
}

/** Compared in constant time; only the length can be learnt. */
function sameToken(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? "");
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
