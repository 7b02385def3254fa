import { cohortsOf } from "../cohorts/reach.ts";
import { cohortFormRoutes } from "./cohorts-form.tsx";
import { cohortPageRoutes } from "./cohorts-page.tsx";
import { cohortPosterRoutes } from "./cohorts-poster.tsx";
import { cohortRosterRoutes } from "./cohorts-roster.tsx";
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
      organisationId: { in: [...visit.standing.within("people.see")] },
    },
    _count: { _all: true },
  });
  const count = (cohortId: string, ...states: readonly string[]): number =>
    counts
      .filter((one) => one.cohortId === cohortId && states.includes(one.state))
      .reduce((sum, one) => sum + one._count._all, 0);
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
          <div class="scroll">
            <table>
              <caption>{t("cohorts.title")}</caption>
              <thead>
                <tr>
                  <th scope="col">{t("cohorts.field.name")}</th>
                  <th scope="col">{t("cohorts.field.state")}</th>
                  <th scope="col">{t("cohorts.field.startsOn")}</th>
                  <th scope="col" class="number">
                    {t("cohorts.column.in")}
                  </th>
                  <th scope="col" class="number">
                    {t("cohorts.column.undecided")}
                  </th>
                </tr>
              </thead>
              <tbody>
                {found.map(({ cohort }) => (
                  <tr>
                    <th scope="row">
                      <a href={`/console/cohorts/${cohort.id}`}>{cohort.name}</a>
                    </th>
                    <td>{t(`cohorts.cohort.${cohort.state}`)}</td>
                    <td>{cohort.startsOn ?? "–"}</td>
                    <td class="number">{count(cohort.id, "active", "paused")}</td>
                    <td class="number">{count(cohort.id, "applied", "waiting")}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </>
    ),
  };
}
