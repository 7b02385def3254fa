import { Form, SelectField } from "./fields.tsx";
import { type Activity, activityOf, type Listed, listPeople, organisationChoices, subtree } from "./people-data.ts";
import { filterRoutes, filters, narrowing } from "./people-filters.tsx";
import { showDay } from "./show.ts";
import { arrange, type Column, Table } from "./table.tsx";
import type { ConsoleDeps, Section, Visit } from "./types.ts";

/** Columns of somebody in a list; activity is there for those whose state was read. */
export function peopleColumns(
  deps: Pick<ConsoleDeps, "words">,
  language: string,
  activity: ReadonlyMap<string, Activity>,
): readonly Column<Listed>[] {
  const text = (key: string): string => deps.words.text(language, key);
  const seenAt = (row: Listed): number | null => activity.get(row.id)?.seenAt ?? null;
  return [
    {
      id: "name",
      label: text("console.people.name"),
      value: (row) => row.name,
      show: (row) => (
        <a href={`/console/people/${row.id}`}>{row.name === "" ? text("console.people.noname") : row.name}</a>
      ),
    },
    { id: "cohort", label: text("console.people.cohort"), value: (row) => row.cohorts },
    { id: "organisation", label: text("console.people.organisation"), value: (row) => row.organisations },
    {
      id: "seen",
      label: text("console.people.seen"),
      value: seenAt,
      show: (row) => {
        const at = seenAt(row);
        return at === null ? text("console.people.never") : showDay(language, at);
      },
      csv: (row) => {
        const at = seenAt(row);
        return at === null ? null : new Date(at).toISOString();
      },
    },
    { id: "done", label: text("console.people.steps"), value: (row) => activity.get(row.id)?.done ?? 0 },
    { id: "of", label: text("console.people.of"), value: (row) => activity.get(row.id)?.of ?? 0 },
    {
      id: "reach",
      label: text("console.people.reach"),
      value: (row) => text(`console.reach.${row.reach}`),
      show: (row) => <span class={row.reach === "ok" ? "good" : "bad"}>{text(`console.reach.${row.reach}`)}</span>,
    },
  ];
}

/** Columns that need everybody's state before a page of them can be chosen. */
const computed = ["seen", "done", "of"];

/** Those whom the choices above the table mean; an organisation means everything below it too. */
async function narrowed({ standing, query }: Visit, deps: ConsoleDeps): Promise<readonly Listed[]> {
  const { db } = deps.store;
  const asked = (name: (typeof narrowing)[number]): string => query.get(name) ?? "";
  const organisation = asked("organisation");
  const all = await listPeople(
    db,
    standing,
    deps.now(),
    organisation === "" ? undefined : await subtree(db, organisation),
  );
  const cohort = asked("cohort");
  const reach = asked("reach");
  if (cohort === "" && reach === "") return all;
  const members = await db.membership.findMany({
    where: { cohortId: cohort, organisationId: { in: [...standing.withinSome("people.see")] } },
    select: { personId: true },
  });
  const inCohort = new Set(members.map(({ personId }) => personId));
  return all.filter((one) => (cohort === "" || inCohort.has(one.id)) && (reach === "" || one.reach === reach));
}

async function list(visit: Visit, deps: ConsoleDeps) {
  const { db } = deps.store;
  const { language, query } = visit;
  const text = (key: string): string => deps.words.text(language, key);
  const people = await narrowed(visit, deps);
  const first = computed.includes(query.get("sort") ?? "") ? await activityOf(db, deps.catalogue, people) : new Map();
  const view = arrange(people, peopleColumns(deps, language, first), query, language);
  const activity = first.size > 0 ? first : await activityOf(db, deps.catalogue, view.rows);
  await deps.audit({ actor: visit.person.id, action: "people.list", detail: { count: view.rows.length } });
  const exporting = visit.standing.within("people.export");
  return {
    type: "page",
    title: text("console.people"),
    body: (
      <>
        {await filters(visit, deps)}
        <Table
          words={deps.words}
          visit={visit}
          caption={text("console.people.caption")}
          path="/console/people"
          columns={peopleColumns(deps, language, activity)}
          view={view}
          keep={narrowing}
          {...(exporting.length === 0 ? {} : { asks: "#export" })}
        />
        {exporting.length === 0 ? null : (
          <>
            <h2 id="export">{text("console.exports")}</h2>
            <p>{text("console.exports.why")}</p>
            <Form action="/console/exports" csrf={visit.csrf}>
              <SelectField
                id="export-organisation"
                name="organisation"
                label={text("console.people.organisation")}
                options={await organisationChoices(db, exporting)}
              />
              <button type="submit">{text("console.exports.ask")}</button>
            </Form>
            <p>
              <a href="/console/exports">{text("console.exports.all")}</a>
            </p>
          </>
        )}
      </>
    ),
  } as const;
}

/** Everybody whom an organisation looks after. */
export const people: Section = {
  path: "/people",
  name: "console.people",
  routes: [{ method: "get", path: "/people", action: "people.see", handle: list }, ...filterRoutes],
};
