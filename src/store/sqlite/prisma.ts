import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import { PrismaClient } from "../../../generated/sqlite/client.ts";
import type { Database } from "../client.ts";
import { checkpointPages } from "./file.ts";
import type { Gate } from "./gate.ts";

type Factory = PrismaBetterSqlite3;
type Adapter = Awaited<ReturnType<Factory["connect"]>>;
type Transaction = Awaited<ReturnType<Adapter["startTransaction"]>>;

/** Prisma on the file at `path`: every statement passes the gate, and a transaction holds it to its end. */
export function createDatabase(path: string, gate: Gate): Database {
  const inner = new PrismaBetterSqlite3({ url: `file:${path}`, timeout: 3_000 });
  return new PrismaClient({
    adapter: {
      provider: inner.provider,
      adapterName: inner.adapterName,
      connect: async () => gated(await prepared(await inner.connect()), gate),
      connectToShadowDb: () => inner.connectToShadowDb(),
    } as Factory,
    transactionOptions: { maxWait: 10_000, timeout: 5_000 },
  });
}

/** Prisma's own connection starts with other settings than ours. */
async function prepared(adapter: Adapter): Promise<Adapter> {
  await adapter.executeScript(
    `PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=${checkpointPages};`,
  );
  const { rows } = await adapter.queryRaw({
    sql: "SELECT (SELECT synchronous FROM pragma_synchronous), (SELECT foreign_keys FROM pragma_foreign_keys)",
    args: [],
    argTypes: [],
  });
  if (String(rows[0]) !== "2,1")
    throw new Error(`SQLite refuses synchronous=FULL and foreign_keys=ON: ${String(rows[0])}`);
  return adapter;
}

function gated(adapter: Adapter, gate: Gate): Adapter {
  return {
    provider: adapter.provider,
    adapterName: adapter.adapterName,
    queryRaw: (query) => gate.run(() => adapter.queryRaw(query)),
    executeRaw: (query) => gate.run(() => adapter.executeRaw(query)),
    executeScript: (script) => gate.run(() => adapter.executeScript(script)),
    async startTransaction(isolationLevel) {
      const exit = await gate.enter();
      try {
        const transaction = await adapter.startTransaction(isolationLevel);
        // Takes the write lock at once: a transaction that reads first could not write after another process did.
        await transaction
          .executeRaw({ sql: 'DELETE FROM "Meta" WHERE 0', args: [], argTypes: [] })
          .catch(async (error) => {
            await close(transaction);
            throw error;
          });
        return held(transaction, exit);
      } catch (error) {
        exit();
        throw error;
      }
    },
    dispose: () => adapter.dispose(),
  };
}

/** A transaction that leaves the gate only when SQLite has really ended it, also where COMMIT failed. */
function held(transaction: Transaction, exit: () => void): Transaction {
  let open = true;
  const end = async () => {
    try {
      if (open) await close(transaction);
      else await transaction.rollback();
    } finally {
      open = false;
      exit();
    }
  };
  return {
    provider: transaction.provider,
    adapterName: transaction.adapterName,
    options: transaction.options,
    queryRaw: (query) => transaction.queryRaw(query),
    async executeRaw(query) {
      const count = await transaction.executeRaw(query);
      if (query.sql === "COMMIT" || query.sql === "ROLLBACK") open = false;
      return count;
    },
    createSavepoint: async (name) => transaction.createSavepoint?.(name),
    rollbackToSavepoint: async (name) => transaction.rollbackToSavepoint?.(name),
    releaseSavepoint: async (name) => transaction.releaseSavepoint?.(name),
    commit: end,
    rollback: end,
  };
}

/** Rolls back what is open (an error may have done so already) and frees the adapter's own lock. */
async function close(transaction: Transaction): Promise<void> {
  await transaction.executeRaw({ sql: "ROLLBACK", args: [], argTypes: [] }).catch(() => undefined);
  await transaction.rollback();
}
