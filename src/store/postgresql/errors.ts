import pg from "pg";
import { StoreError } from "../types.ts";

/** Codes of https://www.postgresql.org/docs/current/errcodes-appendix.html that say: somebody else was first. */
const conflicts = [
  "22012", // Division by zero: the check at the end of our own write statement.
  "23505",
  "23503",
  "40001",
  "40P01",
  "55P03",
];
/** The data of a turn is refused: its content (22), a constraint (23), or its size or depth (54). */
const poison = ["22", "23", "54"];
/**
 * No connection (08), no resources (53), stopped by an operator (57), the system failed (58, XX), a standby (25006), nobody lets
 * us in (28), the database is not there (3D000) or closed to connections (55000).
 */
const unavailable = ["08", "53", "57", "58", "XX", "25006", "28", "3D000", "55000"];

/** What an error of pg means to a caller of the store. Our own bugs come back as they are. */
export function classify(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof StoreError) return error;
  if (error instanceof pg.DatabaseError) {
    const code = error.code ?? "";
    const is = (starts: readonly string[]) => starts.some((start) => code.startsWith(start));
    if (is(conflicts)) {
      const aboutRecord = error.constraint === "Record_personId_key_key";
      return new StoreError("conflict", `${code}: ${error.message}`, { cause: error, aboutRecord });
    }
    if (is(poison)) return new StoreError("poison", `${code}: ${error.message}`, { cause: error });
    if (is(unavailable)) return lost(`${code}: ${error.message}`, error);
    return error;
  }
  const system = "code" in error && /^E[A-Z_]+$/.test(String(error.code)) && "syscall" in error;
  // What pg and its pool say without any code.
  const spoken = /connection|timeout|terminated|not queryable|after calling end/i.test(error.message);
  if (system || ("code" in error ? false : spoken && !(error instanceof TypeError))) return lost(error.message, error);
  return error;
}

function lost(why: string, cause: Error): StoreError {
  return new StoreError("unavailable", `PostgreSQL cannot be used now (${why}); nothing was stored`, { cause });
}
