import type { PrismaClient } from "../../generated/sqlite/client.ts";

/**
 * The generated client, for everything beside the hot path. It is SQLite's type on both databases: the smaller one, so it
 * cannot offer what PostgreSQL lacks. Not for use: `skipDuplicates`, `mode`, Json path filters, isolation levels.
 */
export type Database = PrismaClient;
