import type { Config } from "../config.ts";
import type { Store } from "../store/types.ts";
import { type Finding, show } from "./doctor/finding.ts";
import { adviceOf, clockFinding, diskFinding, secretFinding } from "./doctor/machine.ts";
import { networkFindings } from "./doctor/network.ts";
import { platformFindings } from "./doctor/platforms.ts";
import type { Command, Kit } from "./kit.ts";

/** `fadder doctor` */
export const command: Command = {
  usage: ["doctor [--network]"],
  help: `
Says for the settings, the database, this machine and each platform what is configured, reachable and wrong, and the
repair. The exit status is 1 where something is wrong. It changes nothing and sends nothing to anybody.

  --network   list every host that this server must reach, and try each (through the proxy where one is set)`,
  options: { network: { type: "boolean" } },
  async run(_words, values, kit) {
    let config: Config;
    try {
      config = kit.config();
    } catch (error) {
      kit.out("Settings");
      for (const line of show({ state: "wrong", what: "environment", detail: kit.explain(error) })) kit.out(line);
      return 1;
    }
    const findings = await examine(kit, config, values.network === true);
    return findings.some((finding) => finding.state === "wrong") ? 1 : 0;
  },
};

async function examine(kit: Kit, config: Config, network: boolean): Promise<readonly Finding[]> {
  const all: Finding[] = [];
  const section = (title: string, findings: readonly Finding[]) => {
    kit.out(title);
    for (const finding of findings) for (const line of show(finding)) kit.out(line);
    all.push(...findings);
  };
  section("Settings", [
    { state: "ok", what: "environment", detail: "every variable is readable" },
    await secretFinding(config),
    ...adviceOf(config),
  ]);
  const { store, finding } = await database(kit, config);
  try {
    section("Database", [finding]);
    section("Machine", [await diskFinding(config), await clockFinding(config, store)]);
    const { findings, hosts } = await platformFindings(kit, config, store);
    section("Platforms", findings);
    if (network) section("Network", await networkFindings(hosts, config));
  } finally {
    await store?.close();
  }
  return all;
}

async function database(
  kit: Kit,
  config: Config,
): Promise<{ readonly store: Store | undefined; readonly finding: Finding }> {
  try {
    const store = await kit.openStore(config, { migrate: false });
    const held = await store.upkeep.held();
    const detail = `${store.kind}, reachable and up to date`;
    return {
      store,
      finding: held
        ? {
            state: "note",
            what: "database",
            detail: `${detail}; held after a restore`,
            repair: 'look at it, then run "fadder release"',
          }
        : { state: "ok", what: "database", detail },
    };
  } catch (error) {
    return { store: undefined, finding: { state: "wrong", what: "database", detail: kit.explain(error) } };
  }
}
