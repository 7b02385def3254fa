import type { Config } from "../config.ts";
import type { Adapter, Log, Platform } from "../engine/adapter.ts";
import { createBox } from "../store/box.ts";
import type { Store } from "../store/types.ts";
import { createAdapters } from "./adapters.ts";
import { openFoundation, secretOf } from "./parts.ts";
import { createShared } from "./shared.ts";

/** The platforms that are switched on, created to be asked how they are. */
export function adaptersFor(
  config: Config,
  store: Store,
  platforms: readonly Platform[],
  log: Log,
): Promise<readonly Adapter[]> {
  const secret = secretOf(config);
  const box = createBox(secret, config.previousSecret);
  const { deps } = createShared({ config, store, box, secret, log });
  return createAdapters(platforms, config.connections, deps, store);
}

/** Brings the database up to date; returns the name of its newest migration. */
export async function migrate(config: Config, log: Log): Promise<string> {
  const { store } = await openFoundation(config, log, { migrate: true, use: "command" });
  try {
    const rows = await store.db.$queryRawUnsafe<{ name: string }[]>(
      `SELECT max(migration_name) AS name FROM "_prisma_migrations"`,
    );
    return rows[0]?.name ?? "no migration";
  } finally {
    await store.close();
  }
}
