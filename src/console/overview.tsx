import type { JSX } from "preact";
import { inLanguage, languageFor, type Programme } from "../domain/programme.ts";
import { type Group, overviewFor } from "../supervision/overview.ts";
import { SelectField } from "./fields.tsx";
import { type Part, partsOf } from "./overview-parts.tsx";
import { organisationChoices, subtree } from "./people-data.ts";
import { arrange, csvFile, Table } from "./table.tsx";
import type { Answer, ConsoleDeps, Section, Visit } from "./types.ts";

const path = "/console/overview";

/** Where the groups stand, in charts and tables; no figure below five people. */
export const overview: Section = {
  path: "/overview",
  name: "overview.title",
  routes: [{ method: "get", path: "/overview", action: "people.see", handle: page }],
};

async function page(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { db, sql } = deps.store;
  const { language, query, standing } = visit;
  const text = (key: string, args?: Record<string, string | number>) =>
    deps.words.text(language, `overview.${key}`, args);
  const within = standing.withinSome("people.see");
  const chosen = query.get("organisation") ?? "";
  const cohortId = query.get("cohort") ?? "";
  if (chosen !== "" && !within.includes(chosen)) return { type: "missing" };
  const { groups, mondays } = await overviewFor(
    { db, sql, catalogue: deps.catalogue },
    standing,
    deps.now(),
    chosen === "" ? undefined : await subtree(db, chosen),
  );
  const organisations = await organisationChoices(db, within);
  const names = new Map(organisations.map(({ value, label }) => [value, label]));
  const collator = new Intl.Collator(language, { numeric: true });
  const nameOf = (group: Group): string => `${group.cohort} ${names.get(group.organisationId) ?? ""}`;
  const shown = groups
    .filter((group) => cohortId === "" || group.cohortId === cohortId)
    .sort((one, other) => collator.compare(nameOf(one), nameOf(other)));
  const titles = (programme: Programme | undefined): string =>
    programme === undefined
      ? "–"
      : inLanguage(programme.title, languageFor(programme.languages, [language, ...deps.words.languages]));
  const parts = await partsOf({ groups: shown, mondays, names, titles, language, text });
  const wanted = parts.find(({ id }) => query.get(`${id}.format`) === "csv");
  if (wanted !== undefined) {
    return csvFile(`overview-${wanted.id}`, wanted.table.columns, viewOf(wanted, visit).all);
  }
  return {
    type: "page",
    title: text("title"),
    body: (
      <>
        <p>{text("what")}</p>
        <Narrow text={text} groups={groups} organisations={organisations} organisation={chosen} cohort={cohortId} />
        {shown.length === 0 ? (
          <p>{text("none")}</p>
        ) : (
          parts.map((part) => <Chart part={part} visit={visit} deps={deps} nothing={text("nothing")} />)
        )}
      </>
    ),
  };
}

function Narrow(given: {
  readonly text: (key: string) => string;
  readonly groups: readonly Group[];
  readonly organisations: readonly { readonly value: string; readonly label: string }[];
  readonly organisation: string;
  readonly cohort: string;
}): JSX.Element {
  const { text, groups, organisations, organisation, cohort } = given;
  const cohorts = new Map(groups.map((group) => [group.cohortId, group.cohort]));
  const every = { value: "", label: text("all") };
  return (
    <form method="get" action={path} class="row">
      <div>
        <SelectField
          id="organisation"
          label={text("organisation")}
          value={organisation}
          options={[every, ...organisations]}
        />
      </div>
      <div>
        <SelectField
          id="cohort"
          label={text("cohort")}
          value={cohort}
          options={[every, ...[...cohorts].map(([value, label]) => ({ value, label }))]}
        />
      </div>
      <button type="submit">{text("show")}</button>
    </form>
  );
}

/** The rows as the request asks for them, else in the part's own order. */
function viewOf({ id, table }: Part, { query, language }: Visit) {
  const asked = new URLSearchParams(query);
  if (!asked.has(`${id}.sort`) && table.down !== undefined) {
    asked.set(`${id}.sort`, table.down);
    asked.set(`${id}.down`, "1");
  }
  return arrange(table.rows, table.columns, asked, language, `${id}.`);
}

/** A chart, and under it the same and more in a table. */
function Chart(given: {
  readonly part: Part;
  readonly visit: Visit;
  readonly deps: ConsoleDeps;
  readonly nothing: string;
}): JSX.Element {
  const { part, visit, deps, nothing } = given;
  const { id, title, what, alt, svg, table } = part;
  return (
    <section>
      <h2>{title}</h2>
      {what === undefined ? null : <p>{what}</p>}
      <div class="charted">
        {svg === undefined ? (
          <p>{nothing}</p>
        ) : (
          // Drawn here from numbers and the programme's titles, which the drawing escapes.
          <div class="card" role="img" aria-label={alt} dangerouslySetInnerHTML={{ __html: svg }} />
        )}
        <div>
          <Table
            words={deps.words}
            visit={visit}
            caption={title}
            path={path}
            columns={table.columns}
            view={viewOf(part, visit)}
            prefix={`${id}.`}
            keep={["organisation", "cohort"]}
            csv
          />
        </div>
      </div>
    </section>
  );
}
