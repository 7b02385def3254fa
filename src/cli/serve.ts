import type { Command } from "./kit.ts";
import { untilStopped } from "./until-stopped.ts";

/** `fadder serve` */
export const command: Command = {
  usage: ["serve"],
  help: `
Applies migrations, starts every platform that is configured and serves the web chat.
Ctrl+C or SIGTERM stops it cleanly within 20 seconds; a second one stops it at once.`,
  async run(_words, _values, kit) {
    const product = await kit.serve(kit.config());
    return untilStopped(product, (url) => {
      if (process.stdout.isTTY && url !== undefined) kit.out(`Fadder is ready: ${url}`);
    });
  },
};
