import type { ErrorRequestHandler } from "express";
import type { Log } from "../engine/adapter.ts";
import { StoreError } from "../store/types.ts";

/** Messages for the mistakes of a client; anything else says nothing about the inside. */
const SAYINGS: Readonly<Record<number, string>> = {
  400: "The request could not be read.",
  404: "There is nothing here.",
  413: "The request is too large.",
  415: "This content type is not accepted.",
};

/** The last handler: answers in JSON without anything from the inside, and logs what was not the client's mistake. */
export function errorHandler(log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const status = statusOf(error);
    const fields = { method: request.method, path: request.route?.path ?? "unmatched", status };
    if (status >= 500) log.error({ ...fields, error }, "a request failed");
    else log.debug(fields, "a request was refused");
    if (status === 503) response.set("Retry-After", "1");
    response.status(status).json({
      error: SAYINGS[status] ?? (status < 500 ? "The request was refused." : "Something went wrong here. Try again."),
    });
  };
}

function statusOf(error: unknown): number {
  // Nothing was stored: whoever sent it should send it again.
  if (error instanceof StoreError) return error.kind === "poison" ? 500 : 503;
  const { status } = (typeof error === "object" && error !== null ? error : {}) as { status?: unknown };
  return typeof status === "number" && status >= 400 && status < 600 ? status : 500;
}
