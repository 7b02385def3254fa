import express, { type Express } from "express";
import helmet from "helmet";
import type { Adapter, Log, Receive, Words } from "./engine/adapter.ts";
import { clockRoute } from "./http/clock.ts";
import { errorHandler } from "./http/errors.ts";
import { healthRoute, type Phase, readyRoute } from "./http/health.ts";
import { type Metrics, metricsRoute } from "./http/metrics.ts";
import { mountNotices, notFound } from "./http/notices.tsx";
import type { PlatformState } from "./http/platforms.ts";

/** What the app needs of the product around it. */
export interface AppParts {
  readonly adapters: readonly Adapter[];
  readonly receive: Receive;
  readonly words: Words;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly metricsToken: string | undefined;
  readonly publicUrl: string | undefined;
  readonly loopback: boolean;
  readonly trustProxy: number | undefined;
  readonly phase: () => Phase;
  readonly database: () => Promise<void>;
  readonly platforms: () => readonly PlatformState[];
  /** Routes that are neither a platform's nor about operating, such as pictures. */
  readonly mount?: (app: Express) => void;
  /** Only in tests: the movable clock, and what to do when it has moved. */
  readonly clock?: { now(): number; move(to: string): void; moved(): Promise<void> };
}

/** The Express app, built without listening. */
export async function createApp(parts: AppParts): Promise<Express> {
  const { adapters, words, log, metrics } = parts;
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  if (parts.trustProxy !== undefined) app.set("trust proxy", parts.trustProxy);
  app.use(headers(parts.publicUrl?.startsWith("https:") === true));

  app.get("/healthz", healthRoute());
  app.get("/readyz", readyRoute(parts));
  app.get("/metrics", metricsRoute(metrics, { token: parts.metricsToken, loopback: parts.loopback }));
  mountNotices(app, words);
  parts.mount?.(app);

  // Before any body is read: platforms sign the bytes as they came.
  for (const adapter of adapters) await adapter.mount(app, parts.receive);

  if (parts.clock !== undefined) {
    app.post("/test/clock", express.json({ limit: "1kb" }), clockRoute(parts.clock, parts.clock.moved));
  }
  app.use(notFound(words));
  app.use(errorHandler(log));
  return app;
}

/** Nothing inline, nothing from elsewhere, no framing. https is only insisted on where it is spoken. */
function headers(secure: boolean) {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        baseUri: ["'none'"],
        connectSrc: ["'self'"],
        fontSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        imgSrc: ["'self'"],
        manifestSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        ...(secure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: secure ? { maxAge: 31_536_000 } : false,
    referrerPolicy: { policy: "no-referrer" },
    xFrameOptions: { action: "deny" },
  });
}
