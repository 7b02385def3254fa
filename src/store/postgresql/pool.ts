import pg from "pg";
import type { Log } from "../../engine/adapter.ts";
import type { Row, Sql, Value } from "../sql.ts";
import { classify } from "./errors.ts";

const int8 = 20;

/** Instants and counts are far below 2^53, so whole numbers come back as numbers. Prisma brings its own parsers. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    oid === int8 ? Number : pg.types.getTypeParser(oid, format as "text")) as typeof pg.types.getTypeParser,
};

/** How every connection of ours is made. */
export function connectionConfig(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    types,
    application_name: "fadder",
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
  };
}

/** The one pool of a store, shared with Prisma. */
export function createPool(url: string, log: Log): pg.Pool {
  const pool = new pg.Pool({
    ...connectionConfig(url),
    max: 10,
    idleTimeoutMillis: 60_000,
    // A database that has stopped answering must not hold a turn for ever: the platform delivers again.
    query_timeout: 30_000,
  });
  pool.on("error", (error) => log.warn({ error: error.message }, "an idle database connection was lost"));
  return pool;
}

/** The shared statements on PostgreSQL. */
export function createPostgresqlSql(pool: pg.Pool): Sql {
  return {
    ...statementsOn(pool),
    transaction: (work) =>
      inTransaction(pool, (client) => {
        const inside: Sql = { ...statementsOn(client), transaction: (more) => more(inside) };
        return work(inside);
      }),
  };
}

/** Runs `work` in a transaction on a connection of its own: all or nothing. */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  let client: pg.PoolClient;
  try {
    client = await pool.connect();
  } catch (error) {
    throw classify(error);
  }
  let broken: Error | undefined;
  try {
    await client.query("BEGIN");
    const result = await work(client);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    throw classify(error);
  } finally {
    client.release(broken);
  }
}

function statementsOn(on: pg.Pool | pg.PoolClient): Pick<Sql, "kind" | "all" | "run"> {
  const query = async (text: string, values: readonly Value[] = []) => {
    try {
      return await on.query<Row>(text, values.map(buffered));
    } catch (error) {
      throw classify(error);
    }
  };
  return {
    kind: "postgresql",
    all: async (text, values) => (await query(text, values)).rows,
    run: async (text, values) => (await query(text, values)).rowCount ?? 0,
  };
}

/** pg sends a Buffer as bytes. */
function buffered(value: Value): Value | Buffer {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}
