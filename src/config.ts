import { join } from "node:path";
import type { z } from "zod";
import { type Clock, movableClock, realClock } from "./config/clock.ts";
import { type Connections, findConnections } from "./config/connections.ts";
import { type Environment, withFiles } from "./config/files.ts";
import { type VariableName, variables } from "./config/variables.ts";
import type { Platform } from "./engine/adapter.ts";

/** Everything an operator can set, checked. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** The address the platforms reach, without a trailing slash. */
  readonly publicUrl: string | undefined;
  /** Nobody outside this machine reaches the product: there is no public address, or it names this machine. */
  readonly loopback: boolean;
  readonly databaseUrl: string;
  readonly dataDir: string;
  readonly filesDir: string;
  readonly backupDir: string;
  readonly programmesDir: string;
  /** Undefined means: the one in the data directory, made at the first start. */
  readonly secret: string | undefined;
  readonly previousSecret: string | undefined;
  readonly connections: Connections;
  /** Whether strangers may start in the web chat without link or code. */
  readonly openEnrolment: boolean;
  readonly metricsToken: string | undefined;
  /** How many proxies stand in front; undefined means none. */
  readonly trustProxy: number | undefined;
  readonly proxy: { readonly url: string; readonly except: string | undefined } | undefined;
  readonly mail: { readonly url: string; readonly from: string } | undefined;
  readonly logLevel: z.infer<typeof variables>["LOG_LEVEL"];
  readonly clock: Clock;
}

/** The environment is wrong. `problems` has one sentence per variable, with its repair and without its value. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    const count = problems.length === 1 ? "1 setting is wrong" : `${problems.length} settings are wrong`;
    super([`${count}:`, ...problems.map((problem) => `  ${problem}`)].join("\n"));
    this.name = "ConfigError";
    this.problems = problems;
  }
}

/** Reads the environment. Throws `ConfigError` that names every wrong variable at once. Unknown variables are not errors. */
export function loadConfig(environment: Environment, platforms: readonly Platform[]): Config {
  const problems: string[] = [];
  const env = withFiles(environment, problems);
  const names = Object.keys(variables.shape) as VariableName[];
  // An empty value is what is left of a variable that nobody set.
  const own = Object.fromEntries(names.map((name) => [name, env[name] === "" ? undefined : env[name]]));
  const parsed = variables.safeParse(own);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) problems.push(`${issue.path.join(".")}: ${issue.message}`);
  }
  // The rules between variables are checked with whatever was right, so that one run names everything.
  const set = parsed.success ? parsed.data : rightOnes(own, names);
  const publicUrl = set.PUBLIC_URL?.url;
  const loopback = set.PUBLIC_URL?.loopback ?? own.PUBLIC_URL === undefined;
  if (set.PUBLIC_URL?.loopback === false) {
    if (own.FADDER_SECRET === undefined) {
      problems.push(
        "FADDER_SECRET: must be given with a PUBLIC_URL that is not loopback: it signs links and encrypts keys. Make one with: node -e \"console.log(require('crypto').randomBytes(32).toString('base64url'))\"",
      );
    }
    if (own.FADDER_NOW !== undefined) {
      problems.push("FADDER_NOW: is for tests and refused with a PUBLIC_URL that is not loopback. Remove it.");
    }
  }
  if ((own.SMTP_URL === undefined) !== (own.MAIL_FROM === undefined)) {
    const missing = own.SMTP_URL === undefined ? "SMTP_URL" : "MAIL_FROM";
    problems.push(`${missing}: is missing; SMTP_URL and MAIL_FROM belong together. Give both or none.`);
  }
  const connections = findConnections(platforms, env, { publicUrl, loopback }, problems);
  if (problems.length > 0 || !parsed.success) throw new ConfigError([...new Set(problems)]);

  const { DATA_DIR, HTTPS_PROXY, SMTP_URL, MAIL_FROM, FADDER_NOW } = parsed.data;
  return {
    port: parsed.data.PORT,
    host: parsed.data.HOST,
    publicUrl,
    loopback,
    databaseUrl: parsed.data.DATABASE_URL ?? `file:${join(DATA_DIR, "fadder.db")}`,
    dataDir: DATA_DIR,
    filesDir: parsed.data.FILES_DIR ?? join(DATA_DIR, "files"),
    backupDir: parsed.data.BACKUP_DIR ?? join(DATA_DIR, "backups"),
    programmesDir: parsed.data.PROGRAMMES_DIR,
    secret: parsed.data.FADDER_SECRET,
    previousSecret: parsed.data.FADDER_SECRET_PREVIOUS,
    connections,
    openEnrolment: parsed.data.OPEN_ENROLMENT ?? loopback,
    metricsToken: parsed.data.METRICS_TOKEN,
    trustProxy: parsed.data.TRUST_PROXY,
    proxy: HTTPS_PROXY === undefined ? undefined : { url: HTTPS_PROXY, except: parsed.data.NO_PROXY },
    mail: SMTP_URL === undefined || MAIL_FROM === undefined ? undefined : { url: SMTP_URL, from: MAIL_FROM },
    logLevel: parsed.data.LOG_LEVEL,
    clock: FADDER_NOW === undefined ? realClock : movableClock(FADDER_NOW),
  };
}

/** The variables that are right by themselves. */
function rightOnes(env: Environment, names: readonly VariableName[]): Partial<z.infer<typeof variables>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const parsed = variables.shape[name].safeParse(env[name]);
      return parsed.success ? [[name, parsed.data]] : [];
    }),
  );
}
