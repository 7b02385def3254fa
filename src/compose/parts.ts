import { ownSecret } from "../config/secret.ts";
import type { Config } from "../config.ts";
import type { Log, Platform } from "../engine/adapter.ts";
import type { Script } from "../engine/dialog.ts";
import { type Box, createBox } from "../store/box.ts";
import { openStore } from "../store/open.ts";
import { type Store, StoreError } from "../store/types.ts";

/** What the composition root adds to the settings: the platforms and the conversation, which no other part may name. */
export interface Ingredients {
  /** Platforms a server can connect, switched on by their settings. */
  readonly platforms: readonly Platform[];
  /** The platform of this terminal. */
  readonly terminal: Platform;
  readonly script: () => Promise<Script>;
  readonly log: Log;
}

/** What everything else is built on. */
export interface Foundation {
  readonly config: Config;
  readonly store: Store;
  readonly box: Box;
  readonly secret: string;
  readonly log: Log;
}

/** The secret that is given, or the one in the data directory. */
export function secretOf(config: Config): string {
  return config.secret ?? ownSecret(config.dataDir);
}

/**
 * Opens the database under the product's secret. A `server` has an embedded database for itself; a `command` works
 * beside a running server.
 */
export async function openFoundation(
  config: Config,
  log: Log,
  options: { readonly migrate: boolean; readonly use: "server" | "command" },
): Promise<Foundation> {
  const secret = secretOf(config);
  const store = await openStore({
    url: config.databaseUrl,
    secret,
    previousSecret: config.previousSecret,
    backupDir: config.backupDir,
    migrate: options.migrate,
    use: options.use,
    now: config.clock.now,
    log,
  }).catch(withRepair);
  return { config, store, box: createBox(secret, config.previousSecret), secret, log };
}

/** Before anything runs nobody is there to try again: the operator has to do something. */
function withRepair(error: unknown): never {
  if (!(error instanceof StoreError) || error.kind !== "unavailable") throw error;
  throw new Error(`${error.message}. Check DATABASE_URL, and that the database runs and lets this machine in.`, {
    cause: error,
  });
}
