import type { Command } from "./kit.ts";
import { withStore } from "./with-store.ts";

/** `fadder rebuild` */
export const command: Command = {
  usage: ["rebuild"],
  help: `
Computes everybody's progress again from the record of what they did, and says how many differed. Normally none does.`,
  run: (_words, _values, kit) =>
    withStore(kit, async (store) => {
      const { persons, changed } = await kit.rebuild(store);
      kit.out(`${persons} persons, ${changed} changed.`);
      return 0;
    }),
};
