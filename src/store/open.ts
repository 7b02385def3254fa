import { createBox } from "./box.ts";
import type { OpenOptions } from "./parts.ts";
import type { Store } from "./types.ts";

export interface StoreOptions extends OpenOptions {
  readonly secret: string;
  readonly previousSecret?: string | undefined;
}

/**
 * Opens the database that `url` names (`file:…` or `postgresql://…`) and brings its schema up to date.
 * Throws `MigrationError` for a history that does not fit, `StoreError("unavailable")` where it cannot be reached.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const box = createBox(options.secret, options.previousSecret);
  const { url } = options;
  // Only the driver that is needed is loaded.
  if (url.startsWith("file:")) return (await import("./sqlite/open.ts")).openSqlite(options, box);
  if (/^postgres(ql)?:\/\//.test(url)) return (await import("./postgresql/open.ts")).openPostgresql(options, box);
  throw new Error(
    `DATABASE_URL begins with "${url.split(":")[0] ?? ""}:"; it must begin with file: (SQLite) or postgresql:// (PostgreSQL)`,
  );
}
