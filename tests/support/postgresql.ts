import { randomBytes } from "node:crypto";
import pg from "pg";

/** Where tests make their databases: a server whose user may create some. */
export const postgresqlServer = process.env.TEST_POSTGRESQL_URL ?? "postgresql://postgres@127.0.0.1:5432/postgres";

/** Why there is no PostgreSQL for tests, or undefined where there is. */
export const postgresqlMissing: string | undefined = await (async () => {
  try {
    await onServer("SELECT 1");
    return undefined;
  } catch (error) {
    return `no PostgreSQL at ${new URL(postgresqlServer).host} (${error instanceof Error ? error.message : String(error)}); set TEST_POSTGRESQL_URL`;
  }
})();

/** Makes an empty database and returns its address and the way to remove it. */
export async function createPostgresql(): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const name = `fadder_test_${process.pid}_${randomBytes(5).toString("hex")}`;
  await onServer(`CREATE DATABASE ${name}`);
  const url = new URL(postgresqlServer);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** Runs one statement on the server's own database. */
export async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresqlServer, connectionTimeoutMillis: 3_000 });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
