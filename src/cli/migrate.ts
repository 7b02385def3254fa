import type { Command } from "./kit.ts";

/** `fadder migrate` */
export const command: Command = {
  usage: ["migrate"],
  help: `
Brings the database up to date. The server does the same at its start; this is for those who want it done before.
The embedded database is copied to BACKUP_DIR first.`,
  async run(_words, _values, kit) {
    kit.out(`The database is up to date, at ${await kit.migrate(kit.config())}.`);
    return 0;
  },
};
