import type { Log } from "../engine/adapter.ts";
import { describeError, scrub } from "./scrub.ts";

const METHODS = { log: "info", info: "info", debug: "debug", trace: "debug", warn: "warn", error: "error" } as const;

/**
 * Turns what libraries print into log lines, and process warnings too. Only strings and errors are kept: an object may
 * hold a message. Returns the way back.
 */
export function captureConsole(log: Log): () => void {
  const before = { ...console };
  for (const [method, level] of Object.entries(METHODS) as [
    keyof typeof METHODS,
    (typeof METHODS)[keyof typeof METHODS],
  ][]) {
    console[method] = (...args: unknown[]) => log[level]({ from: "console" }, line(args));
  }
  const warnings = process.listeners("warning");
  process.removeAllListeners("warning");
  const warn = (warning: Error) => log.warn({ from: "process", error: warning }, "the runtime warns");
  process.on("warning", warn);
  return () => {
    Object.assign(console, before);
    process.removeListener("warning", warn);
    for (const listener of warnings) process.on("warning", listener);
  };
}

function line(args: readonly unknown[]): string {
  const words = args.map((arg) => {
    if (typeof arg === "string") return arg;
    if (arg instanceof Error) return `${arg.name}: ${describeError(arg).message}`;
    return typeof arg === "object" && arg !== null ? `[${arg.constructor?.name ?? "object"}]` : String(arg);
  });
  return scrub(words.join(" ")).slice(0, 500);
}
