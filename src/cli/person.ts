import { writeFile } from "node:fs/promises";
import { everythingAbout } from "../privacy/about.ts";
import { eraseEverything } from "../privacy/erase.ts";
import { type Command, given, UsageError } from "./kit.ts";
import { withStore } from "./with-store.ts";

/** `fadder person` */
export const command: Command = {
  usage: ["person export <id> [--to <file>]", "person erase <id> --yes"],
  help: `
export   everything that is stored about a person, as JSON
erase    deletes it for good; what stays is that somebody was erased, without who it was

  --to <file>   where to; without it standard output
  --yes         really erase

<id> is the person's id, or an address such as channel:tenant:user. Backups still hold the data until they are
thrown away; erasures are made again when one is restored.`,
  options: { to: { type: "string" }, yes: { type: "boolean" } },
  words: [2, 2],
  async run([verb, id = ""], values, kit) {
    if (verb !== "export" && verb !== "erase") throw new UsageError(`"${verb}" is not known here.`);
    if (verb === "erase" && values.yes !== true)
      throw new UsageError("this cannot be undone; say --yes if that is what you want.");
    return withStore(kit, async (store, config) => {
      const address = await store.db.address.findUnique({ where: { id } });
      const personId = address?.personId ?? id;
      if (verb === "erase") {
        const counts = await eraseEverything(store, personId, config.clock.now());
        if (counts === undefined) throw new Error(`nobody here has the id "${id}"`);
        for (const [table, count] of Object.entries(counts)) if (count > 0) kit.out(`${table}: ${count}`);
        kit.out("Erased.");
        return 0;
      }
      const found = await everythingAbout(store, personId);
      if (found === undefined) throw new Error(`nobody here has the id "${id}"`);
      const json = JSON.stringify(found, null, 2);
      const to = given(values, "to");
      if (to === undefined) kit.out(json);
      else {
        // Personal data: for the one who asked for it, not for everybody on this machine.
        await writeFile(to, `${json}\n`, { mode: 0o600 });
        kit.out(`Written: ${to}`);
      }
      return 0;
    });
  },
};
