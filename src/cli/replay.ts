import { type Command, UsageError } from "./kit.ts";
import { withStore } from "./with-store.ts";

/** `fadder replay` */
export const command: Command = {
  usage: ["replay", "replay <number>…", "replay --all"],
  help: `
Without anything: lists the turns that failed, oldest first. With numbers, or --all: lets them run again, for
example after a fault was repaired. What succeeds leaves the list. What people typed is never shown.

  --all   every failed turn`,
  options: { all: { type: "boolean" } },
  words: [0, 100],
  async run(words, values, kit) {
    const asked = words.map(Number);
    if (asked.some((id) => !Number.isSafeInteger(id) || id < 1)) throw new UsageError("give the numbers of the list.");
    if (values.all === true && asked.length > 0) throw new UsageError("give numbers or --all, not both.");
    return withStore(kit, async (store, config) => {
      const rows = await store.db.failedTurn.findMany({ orderBy: { id: "asc" } });
      if (values.all !== true && asked.length === 0) {
        for (const row of rows)
          kit.out(`${row.id}  ${new Date(Number(row.at)).toISOString()}  ${row.channel}  ${row.reason}`);
        kit.out(rows.length === 1 ? "1 failed turn." : `${rows.length} failed turns.`);
        return 0;
      }
      const results = await kit.replay(config, store, values.all === true ? rows.map((row) => row.id) : asked);
      for (const { id, outcome } of results) kit.out(`${id}  ${outcome}`);
      return results.every(({ outcome }) => outcome === "taken" || outcome === "duplicate") ? 0 : 1;
    });
  },
};
