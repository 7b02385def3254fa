/** What may be bound to a placeholder. */
export type Value = string | number | boolean | null | Uint8Array;

/** One row as the driver returns it. Whole numbers are numbers on both databases; SQLite has 0 and 1 for booleans. */
export type Row = Readonly<Record<string, string | number | boolean | null | Uint8Array>>;

/** Statements that are the same text on both databases, with `$1`, `$2` … as placeholders. */
export interface Sql {
  readonly kind: "sqlite" | "postgresql";
  /** All rows, also of a statement that writes and has `RETURNING`. */
  all(text: string, values?: readonly Value[]): Promise<readonly Row[]>;
  /** The number of rows written. */
  run(text: string, values?: readonly Value[]): Promise<number>;
  /** All or nothing. `work` uses only the `Sql` it is given, and is short: on SQLite the whole process waits for it. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
}

/** A column that is text by the schema. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw new Error(`column ${column} is ${typeof value}, not text`);
  return value;
}

/** A column that is text or null by the schema. */
export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

/** A column that is a whole number by the schema. */
export function number(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== "number") throw new Error(`column ${column} is ${typeof value}, not a number`);
  return value;
}

/** A column that is a whole number or null by the schema. */
export function numberOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : number(row, column);
}

/** A column that is bytes by the schema. */
export function bytes(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw new Error(`column ${column} is ${typeof value}, not bytes`);
  return value;
}
