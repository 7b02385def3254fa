import type { Command } from "./kit.ts";
import { withStore } from "./with-store.ts";

/** `fadder release` */
export const command: Command = {
  usage: ["release"],
  help: `
Lets a restored database send messages and fire reminders again.`,
  run: (_words, _values, kit) =>
    withStore(kit, async (store) => {
      if (!(await store.upkeep.held())) {
        kit.out("The database is not held; nothing to do.");
        return 0;
      }
      await store.upkeep.release();
      kit.out("Released: messages are sent and reminders fire again.");
      return 0;
    }),
};
