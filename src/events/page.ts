import type { Express, Request, Response } from "express";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { type CalendarDeps, type CalendarFile, calendarFile } from "./calendar.ts";

/** Wrong addresses that one visitor may try in ten minutes. */
const mostWrong = 30;

/**
 * Adds `/calendar/<token>.ics`, which calendar programs fetch by themselves, and `/calendar/<token>/<id>.ics`, one session or
 * appointment to take along. Both answer 404 alike where the token is unknown, taken back, or its person erased.
 */
export function mountCalendar(app: Express, deps: CalendarDeps): void {
  const wrong = new RateLimiterMemory({ points: mostWrong, duration: 600 });

  const send = async (request: Request, response: Response, token: string, id?: string): Promise<void> => {
    const tried = await wrong.get(request.ip ?? "");
    if (tried !== null && tried.consumedPoints >= mostWrong) {
      response.status(429).type("text").send("");
      return;
    }
    const file: CalendarFile | undefined = /^[\w-]{32}$/u.test(token) ? await calendarFile(deps, token, id) : undefined;
    if (file === undefined) {
      await wrong.consume(request.ip ?? "").catch(() => undefined);
      response.status(404).type("text").send("");
      return;
    }
    response.set({ ETag: file.etag, "Cache-Control": "private, max-age=300", "Referrer-Policy": "no-referrer" });
    if (request.headers["if-none-match"] === file.etag) {
      response.status(304).end();
      return;
    }
    const name = id === undefined ? "calendar.ics" : "appointment.ics";
    response.attachment(name).type("text/calendar; charset=utf-8").send(file.body);
  };

  app.get("/calendar/:file", async (request, response) => {
    const [, token = ""] = /^(.+)\.ics$/u.exec(request.params.file) ?? [];
    await send(request, response, token);
  });
  app.get("/calendar/:token/:file", async (request, response) => {
    const [, id = ""] = /^(.+)\.ics$/u.exec(request.params.file) ?? [];
    await send(request, response, request.params.token, id);
  });
}
