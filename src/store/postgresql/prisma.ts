import { PrismaPg } from "@prisma/adapter-pg";
import type pg from "pg";
import { PrismaClient } from "../../../generated/postgresql/client.ts";
import type { Database } from "../client.ts";

/** So many different statements are kept prepared by the server per connection; later ones are sent unnamed. */
const maxNamed = 400;

/** Prisma on the shared pool. The one place where the type of SQLite's client stands for PostgreSQL's. */
export function createDatabase(pool: pg.Pool): Database {
  const names = new Map<string, string>();
  const statementNameGenerator = ({ sql }: { readonly sql: string }): string => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (names.size >= maxNamed) return "";
    const name = `prisma${names.size}`;
    names.set(sql, name);
    return name;
  };
  const client = new PrismaClient({ adapter: new PrismaPg(pool, { statementNameGenerator }) });
  return client as unknown as Database;
}
