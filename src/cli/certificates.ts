import { readFile } from "node:fs/promises";
import type { Certificates } from "../certificates/certificates.ts";
import type { Beside } from "../certificates/enter.ts";
import { credentialIn } from "../certificates/read-file.ts";
import { type Command, type Kit, UsageError, type Values } from "./kit.ts";
import { withStore } from "./with-store.ts";

/** `fadder certificates` */
export const command: Command = {
  usage: [
    "certificates verify <file>",
    "certificates enter <file>… [--person <id>] [--address <address>]",
    "certificates rotate",
  ],
  help: `
verify   says whether a certificate is genuine and counts today: JSON, a badge (PNG, SVG) or a PDF. The exit status is 0
         only where it counts.
enter    enters certificates that this server signed and its register lost, as after an older backup was put back. --person
         says whose it is: the id at the end of the person's address in the console. --address is what is printed on the
         PDF, so that its code works again. Both are for one file alone.
rotate   makes a new key to sign with. What the old key signed goes on to be valid; its public part stays published.`,
  words: [1, 100],
  options: { person: { type: "string" }, address: { type: "string" } },
  async run([verb = "", ...files], values, kit) {
    if (!["verify", "enter", "rotate"].includes(verb)) throw new UsageError(`"${verb}" is not known here.`);
    if ((verb === "rotate") !== (files.length === 0) || (verb === "verify" && files.length > 1))
      throw new UsageError(verb === "rotate" ? "rotate takes no file." : "which file?");
    if (verb !== "enter" && (values.person ?? values.address) !== undefined)
      throw new UsageError("--person and --address belong to enter.");
    const beside = besideIn(values, files.length);
    return withStore(kit, async (store, config) => {
      const certificates = await kit.certificates(config, store);
      if (verb === "verify") return verify(kit, certificates, files[0] ?? "");
      if (verb === "enter") return enter(kit, certificates, files, beside);
      const { to } = await certificates.keys.rotate();
      kit.out(`Signs from now on: ${to}`);
      return 0;
    });
  },
};

async function verify(kit: Kit, certificates: Certificates, path: string): Promise<number> {
  const text = credentialIn(await readFile(path));
  if (text === undefined) {
    kit.out("unknown: there is no certificate in this file");
    return 1;
  }
  const { kind, why } = await certificates.verify(text);
  kit.out(`${kind}: ${why}`);
  return kind === "valid" || kind === "extended" ? 0 : 1;
}

async function enter(kit: Kit, certificates: Certificates, files: readonly string[], beside: Beside): Promise<number> {
  let status = 0;
  for (const path of files) {
    const text = credentialIn(await readFile(path));
    const entered =
      text === undefined ? { refused: "there is no certificate in it" } : await certificates.enter(text, beside);
    if ("refused" in entered) status = 1;
    kit.out(`${path}: ${"refused" in entered ? `not entered, ${entered.refused}` : `entered as ${entered.award}`}`);
  }
  return status;
}

function besideIn({ person, address }: Values, files: number): Beside {
  if ((person ?? address) !== undefined && files !== 1)
    throw new UsageError("--person and --address are for one file.");
  const token = typeof address === "string" ? /\/certificates\/([\w-]{16,64})$/u.exec(address)?.[1] : undefined;
  if (address !== undefined && token === undefined)
    throw new UsageError("--address is the whole address as it stands on the PDF: https://…/certificates/…");
  return { ...(typeof person === "string" ? { personId: person } : {}), ...(token === undefined ? {} : { token }) };
}
