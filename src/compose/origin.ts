import type { Config } from "../config.ts";

/** Where people reach the pages, without a trailing slash: this machine where nothing else is said. */
export function originOf(config: Pick<Config, "publicUrl" | "port">): string {
  return config.publicUrl ?? `http://127.0.0.1:${config.port}`;
}
