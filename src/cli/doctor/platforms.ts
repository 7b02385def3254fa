import type { Config } from "../../config.ts";
import type { Adapter } from "../../engine/adapter.ts";
import type { Store } from "../../store/types.ts";
import type { Kit } from "../kit.ts";
import type { Finding } from "./finding.ts";

/** A platform that does not answer in this time is not reachable. */
const TIMEOUT_MS = 10_000;

/** What each platform says about itself, and the hosts that all of them need. */
export async function platformFindings(
  kit: Kit,
  config: Config,
  store: Store | undefined,
): Promise<{ readonly findings: readonly Finding[]; readonly hosts: readonly string[] }> {
  const off = kit.platforms
    .filter((platform) => !config.connections.has(platform.channel))
    .map((platform): Finding => ({ state: "off", what: platform.channel, detail: "not configured" }));
  if (store === undefined) {
    const detail = "not examined, because the database could not be opened";
    const on = [...config.connections.keys()].map((what): Finding => ({ state: "note", what, detail }));
    return { findings: [...on, ...off], hosts: [] };
  }
  const adapters = await kit.adapters(config, store);
  try {
    const looked = await Promise.all(adapters.map((adapter) => look(adapter, kit)));
    const hosts = [...new Set(looked.flatMap((one) => one.hosts))].sort();
    return { findings: [...looked.flatMap((one) => one.findings), ...off], hosts };
  } finally {
    await Promise.all(adapters.map((adapter) => adapter.close()));
  }
}

async function look(
  adapter: Adapter,
  kit: Kit,
): Promise<{ readonly findings: readonly Finding[]; readonly hosts: readonly string[] }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
  });
  try {
    const health = await Promise.race([adapter.health(), late]);
    const findings = health.connections.map(
      ({ name, ok, detail, repair }): Finding => ({
        state: ok ? "ok" : "wrong",
        what: name === adapter.channel ? name : `${adapter.channel} ${name}`,
        detail,
        ...(repair === undefined ? {} : { repair }),
      }),
    );
    return { findings, hosts: health.hosts };
  } catch (error) {
    return { findings: [{ state: "wrong", what: adapter.channel, detail: kit.explain(error) }], hosts: [] };
  } finally {
    clearTimeout(timer);
  }
}
