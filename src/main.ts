import { mail } from "../adapters/mail/platform.ts";
import { slack } from "../adapters/slack/platform.ts";
import { teams } from "../adapters/teams/platform.ts";
import { telegram } from "../adapters/telegram/platform.ts";
import { platform as terminal } from "../adapters/terminal/platform.ts";
import { platform as web } from "../adapters/web/platform.ts";
import { run } from "./cli/run.ts";
import { createKit } from "./compose/kit.ts";
import type { Environment } from "./config/files.ts";
import type { Platform } from "./engine/adapter.ts";

/** Every platform a server can connect. Adding one is a folder in `adapters/` and a line here. */
export const platforms: readonly Platform[] = [telegram, slack, teams, web, mail];

/** The composition root's tools over one environment. */
export function kitFor(env: Environment) {
  const script = async () => (await import("../dialogs/index.ts")).script;
  return createKit({ env, platforms, terminal, script });
}

/** Runs the command line and leaves its exit status; `bin/fadder.js` calls it. */
export async function main(argv: readonly string[]): Promise<void> {
  process.exitCode = await run(argv, kitFor(process.env));
  // A library's forgotten timer or socket must not keep a finished command alive.
  setTimeout(() => process.exit(), 500).unref();
}
