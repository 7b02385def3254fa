import type { Command } from "./kit.ts";
import { untilStopped } from "./until-stopped.ts";

/** `fadder chat` */
export const command: Command = {
  usage: ["chat"],
  help: `
Learn in this terminal, with the same engine and the same database as the server.
With the embedded database one program at a time can use it: stop the server first.
Leave with Ctrl+D or Ctrl+C; the place is kept.`,
  async run(_words, _values, kit) {
    return untilStopped(await kit.chat(kit.config()), () => undefined);
  },
};
