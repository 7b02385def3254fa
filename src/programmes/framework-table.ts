import { parse } from "csv-parse/sync";
import { toCsv } from "../csv.ts";
import { type Framework, statementId } from "../domain/framework.ts";
import type { Localised } from "../domain/programme.ts";
import { FrameworkFileError, parseRules, rulesOf } from "./framework-rules.ts";

const columns = ["kind", "id", "rules"] as const;

/** A framework as a table for spreadsheets: a line for each text, a column for each language; its rules stand in the first line. */
export function toTable(framework: Framework): string {
  const { languages } = framework;
  const line = (kind: string, id: string, text: Localised<string>, rules = "") => [
    kind,
    id,
    rules,
    ...languages.map((language) => text[language] ?? ""),
  ];
  const rows = [
    line("title", framework.id, framework.title, rulesOf(framework)),
    line("about", framework.id, framework.about),
    ...framework.levels.flatMap(({ level, name, short }) => [
      line("level", String(level), name),
      line("level in short", String(level), short),
    ]),
    ...framework.scales.flatMap(({ id, values }) =>
      values.map(({ value, text }) => line("value", `${id}.${value}`, text)),
    ),
    ...framework.categories.flatMap((category) => [
      line("category", category.id, category.title),
      ...category.competences.flatMap((one) => [
        line("competence", one.id, one.title),
        line("example", one.id, one.example),
        ...one.statements.map(({ level, text }) => line("statement", statementId(one.id, level), text)),
      ]),
    ]),
  ];
  return toCsv([...columns, ...languages], rows);
}

/** Reads what `toTable` wrote, after somebody changed texts in it or added a language. Throws `FrameworkFileError`. */
export function fromTable(csv: string): Framework {
  const lines = linesOf(csv);
  const [head = [], ...rows] = lines;
  const languages = head.slice(columns.length);
  if (columns.some((name, index) => head[index] !== name) || languages.length === 0)
    throw new FrameworkFileError(`expected the columns ${columns.join(", ")} and one for each language`);
  const wrong = languages.find((language) => !/^[a-z]{2,3}$/.test(language));
  if (wrong !== undefined) throw new FrameworkFileError(`"${wrong}" is no language: expected one such as en or bg`);
  const texts = new Map(rows.map(([kind = "", id = "", , ...words]) => [`${kind} ${id}`, words]));
  const rules = parseRules(rows.find(([kind]) => kind === "title")?.[2]);
  if (rules === undefined)
    throw new FrameworkFileError('the line "title" has lost its rules: take the column "rules" from an export');
  const text = (kind: string, id: string): Localised<string> => {
    const words = texts.get(`${kind} ${id}`);
    if (words === undefined) throw new FrameworkFileError(`the line "${kind} ${id}" is missing`);
    return Object.fromEntries(
      languages.map((language, index): [string, string] => {
        const own = (words[index] ?? "").trim();
        if (own === "") throw new FrameworkFileError(`the line "${kind} ${id}" has no text in "${language}"`);
        return [language, own];
      }),
    );
  };
  const idsOf = (kind: string): string[] => rows.flatMap(([own, id = ""]) => (own === kind ? [id] : []));
  const levels = idsOf("level").map(Number);
  const scales = rules.scales.map((scale) => ({
    ...scale,
    values: scale.values.map((value) => ({ value, text: text("value", `${scale.id}.${value}`) })),
  }));
  const competences = new Map(idsOf("category").map((id): [string, string[]] => [id, []]));
  let category = "";
  for (const [kind, id = ""] of rows) {
    if (kind === "category") category = id;
    if (kind === "competence") competences.get(category)?.push(id);
  }
  return {
    ...{ id: rules.id, version: rules.version, languages, unreviewed: rules.unreviewed },
    title: text("title", rules.id),
    about: text("about", rules.id),
    levels: levels.map((level) => ({
      level,
      name: text("level", String(level)),
      short: text("level in short", String(level)),
    })),
    ...{ scales, stopAfter: rules.stopAfter, required: rules.required, status: rules.status },
    categories: [...competences].map(([id, own]) => ({
      id,
      title: text("category", id),
      mayLag: rules.mayLag[id] ?? 0,
      competences: own.map((one) => ({
        id: one,
        title: text("competence", one),
        example: text("example", one),
        scale: rules.competences[one]?.scale ?? rules.scales[0]?.id ?? "",
        lessons: rules.competences[one]?.lessons ?? [],
        statements: levels.map((level) => ({ level, text: text("statement", statementId(one, level)) })),
      })),
    })),
  };
}

function linesOf(csv: string): readonly (readonly string[])[] {
  try {
    const rows: string[][] = parse(csv, { bom: true, delimiter: [",", ";", "\t"], skip_empty_lines: true });
    // What a spreadsheet would take for a formula was written with an apostrophe in front.
    return rows.map((row) => row.map((cell) => (/^'[=+\-@\t\r]/u.test(cell) ? cell.slice(1) : cell)));
  } catch (error) {
    const why = error instanceof Error ? error.message : "unreadable";
    throw new FrameworkFileError(`this is no table: ${why}`);
  }
}
