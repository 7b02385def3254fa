import { stat, statfs } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Config } from "../../config.ts";
import type { Store } from "../../store/types.ts";
import type { Finding } from "./finding.ts";

/** Below this much free space a database or a backup may soon not fit. */
const LEAST_FREE = 500 * 1024 * 1024;
/** Platforms refuse requests whose clock is off by minutes; half a minute is already a sign that nobody sets it. */
const MOST_SKEW_MS = 30_000;

/** Where the secret comes from, and whether others on this machine can read it. */
export async function secretFinding(config: Config): Promise<Finding> {
  const what = "secret";
  if (config.secret !== undefined) return { state: "ok", what, detail: "given by FADDER_SECRET" };
  const path = join(config.dataDir, "secret");
  const info = await stat(path).catch(() => undefined);
  if (info === undefined) return { state: "ok", what, detail: `will be made in ${path} at the first start` };
  if ((info.mode & 0o077) !== 0) {
    return {
      state: "wrong",
      what,
      detail: `${path} can be read by others on this machine`,
      repair: `chmod 600 ${path}`,
    };
  }
  return { state: "ok", what, detail: `kept in ${path}; back it up` };
}

/** Settings that are allowed and yet worth a second look. */
export function adviceOf(config: Config): readonly Finding[] {
  const notes: Finding[] = [];
  const note = (what: string, detail: string, repair?: string) =>
    notes.push({ state: "note", what, detail, ...(repair === undefined ? {} : { repair }) });
  if (config.publicUrl === undefined)
    note("PUBLIC_URL", "not set: platforms are polled, and pictures are uploaded instead of linked");
  if (!config.loopback && config.metricsToken === undefined) {
    note("METRICS_TOKEN", "not set: /metrics answers nobody", "set it to 16 characters or more to read metrics");
  }
  if (!config.loopback && config.trustProxy === undefined) {
    note(
      "TRUST_PROXY",
      "not set: behind a reverse proxy all visitors look like one",
      "set it to the number of proxies in front",
    );
  }
  if (!config.loopback && config.openEnrolment) note("OPEN_ENROLMENT", "1: strangers may start in the web chat");
  if (config.clock.move !== undefined)
    note("FADDER_NOW", `set: the product's clock says ${new Date(config.clock.now()).toISOString()}`);
  return notes;
}

/** Free space where the data is. */
export async function diskFinding(config: Config): Promise<Finding> {
  const { bavail, bsize } = await statfs(await existing(resolve(config.dataDir)));
  const free = bavail * bsize;
  const detail = `${Math.round(free / 1024 / 1024)} MB free for ${config.dataDir}`;
  if (free >= LEAST_FREE) return { state: "ok", what: "disk", detail };
  return { state: "wrong", what: "disk", detail, repair: "free some space, or move DATA_DIR to a larger disk" };
}

/** This machine's clock against the database's, where that is another machine. */
export async function clockFinding(config: Config, store: Store | undefined): Promise<Finding> {
  if (store === undefined || store.kind === "sqlite") {
    return {
      state: "ok",
      what: "clock",
      detail: `${new Date().toISOString()}; "doctor --network" compares it with others`,
    };
  }
  const before = Date.now();
  const rows = await store.db.$queryRawUnsafe<{ ms: number }[]>(
    "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms",
  );
  const skew = (rows[0]?.ms ?? before) - (before + Date.now()) / 2;
  return skewFinding("clock", skew, `the database at ${new URL(config.databaseUrl).hostname}`);
}

/** Says how far this machine's clock is from another one. */
export function skewFinding(what: string, skewMs: number, other: string): Finding {
  const seconds = Math.abs(Math.round(skewMs / 1000));
  const detail = `${seconds} s ${skewMs > 0 ? "behind" : "ahead of"} ${other}`;
  if (Math.abs(skewMs) <= MOST_SKEW_MS) return { state: "ok", what, detail };
  return { state: "wrong", what, detail, repair: "let the machine set its clock by itself (NTP)" };
}

async function existing(path: string): Promise<string> {
  const there = await stat(path).then(
    () => true,
    () => false,
  );
  return there || dirname(path) === path ? path : existing(dirname(path));
}
