import type pg from "pg";
import type { TurnWrite } from "../types.ts";
import { binaryArray } from "./arrays.ts";
import { batchOf } from "./batch.ts";
import { classify } from "./errors.ts";
import { writeStatement } from "./statement.ts";
import { type Part, parts } from "./tables.ts";

/**
 * Writes all turns of a batch in one statement, or none. The last line of the statement is the check: where a row that must be there
 * is not (a session that moved, a timer that fired elsewhere), it divides by zero and everything is undone. Its parts see
 * one snapshot and run in the order of the check, sessions first and sorted, so that two instances take their locks in one order.
 */
export function createWrite(pool: pg.Pool) {
  return async (turns: readonly TurnWrite[], told: readonly string[]): Promise<void> => {
    const { rows, expected } = batchOf(turns);
    const used = new Set((Object.keys(rows) as Part[]).filter((part) => rows[part].length > 0));
    const statement = writeStatement(used, told.length > 0);
    const values: unknown[] = [];
    for (const part of statement.parts) {
      for (const [column, type] of Object.values(parts[part]).entries())
        values.push(binaryArray(type, rows[part], column));
    }
    values.push(expected);
    if (told.length > 0) values.push(told);
    try {
      await pool.query({ name: statement.name, text: statement.text, values });
    } catch (error) {
      throw classify(error);
    }
  };
}
