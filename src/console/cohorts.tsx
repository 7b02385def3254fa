import { cohortsOf } from "../cohorts/reach.ts";
import { inLanguage, languageFor } from "../domain/programme.ts";
import { cohortFormRoutes } from "./cohorts-form.tsx";
import { cohortPageRoutes } from "./cohorts-page.tsx";
import { cohortPosterRoutes } from "./cohorts-poster.tsx";
import { cohortRosterRoutes } from "./cohorts-roster.tsx";
import { arrange, type Column, csvFile, Table } from "./table.tsx";
import type { Answer, ConsoleDeps, Section, Visit } from "./types.ts";

/** Cohorts: who learns together, how they come in, and where they stand. */
export const cohortsSection: Section = {
  path: "/cohorts",
  name: "cohorts.title",
  routes: [
    { method: "get", path: "/cohorts", action: "cohorts.see", handle: list },
    ...cohortFormRoutes,
    ...cohortPosterRoutes,
    ...cohortRosterRoutes,
    ...cohortPageRoutes,
  ],
};

async function list(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { db } = deps.store;
  const t = (key: string, args?: Record<string, string | number>) => deps.words.text(visit.language, key, args);
  const found = await cohortsOf(db, visit.standing);
  const counts = await db.membership.groupBy({
    by: ["cohortId", "state"],
    where: {
      cohortId: { in: found.map(({ cohort }) => cohort.id) },
      organisationId: { in: [...visit.standing.withinSome("people.see")] },
    },
    _count: { _all: true },
  });
  const count = (cohortId: string, ...states: readonly string[]): number =>
    counts
      .filter((one) => one.cohortId === cohortId && states.includes(one.state))
      .reduce((sum, one) => sum + one._count._all, 0);
  const columns: readonly Column<Row>[] = [
    {
      id: "name",
      label: t("cohorts.field.name"),
      value: ({ name }) => name,
      show: ({ id, name }) => <a href={`/console/cohorts/${id}`}>{name}</a>,
    },
    { id: "programme", label: t("cohorts.field.programme"), value: ({ programme }) => programme },
    { id: "state", label: t("cohorts.field.state"), value: ({ state }) => t(`cohorts.cohort.${state}`) },
    { id: "startsOn", label: t("cohorts.field.startsOn"), value: ({ startsOn }) => startsOn },
    { id: "in", label: t("cohorts.column.in"), value: (row) => row.in },
    { id: "undecided", label: t("cohorts.column.undecided"), value: ({ undecided }) => undecided },
  ];
  const rows = found.map(({ cohort }): Row => {
    const { id, name, state, startsOn } = cohort;
    const programme = deps.catalogue.get(cohort.programme, cohort.version);
    const languages = [visit.language, ...deps.words.languages];
    const title = programme && inLanguage(programme.title, languageFor(programme.languages, languages));
    const counted = { in: count(id, "active", "paused"), undecided: count(id, "applied", "waiting") };
    return { id, name, state, startsOn, programme: title ?? cohort.programme, ...counted };
  });
  const view = arrange(rows, columns, visit.query, visit.language);
  if (visit.query.get("format") === "csv") return csvFile("cohorts", columns, view.all);
  return {
    type: "page",
    title: t("cohorts.title"),
    body: (
      <>
        {visit.standing.may("cohorts.change") ? (
          <p>
            <a class="button main" href="/console/cohorts/new">
              {t("cohorts.new")}
            </a>
          </p>
        ) : null}
        {found.length === 0 ? (
          <p>{t("cohorts.none")}</p>
        ) : (
          <Table
            words={deps.words}
            visit={visit}
            caption={t("cohorts.title")}
            path="/console/cohorts"
            columns={columns}
            view={view}
            csv
          />
        )}
      </>
    ),
  };
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly programme: string;
  readonly state: string;
  readonly startsOn: string | null;
  readonly in: number;
  readonly undecided: number;
}
