import type { ComponentChildren, JSX } from "preact";
import { toCsv } from "../csv.ts";
import type { Words } from "../engine/adapter.ts";
import type { Answer, Visit } from "./types.ts";

/** Rows on one page of a table. */
const pageSize = 50;

/** A column: what it is called, what it sorts, filters and exports by, and how it looks where that differs. */
export interface Column<Row> {
  /** Its name in addresses. */
  readonly id: string;
  readonly label: string;
  readonly value: (row: Row) => string | number | null;
  readonly show?: (row: Row) => ComponentChildren;
  /** What a file has, where that is something else than `value`. */
  readonly csv?: (row: Row) => string | number | null;
  /** What can be done with a row: nothing to sort by. */
  readonly act?: true;
}

/** The rows that one request asked for: filtered, sorted, one page of them. */
export interface View<Row> {
  /** Of this page. */
  readonly rows: readonly Row[];
  /** Of all pages. */
  readonly all: readonly Row[];
  readonly page: number;
  readonly pages: number;
  readonly sort: string;
  readonly down: boolean;
  readonly filter: string;
}

/**
 * Arranges rows by a request's `q`, `sort`, `down` and `page`; sorted by the first column where it names none. Of several tables on
 * one page each has a `prefix` of its own before these names.
 */
export function arrange<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  query: URLSearchParams,
  language: string,
  prefix = "",
): View<Row> {
  const asked = (name: string): string | null => query.get(`${prefix}${name}`);
  const filter = (asked("q") ?? "").trim().slice(0, 200);
  const folded = filter.toLocaleLowerCase(language);
  const by = columns.find(({ id }) => id === asked("sort")) ?? columns[0];
  const down = asked("down") === "1";
  const found = rows.filter((row) =>
    columns.some(({ value }) => {
      const own = value(row);
      // Counts and instants look otherwise than they are kept: nobody could know what to type.
      return typeof own === "string" ? own.toLocaleLowerCase(language).includes(folded) : folded === "";
    }),
  );
  const collator = new Intl.Collator(language, { numeric: true });
  const all =
    by === undefined ? found : found.sort((one, other) => compare(collator, by.value(one), by.value(other), down));
  const pages = Math.max(1, Math.ceil(all.length / pageSize));
  const page = Math.min(pages, Math.max(1, Math.trunc(Number(asked("page") ?? 1)) || 1));
  const shown = all.slice((page - 1) * pageSize, page * pageSize);
  return { rows: shown, all, page, pages, sort: by?.id ?? "", down, filter };
}

/** Nothing known stands last, whatever the direction. */
function compare(
  collator: Intl.Collator,
  one: string | number | null,
  other: string | number | null,
  down: boolean,
): number {
  if (one === null || other === null) return one === other ? 0 : one === null ? 1 : -1;
  const both = typeof one === "number" && typeof other === "number";
  const order = both ? one - other : collator.compare(String(one), String(other));
  return down ? -order : order;
}

/** All rows of a view as a file for spreadsheets. */
export function csvOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  return toCsv(
    columns.map(({ label }) => label),
    rows.map((row) => columns.map(({ value, csv }) => (csv ?? value)(row))),
  );
}

/** The file that `?format=csv` answers with. */
export function csvFile<Row>(name: string, columns: readonly Column<Row>[], rows: readonly Row[]): Answer {
  return { type: "file", name: `${name}.csv`, mime: "text/csv; charset=utf-8", body: csvOf(columns, rows) };
}

interface TableProps<Row> {
  readonly words: Words;
  readonly visit: Pick<Visit, "language" | "query">;
  readonly caption: string;
  /** The page's own address, such as `/console/people`. */
  readonly path: string;
  readonly columns: readonly Column<Row>[];
  readonly view: View<Row>;
  /** Whether `?format=csv` answers with the rows. Tables of persons go another way (`exports.tsx`). */
  readonly csv?: boolean;
  /** Where a file is asked for that a second person has to agree to. */
  readonly asks?: string;
  /** Before the names of its parameters, where a page has several tables. */
  readonly prefix?: string;
  /** Named in the address beside the table's own parameters, and kept by its links. */
  readonly keep?: readonly string[];
}

/** A table with a filter, columns that sort, pages, and a file to take along. It works without scripts. */
export function Table<Row>(props: TableProps<Row>): JSX.Element {
  const { words, visit, caption, path, view, csv = false, asks, prefix = "", keep = [] } = props;
  const text = (key: string, args?: Record<string, string | number>) => words.text(visit.language, key, args);
  const kept = keep.flatMap((name) => visit.query.getAll(name).map((value): [string, string] => [name, value]));
  const link = (changes: Readonly<Record<string, string>>): string => {
    const query = new URLSearchParams(kept);
    const own = { q: view.filter, sort: view.sort, down: view.down ? "1" : "", ...changes };
    for (const [name, value] of Object.entries(own)) if (value !== "") query.set(`${prefix}${name}`, value);
    return `${path}?${query}${prefix === "" ? "" : `#${prefix}table`}`;
  };
  const arranged = { sort: view.sort, ...(view.down ? { down: "1" } : {}) };
  return (
    <>
      <search aria-label={caption}>
        <form method="get" action={path} class="row" id={prefix === "" ? undefined : `${prefix}table`}>
          {[...kept, ...Object.entries(arranged).map(([name, value]) => [`${prefix}${name}`, value] as const)].map(
            ([name, value]) => (
              <input type="hidden" name={name} value={value} />
            ),
          )}
          <div>
            <label for={`${prefix}q`}>{text("console.table.filter")}</label>
            <input id={`${prefix}q`} name={`${prefix}q`} type="search" value={view.filter} maxLength={200} />
          </div>
          <button type="submit">{text("console.table.show")}</button>
          {csv ? (
            <a class="button" href={link({ format: "csv" })}>
              {text("console.table.csv")}
            </a>
          ) : null}
          {asks === undefined ? null : (
            <a class="button" href={asks}>
              {text("console.exports.ask")}
            </a>
          )}
        </form>
      </search>
      <p>{text("console.table.count", { count: view.all.length })}</p>
      {view.rows.length === 0 ? null : <Rows {...props} link={link} />}
      {view.pages === 1 ? null : (
        <nav aria-label={text("console.table.pages")} class="row">
          {view.page > 1 ? <a href={link({ page: String(view.page - 1) })}>{text("console.table.before")}</a> : null}
          <span>{text("console.table.page", { page: view.page, pages: view.pages })}</span>
          {view.page < view.pages ? (
            <a href={link({ page: String(view.page + 1) })}>{text("console.table.next")}</a>
          ) : null}
        </nav>
      )}
    </>
  );
}

function Rows<Row>({
  caption,
  columns,
  view,
  link,
}: TableProps<Row> & { readonly link: (changes: Readonly<Record<string, string>>) => string }): JSX.Element {
  const numbers = new Set(
    columns.filter(({ value }) => view.rows.some((row) => typeof value(row) === "number")).map(({ id }) => id),
  );
  return (
    // What scrolls must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls
    <section class="scroll" aria-label={caption} tabIndex={0}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ id, label, act }) => {
              if (act === true) return <th scope="col">{label}</th>;
              const own = view.sort === id;
              return (
                <th
                  scope="col"
                  class={numbers.has(id) ? "number" : undefined}
                  aria-sort={own ? (view.down ? "descending" : "ascending") : "none"}
                >
                  <a href={link({ sort: id, down: own && !view.down ? "1" : "" })}>
                    {label}
                    {own ? <span aria-hidden="true">{view.down ? "\u00a0↓" : "\u00a0↑"}</span> : null}
                  </a>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {view.rows.map((row) => (
            <tr>
              {columns.map(({ id, value, show }, index) => {
                const shown = show?.(row) ?? value(row) ?? "–";
                if (index === 0) return <th scope="row">{shown}</th>;
                return <td class={numbers.has(id) ? "number" : undefined}>{shown}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
