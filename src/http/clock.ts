import type { Request, Response } from "express";
import { z } from "zod";

const body = z.union([z.strictObject({ to: z.string() }), z.strictObject({ by: z.string().regex(/^[+-]?P/) })]);

interface MovableClock {
  now(): number;
  /** Throws `RangeError` for what is neither an instant nor a shift. */
  move(to: string): void;
}

/**
 * `POST /test/clock` with `{"to": "2026-03-01T08:00:00Z"}` or `{"by": "P3D"}`; answers `{"now": …}` once
 * whoever waits for the time has been told. Mounted only where the clock is movable.
 */
export function clockRoute(clock: MovableClock, moved: () => Promise<void>) {
  return async (request: Request, response: Response): Promise<void> => {
    const parsed = body.safeParse(request.body);
    try {
      if (!parsed.success) throw new RangeError("neither an instant nor a shift");
      clock.move("to" in parsed.data ? parsed.data.to : parsed.data.by);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      response.status(400).json({ error: 'Send {"to": "<instant>"} or {"by": "<duration, such as P3D>"}.' });
      return;
    }
    await moved();
    response.json({ now: new Date(clock.now()).toISOString() });
  };
}
