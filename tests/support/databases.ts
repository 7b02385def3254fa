import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Log } from "../../src/engine/adapter.ts";
import { openStore, type StoreOptions } from "../../src/store/open.ts";
import type { Store } from "../../src/store/types.ts";
import { createPostgresql, postgresqlMissing } from "./postgresql.ts";

/** One empty database with a folder beside it. `drop` closes every store opened through it. */
export interface TestDatabase {
  readonly kind: "sqlite" | "postgresql";
  readonly url: string;
  readonly folder: string;
  open(options?: Partial<StoreOptions>): Promise<Store>;
  drop(): Promise<void>;
}

/** The kinds of database that tests run on here; what is left out is said once, with its reason. */
export const databaseKinds: readonly TestDatabase["kind"][] =
  postgresqlMissing === undefined ? ["sqlite", "postgresql"] : ["sqlite"];
if (postgresqlMissing !== undefined) console.warn(`SKIPPED on PostgreSQL: ${postgresqlMissing}`);

/** A log that says nothing. */
export const quietLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** Makes an empty database of a kind. */
export async function createDatabase(kind: TestDatabase["kind"]): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), "fadder-store-"));
  const server = kind === "postgresql" ? await createPostgresql() : undefined;
  const url = server?.url ?? `file:${join(folder, "fadder.db")}`;
  const opened: Store[] = [];
  return {
    kind,
    url,
    folder,
    async open(options = {}) {
      const store = await openStore({
        url,
        secret: "a secret for tests only, thirty-two characters",
        backupDir: join(folder, "backup"),
        now: Date.now,
        log: quietLog,
        ...options,
      });
      opened.push(store);
      return store;
    },
    async drop() {
      await Promise.all(opened.map((store) => store.close()));
      await server?.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
