import { type Command, given } from "./kit.ts";

/** `fadder backup` */
export const command: Command = {
  usage: ["backup [--to <file>]"],
  help: `
Writes one encrypted file with database, files and keys. A server may run meanwhile.

  --to <file>   where to; without it a new file in BACKUP_DIR

The file can be read with the same FADDER_SECRET only: keep that somewhere else.`,
  options: { to: { type: "string" } },
  async run(_words, values, kit) {
    const { path, rows } = await kit.backup(kit.config(), given(values, "to"));
    kit.out(`Written: ${path} (${rows} rows)`);
    return 0;
  },
};
