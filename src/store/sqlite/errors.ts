import { StoreError } from "../types.ts";

/** Somebody else was first: read again and decide again. */
const conflicts = [
  "SQLITE_CONSTRAINT_UNIQUE",
  "SQLITE_CONSTRAINT_PRIMARYKEY",
  "SQLITE_CONSTRAINT_FOREIGNKEY",
  "SQLITE_CONSTRAINT_ROWID",
  "SQLITE_BUSY",
  "SQLITE_LOCKED",
];
/** The data of a turn is refused. */
const poison = ["SQLITE_CONSTRAINT", "SQLITE_MISMATCH", "SQLITE_TOOBIG"];
/** The file cannot be written or read now; nothing was stored. */
const unavailable = [
  "SQLITE_FULL",
  "SQLITE_IOERR",
  "SQLITE_READONLY",
  "SQLITE_CANTOPEN",
  "SQLITE_NOMEM",
  "SQLITE_PROTOCOL",
  "SQLITE_CORRUPT",
  "SQLITE_NOTADB",
];

/** What an error of better-sqlite3 means to a caller of the store. Our own bugs come back as they are. */
export function classify(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof StoreError || !("code" in error)) return error;
  const code = String(error.code);
  const is = (names: readonly string[]) => names.some((name) => code === name || code.startsWith(`${name}_`));
  if (is(conflicts)) {
    const aboutRecord = error.message.includes("Record.key");
    return new StoreError("conflict", `${code}: ${error.message}`, { cause: error, aboutRecord });
  }
  if (is(poison)) return new StoreError("poison", `${code}: ${error.message}`, { cause: error });
  if (is(unavailable)) {
    return new StoreError(
      "unavailable",
      `the database file cannot be used (${code}: ${error.message}); nothing was stored`,
      {
        cause: error,
      },
    );
  }
  return error;
}
