import { readFile } from "node:fs/promises";
import { credentialIn } from "../certificates/read-file.ts";
import { type Command, UsageError } from "./kit.ts";
import { withStore } from "./with-store.ts";

/** `fadder certificates` */
export const command: Command = {
  usage: ["certificates verify <file>", "certificates rotate"],
  help: `
verify   says whether a certificate is genuine and counts today: JSON, a badge (PNG, SVG) or a PDF. The exit status is 0
         only where it is valid.
rotate   makes a new key to sign with. What the old key signed goes on to be valid; its public part stays published.`,
  words: [1, 2],
  async run([verb = "", path], _values, kit) {
    if (verb === "verify") {
      if (path === undefined) throw new UsageError("which file?");
      const text = credentialIn(await readFile(path));
      if (text === undefined) {
        kit.out("unknown: there is no certificate in this file");
        return 1;
      }
      return withStore(kit, async (store, config) => {
        const { verify } = await kit.certificates(config, store);
        const { kind, why } = await verify(text);
        kit.out(`${kind}: ${why}`);
        return kind === "valid" ? 0 : 1;
      });
    }
    if (verb !== "rotate" || path !== undefined) throw new UsageError(`"${verb}" is not known here.`);
    return withStore(kit, async (store, config) => {
      const { keys } = await kit.certificates(config, store);
      const { to } = await keys.rotate();
      kit.out(`Signs from now on: ${to}`);
      return 0;
    });
  },
};
