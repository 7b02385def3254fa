import { randomInt } from "node:crypto";
import { dayMs } from "../domain/durations.ts";
import { roles } from "../people/access.ts";
import { ensureRoot, organisationNamed } from "../people/organisations.ts";
import { roleOf, rootId } from "../people/standing.ts";
import { type Command, given, UsageError } from "./kit.ts";
import { withStore } from "./with-store.ts";

/** No letter or digit that looks like another one: codes are read aloud and typed. */
const LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

/** `fadder invite` */
export const command: Command = {
  usage: ["invite --role <role> [--organisation <name>] [--programme <id>] [--days <number>]"],
  help: `
Makes a code that works once and prints it with its link. Only a hash of it is stored.

  --role <role>           ${roles.join(", ")}
  --organisation <name>   in this organisation and below it, made where there is none; at the top without it
  --programme <id>        for this programme only
  --days <number>         how long it works, 1 to 90; 7 without it`,
  options: {
    role: { type: "string" },
    organisation: { type: "string" },
    programme: { type: "string" },
    days: { type: "string", default: "7" },
  },
  async run(_words, values, kit) {
    const role = given(values, "role") ?? "";
    if (roleOf(role) === undefined) throw new UsageError(`--role must be one of ${roles.join(", ")}.`);
    const days = Number(given(values, "days"));
    if (!Number.isInteger(days) || days < 1 || days > 90) throw new UsageError("--days must be a number from 1 to 90.");
    return withStore(kit, async (store, config) => {
      const programme = given(values, "programme");
      const catalogue = await kit.catalogue(config, store);
      if (programme !== undefined && catalogue.get(programme) === undefined) {
        const known = catalogue.programmes.map((one) => one.id).join(", ");
        throw new Error(`there is no programme "${programme}"; there is ${known}`);
      }
      const code = newCode();
      const now = config.clock.now();
      await ensureRoot(store.db, now);
      const named = given(values, "organisation");
      await store.db.invite.create({
        data: {
          codeHash: await kit.hashCode(config, code),
          role,
          programme: programme ?? null,
          organisation: named === undefined ? rootId : await organisationNamed(store.db, named, now),
          createdAt: BigInt(now),
          expiresAt: BigInt(now + days * dayMs),
        },
      });
      kit.out(`Code: ${code}`);
      kit.out(`Link: ${config.publicUrl ?? `http://127.0.0.1:${config.port}`}/join/${code}`);
      kit.out(`Works once, until ${new Date(now + days * dayMs).toISOString().slice(0, 10)}.`);
      return 0;
    });
  },
};

/** Ten letters in two groups: 49 bits, and there is a limit on tries. */
function newCode(): string {
  const letters = Array.from({ length: 10 }, () => LETTERS[randomInt(LETTERS.length)]).join("");
  return `${letters.slice(0, 5)}-${letters.slice(5)}`;
}
