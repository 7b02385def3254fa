import { type Answered, createItems, type Item } from "../domain/items.ts";
import type { Catalogue, Question } from "../domain/programme.ts";
import { number, type Sql, text } from "../store/sql.ts";

/** Rows read at once: on SQLite the whole process waits for a statement. */
const piece = 500;
/** Attempts that may be open at once while the record is read; the oldest give way. */
const mostOpen = 20_000;

/**
 * What the answers of a programme's checks say about its questions. It reads the record from its first row to its last in pieces and
 * keeps sums; no person is in what it gives.
 */
export async function itemsOf(
  sql: Sql,
  catalogue: Pick<Catalogue, "get">,
  programme: string,
): Promise<readonly Item[]> {
  const items = createItems();
  const open = new Map<string, Answered[]>();
  for (let after = 0; ; ) {
    const rows = await sql.all(
      `SELECT id, "personId", type, key, version, data FROM "Record" WHERE id > $1 AND id <= $1 + ${piece}
        AND programme = $2 AND type IN ('answer', 'check.done') ORDER BY id`,
      [after, programme],
    );
    for (const row of rows) {
      const data = JSON.parse(text(row, "data")) as { readonly [name: string]: unknown };
      // The key is `answer:<attempt>:<question>`, and an attempt ends with `check:<attempt>`.
      const [, attempt = ""] = text(row, "key").split(":");
      if (text(row, "type") === "check.done") {
        items.attempt(open.get(attempt) ?? []);
        open.delete(attempt);
        continue;
      }
      if (data.open === true) continue;
      const answered: Answered = {
        question: String(data.question),
        version: text(row, "version"),
        option: String(data.option),
        right: data.right === true,
      };
      items.add(answered, text(row, "personId"));
      const known = open.get(attempt);
      if (known === undefined) {
        if (open.size >= mostOpen) open.delete(open.keys().next().value ?? "");
        open.set(attempt, [answered]);
      } else known.push(answered);
    }
    const [last] = await sql.all(`SELECT MAX(id) AS last FROM "Record"`, []);
    if (last === undefined || last.last === null || after + piece >= number(last, "last")) break;
    after += piece;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return items.items((question, version) => optionsOf(catalogue, programme, question, version));
}

function optionsOf(catalogue: Pick<Catalogue, "get">, id: string, question: string, version: string) {
  const programme = catalogue.get(id, version);
  const checks = [
    ...(programme?.units ?? []).map(({ check }) => check),
    ...(programme?.test ? [programme.test.check] : []),
  ];
  const all = checks.flatMap(({ bank }) =>
    bank.flatMap((one): readonly Question[] => (one.kind === "case" ? one.steps : [one])),
  );
  const found = all.find((one) => one.id === question);
  return found?.kind === "single" ? { ids: found.options.map((option) => option.id), right: found.right } : undefined;
}
