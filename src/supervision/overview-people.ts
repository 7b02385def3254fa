import { weekMs } from "../domain/durations.ts";
import type { Json } from "../engine/types.ts";
import { number, type Row, type Sql, text, textOrNull } from "../store/sql.ts";

/** Persons read at once: on SQLite the whole process waits for a statement. */
const piece = 100;

/** What the overview asks about one person. */
export interface Facts {
  readonly stopped: boolean;
  /** Epoch milliseconds; null: no pause. */
  readonly pausedUntil: number | null;
  readonly progress: Json;
  readonly addresses: readonly { readonly channel: string; readonly gone: boolean }[];
  /** The weeks, counted from `since`, in which the person did something that is recorded. */
  readonly weeks: ReadonlySet<number>;
  readonly answers: readonly { readonly programme: string; readonly question: string; readonly right: boolean }[];
}

/** Reads these people in pieces; every statement goes over an index by person. `since` begins the first week, epoch milliseconds. */
export async function* factsOf(
  sql: Sql,
  ids: readonly string[],
  since: number,
): AsyncGenerator<readonly [string, Facts]> {
  for (let at = 0; at < ids.length; at += piece) {
    const some = ids.slice(at, at + piece);
    const given = JSON.stringify(some);
    const among = amongGiven(sql);
    const people = await sql.all(
      `SELECT p.id, p.stopped, p."pausedUntil", g.state AS progress FROM "Person" p
        LEFT JOIN "Progress" g ON g."personId" = p.id WHERE p.id IN ${among}`,
      [given],
    );
    const addresses = byPerson(
      await sql.all(`SELECT "personId", channel, state FROM "Address" WHERE "personId" IN ${among}`, [given]),
    );
    const weeks = byPerson(
      await sql.all(
        `SELECT DISTINCT "personId", CAST((at - $2) / ${weekMs} AS INTEGER) AS week FROM "Record"
          WHERE "personId" IN ${among} AND at >= $2`,
        [given, since],
      ),
    );
    // The keys of answers begin with their type, and the index over person and key finds them.
    const answers = byPerson(
      await sql.all(
        `SELECT "personId", programme, data FROM "Record"
          WHERE "personId" IN ${among} AND key >= 'answer:' AND key < 'answer;' AND type = 'answer'`,
        [given],
      ),
    );
    for (const row of people) {
      const id = text(row, "id");
      const stored = textOrNull(row, "progress");
      yield [
        id,
        {
          stopped: Boolean(row.stopped),
          pausedUntil: row.pausedUntil === null ? null : number(row, "pausedUntil"),
          progress: stored === null ? null : (JSON.parse(stored) as Json),
          addresses: (addresses.get(id) ?? []).map((one) => ({
            channel: text(one, "channel"),
            gone: text(one, "state") === "gone",
          })),
          weeks: new Set((weeks.get(id) ?? []).map((one) => number(one, "week"))),
          answers: (answers.get(id) ?? []).map((one) => {
            const { question, right } = JSON.parse(text(one, "data")) as { question?: unknown; right?: unknown };
            return { programme: text(one, "programme"), question: String(question), right: right === true };
          }),
        },
      ];
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A condition over a JSON array that is the first parameter. */
export function amongGiven(sql: Sql): string {
  return sql.kind === "sqlite" ? "(SELECT value FROM json_each($1))" : "(SELECT json_array_elements_text($1::json))";
}

function byPerson(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const id = text(row, "personId");
    const known = found.get(id);
    if (known === undefined) found.set(id, [row]);
    else known.push(row);
  }
  return found;
}
