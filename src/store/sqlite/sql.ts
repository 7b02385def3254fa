import type { Statement } from "better-sqlite3";
import type { Row, Sql, Value } from "../sql.ts";
import { classify } from "./errors.ts";
import type { Connection } from "./file.ts";
import type { Gate } from "./gate.ts";

/**
 * The shared statements on SQLite. Single ones run on `main` and reads need no gate there; transactions that await have `side`
 * to themselves, so that nothing else of the process can get inside them.
 */
export function createSqliteSql(main: Connection, side: Connection, gate: Gate): Sql {
  const outer = statementsOf(main);
  const inner = statementsOf(side);
  const inside: Sql = {
    kind: "sqlite",
    all: async (text, values) => inner.all(text, values),
    run: async (text, values) => inner.run(text, values),
    transaction: (work) => work(inside),
  };
  return {
    kind: "sqlite",
    all: (text, values) =>
      classified(async () => (outer.reads(text) ? outer.all(text, values) : gate.run(() => outer.all(text, values)))),
    run: (text, values) => classified(() => gate.run(() => outer.run(text, values))),
    transaction: (work) =>
      classified(() =>
        gate.run(async () => {
          side.exec("BEGIN IMMEDIATE");
          try {
            const result = await work(inside);
            side.exec("COMMIT");
            return result;
          } finally {
            if (side.inTransaction) side.exec("ROLLBACK");
          }
        }),
      ),
  };
}

function statementsOf(connection: Connection) {
  const statements = new Map<string, Statement>();
  const prepare = (text: string): Statement => {
    const known = statements.get(text);
    if (known !== undefined) return known;
    const statement = connection.prepare(text.replace(/\$(\d+)/g, "?$1"));
    statements.set(text, statement);
    return statement;
  };
  return {
    reads: (text: string) => prepare(text).readonly,
    all: (text: string, values: readonly Value[] = []) => prepare(text).all(bound(values)) as Row[],
    run: (text: string, values: readonly Value[] = []) => prepare(text).run(bound(values)).changes,
  };
}

async function classified<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw classify(error);
  }
}

/** better-sqlite3 binds numbered placeholders by name and knows no booleans. */
function bound(values: readonly Value[]): Record<string, Exclude<Value, boolean>> {
  const named: Record<string, Exclude<Value, boolean>> = {};
  values.forEach((value, index) => {
    named[String(index + 1)] = typeof value === "boolean" ? Number(value) : value;
  });
  return named;
}
