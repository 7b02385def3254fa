import { type Command, UsageError } from "./kit.ts";

/** `fadder restore` */
export const command: Command = {
  usage: ["restore <file> --yes"],
  help: `
Puts a backup in the place of the database. The server must be stopped. Afterwards the database is held: nothing is
sent and no reminder fires until "fadder release". Erasures and
withdrawals of certificates that are newer than the backup are made again.

  --yes   really replace what is there now`,
  options: { yes: { type: "boolean" } },
  words: [1, 1],
  async run([file = ""], values, kit) {
    if (values.yes !== true) throw new UsageError("this replaces the database; say --yes if that is what you want.");
    const { rows, erased, withdrawn } = await kit.restore(kit.config(), file);
    kit.out(`Restored: ${rows} rows.`);
    if (erased > 0) kit.out(`Erased again: ${erased === 1 ? "1 person" : `${erased} persons`}.`);
    if (withdrawn > 0) kit.out(`Withdrawn again: ${withdrawn === 1 ? "1 certificate" : `${withdrawn} certificates`}.`);
    kit.out('The database is held. Look at it, then let it send again with "fadder release".');
    return 0;
  },
};
