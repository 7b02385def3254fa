import type { Request, Response } from "express";
import type { PlatformState } from "./platforms.ts";

/** Where the product is in its life. */
export type Phase = "starting" | "ready" | "stopping";

/** `GET /healthz`: the process answers. */
export function healthRoute() {
  return (_request: Request, response: Response): void => {
    response.json({ ok: true });
  };
}

/**
 * `GET /readyz`: 200 when database, migrations and routes are up, else 503. A platform that cannot be reached does not
 * make the product unready, because the others go on; its state stands in the body.
 */
export function readyRoute(sources: {
  readonly phase: () => Phase;
  readonly database: () => Promise<void>;
  readonly platforms: () => readonly PlatformState[];
}) {
  return async (_request: Request, response: Response): Promise<void> => {
    const phase = sources.phase();
    const database = await sources.database().then(
      () => "up",
      () => "down",
    );
    const ready = phase === "ready" && database === "up";
    const platforms = Object.fromEntries(sources.platforms().map(({ channel, ...state }) => [channel, state]));
    response.status(ready ? 200 : 503).json({ ready, phase, database, platforms });
  };
}
