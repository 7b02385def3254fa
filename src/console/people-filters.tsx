import { randomUUID } from "node:crypto";
import type { ComponentChildren, JSX } from "preact";
import { z } from "zod";
import { cohortsOf } from "../cohorts/reach.ts";
import { Form, SelectField, TextField } from "./fields.tsx";
import { organisationChoices } from "./people-data.ts";
import type { Answer, ConsoleDeps, Route, Visit } from "./types.ts";

const action = "people.see";
const mostOwn = 50;
/** What narrows the list of people, beside the words that are typed. */
export const narrowing = ["organisation", "cohort", "reach"] as const;
const reaches = ["ok", "gone", "nowhere", "stopped", "paused"] as const;

/** A filter as it is stored: the page's address, and whom it means for a broadcast, where a broadcast can mean the same. */
const stored = z.object({
  query: z.string().max(1_000),
  audience: z.object({ organisation: z.string().optional(), cohort: z.string().optional() }).optional(),
});

/** Keeping a filter of the people's page under a name. */
export const filterRoutes: readonly Route[] = [
  { method: "post", path: "/people/filters", action, handle: save },
  { method: "post", path: "/people/filters/:filter/delete", action, handle: remove },
];

/** The choices above the table of people, and the filters that somebody saved. */
export async function filters(visit: Visit, deps: ConsoleDeps): Promise<ComponentChildren> {
  const { db } = deps.store;
  const text = (key: string): string => deps.words.text(visit.language, `console.${key}`);
  const within = visit.standing.withinSome(action);
  const [organisations, cohorts, rows] = await Promise.all([
    organisationChoices(db, within),
    cohortsOf(db, visit.standing),
    db.filter.findMany({ where: { organisationId: { in: [...within] } }, orderBy: { name: "asc" }, take: 200 }),
  ]);
  const every = { value: "", label: text("filters.any") };
  const choices = {
    organisation: organisations,
    cohort: cohorts.map(({ cohort }) => ({ value: cohort.id, label: cohort.name })),
    reach: reaches.map((value) => ({ value, label: text(`reach.${value}`) })),
  };
  const now = queryOf(visit.query);
  return (
    <>
      <form method="get" action="/console/people" class="row">
        {narrowing.map((name) => (
          <div>
            <SelectField
              id={name}
              label={text(`people.${name}`)}
              value={visit.query.get(name) ?? ""}
              options={[every, ...choices[name]]}
            />
          </div>
        ))}
        <button type="submit">{text("filters.narrow")}</button>
      </form>
      <details open={rows.length > 0}>
        <summary>{text("filters")}</summary>
        <p class="hint">{text("filters.what")}</p>
        <ul>
          {rows.map((row) => (
            <Saved row={row} visit={visit} text={text} />
          ))}
        </ul>
        {now === "" ? null : (
          <Form action="/console/people/filters" csrf={visit.csrf}>
            <input type="hidden" name="query" value={now} />
            <TextField id="filter-name" label={text("filters.name")} required most={80} />
            <button type="submit">{text("filters.save")}</button>
          </Form>
        )}
      </details>
    </>
  );
}

function Saved(given: {
  readonly row: { readonly id: string; readonly name: string; readonly owner: string; readonly filter: string };
  readonly visit: Visit;
  readonly text: (key: string) => string;
}): JSX.Element | null {
  const { row, visit, text } = given;
  const read = stored.safeParse(JSON.parse(row.filter));
  if (!read.success) return null;
  return (
    <li class="row">
      <a href={`/console/people?${queryOf(new URLSearchParams(read.data.query))}`}>{row.name}</a>
      {row.owner === visit.person.id ? (
        <Form action={`/console/people/filters/${row.id}/delete`} csrf={visit.csrf} plain>
          <button type="submit" class="danger">
            {text("filters.delete")}
            <span class="visually-hidden"> {row.name}</span>
          </button>
        </Form>
      ) : null}
    </li>
  );
}

/** What of an address is the filter: not the order, not the page. */
function queryOf(query: URLSearchParams): string {
  const own = new URLSearchParams();
  for (const name of ["q", ...narrowing]) {
    const value = (query.get(name) ?? "").trim().slice(0, 200);
    if (value !== "") own.set(name, value);
  }
  return own.toString();
}

async function save(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { db } = deps.store;
  const name = (visit.form.get("filter-name") ?? "").trim();
  const query = queryOf(new URLSearchParams(visit.form.get("query") ?? ""));
  const to = `/people?${query}`;
  const owner = visit.person.id;
  const count = await db.filter.count({ where: { owner } });
  if (name === "" || name.length > 80 || query === "" || count >= mostOwn) {
    return { type: "go", to, said: "console.filters.wrong" };
  }
  const asked = new URLSearchParams(query);
  const within = visit.standing.withinSome(action);
  const organisation = asked.get("organisation") ?? undefined;
  const cohort = asked.get("cohort") ?? undefined;
  // Somebody's first organisation, where the filter names none.
  const organisationId =
    organisation ?? visit.standing.held.find((one) => within.includes(one.organisationId))?.organisationId;
  if (organisationId === undefined || !within.includes(organisationId)) return { type: "missing" };
  // A broadcast would reach more people than the page shows, were what it cannot say left out.
  const isAudience = !asked.has("q") && !asked.has("reach");
  const filter = { query, ...(isAudience ? { audience: { organisation, cohort } } : {}) };
  await db.filter.create({
    data: {
      id: randomUUID(),
      organisationId,
      owner,
      name,
      filter: JSON.stringify(stored.parse(filter)),
      createdAt: BigInt(deps.now()),
    },
  });
  return { type: "go", to, said: "console.filters.saved" };
}

async function remove(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const id = visit.params.filter ?? "";
  const { count } = await deps.store.db.filter.deleteMany({ where: { id, owner: visit.person.id } });
  return count === 0 ? { type: "missing" } : { type: "go", to: "/people", said: "console.filters.deleted" };
}
