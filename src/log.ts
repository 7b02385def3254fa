import { type DestinationStream, pino } from "pino";
import type { Log } from "./engine/adapter.ts";
import { describeError, scrub } from "./log/scrub.ts";

/** Fields that could carry what a person typed, who a person is, or a secret. None of them may ever be filled. */
const NEVER = ["text", "name", "token", "password", "secret", "authorization", "cookie", "email", "body", "payload"];

/**
 * Structured lines on standard output: JSON, one a line. Errors may stand under any field; they are written with what
 * looks like a secret taken out. `destination` is for tests.
 */
export function createLog(level: string, destination?: DestinationStream): Log {
  return pino(
    {
      level,
      base: null,
      messageKey: "message",
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: clean },
      redact: { paths: NEVER.flatMap((name) => [name, `*.${name}`]), censor: "[never logged]" },
      hooks: {
        logMethod(args, method) {
          const [fields, message] = args;
          method.apply(this, typeof message === "string" ? [fields, scrub(message)] : args);
        },
      },
    },
    // Written at once, so that the last line before an exit is there.
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}

function clean(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => {
      if (value instanceof Error) return [key, describeError(value)];
      return [key, typeof value === "string" ? scrub(value) : value];
    }),
  );
}
