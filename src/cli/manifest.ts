import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { publicAddress } from "../config/address.ts";
import { findConnections } from "../config/connections.ts";
import { withFiles } from "../config/files.ts";
import { type Command, given, UsageError } from "./kit.ts";

/** `fadder manifest` */
export const command: Command = {
  usage: ["manifest <platform> [--url <address>] [--out <folder>]"],
  help: `
Writes the files with which an administrator installs the app on a platform; which platforms have them is said when
the name is wrong.

  --url <address>   the public address of this server; without it PUBLIC_URL
  --out <folder>    where to; without it ./manifest`,
  options: { url: { type: "string" }, out: { type: "string" } },
  words: [1, 1],
  async run([name], values, kit) {
    const able = kit.platforms.filter((platform) => platform.manifest !== undefined);
    const platform = able.find((one) => one.channel === name);
    if (platform?.manifest === undefined) {
      throw new UsageError(
        `there is no manifest for "${name}"; there is one for ${able.map((one) => one.channel).join(", ")}.`,
      );
    }
    const url = given(values, "url") ?? kit.env.PUBLIC_URL;
    if (url === undefined || url === "") {
      throw new UsageError("a manifest needs the public address: set PUBLIC_URL or give --url https://….");
    }
    const address = publicAddress(url);
    if ("problem" in address) throw new UsageError(`the address ${address.problem}`);
    const problems: string[] = [];
    const facts = { publicUrl: address.url, loopback: address.loopback };
    const connections = findConnections([platform], withFiles(kit.env, problems), facts, problems, kit.platforms);
    // An app is often described before it is connected: what is still missing is worth a line and no more.
    for (const problem of problems) kit.err(`note: ${problem}`);
    const files = await platform.manifest({
      publicUrl: address.url,
      words: await kit.words(),
      connections: connections.get(platform.channel) ?? [],
      privacyUrl: `${address.url}/privacy`,
      termsUrl: `${address.url}/terms`,
    });
    const out = given(values, "out") ?? "manifest";
    await mkdir(out, { recursive: true });
    for (const file of files) {
      await writeFile(join(out, file.name), file.content);
      kit.out(`Written: ${join(out, file.name)}`);
    }
    return 0;
  },
};
