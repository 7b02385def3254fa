import { eventsOf, plannable, type ReachedEvent } from "../../events/reach.ts";
import { arrange, type Column, csvFile, Table } from "../table.tsx";
import type { Answer, ConsoleDeps, Section, Visit } from "../types.ts";
import { nameOf, texts, whenOf } from "./common.ts";
import { eventFormRoutes } from "./form.tsx";
import { eventListRoutes } from "./list.tsx";
import { eventLiveRoutes } from "./live.tsx";
import { Month } from "./month.tsx";
import { eventPageRoutes } from "./page.tsx";

/** Training days: planned, changed, attended. */
export const eventsSection: Section = {
  path: "/events",
  name: "events.title",
  routes: [
    { method: "get", path: "/events", action: "events.see", handle: list },
    ...eventFormRoutes,
    ...eventPageRoutes,
    ...eventLiveRoutes,
    ...eventListRoutes,
  ],
};

interface Row {
  readonly found: ReachedEvent;
  readonly coming: number;
  readonly waiting: number;
}

async function list(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { db } = deps.store;
  const t = texts(visit, deps);
  const cohortId = visit.query.get("cohort") ?? "";
  const events = await eventsOf(db, visit.standing, cohortId === "" ? {} : { cohortId });
  const mayPlan = (await plannable(db, visit.standing)).length > 0;
  const counts = await db.seat.groupBy({
    by: ["eventId", "state"],
    where: { event: { cohortId: { in: [...new Set(events.map(({ cohort }) => cohort.id))] } } },
    _count: { _all: true },
  });
  const count = (eventId: string, ...states: readonly string[]) =>
    counts
      .filter((one) => one.eventId === eventId && states.includes(one.state))
      .reduce((sum, { _count }) => sum + _count._all, 0);
  const columns: readonly Column<Row>[] = [
    {
      id: "when",
      label: t("events.col.when"),
      value: ({ found }) => found.event.startsAt,
      show: ({ found }) => whenOf(visit, found),
      csv: ({ found }) => new Date(found.event.startsAt).toISOString(),
    },
    {
      id: "day",
      label: t("events.col.day"),
      value: ({ found }) => nameOf(visit, deps, found),
      show: ({ found }) => <a href={`/console/events/${found.event.id}`}>{nameOf(visit, deps, found)}</a>,
    },
    { id: "cohort", label: t("events.col.cohort"), value: ({ found }) => found.cohort.name },
    {
      id: "place",
      label: t("events.field.venue"),
      value: ({ found }) => (found.event.form === "online" ? t("events.online") : found.event.venue),
    },
    { id: "state", label: t("cohorts.field.state"), value: ({ found }) => t(`events.is.${found.event.state}`) },
    {
      id: "coming",
      label: t("events.col.coming"),
      value: ({ coming }) => coming,
      show: ({ coming, found }) => (found.event.places === null ? coming : `${coming} / ${found.event.places}`),
    },
    { id: "waiting", label: t("events.col.waiting"), value: ({ waiting }) => waiting },
  ];
  const rows = events.map((found): Row => {
    const { id } = found.event;
    return { found, coming: count(id, "coming", "offered", "walk-in"), waiting: count(id, "waiting") };
  });
  // What is ahead is looked for most: the latest first.
  const query = new URLSearchParams(visit.query);
  if (!query.has("sort")) query.set("down", "1");
  const view = arrange(rows, columns, query, visit.language);
  if (visit.query.get("format") === "csv") return csvFile("training-days", columns, view.all);
  const isMonth = visit.query.get("view") === "month";
  const own = cohortId === "" ? "" : `&cohort=${encodeURIComponent(cohortId)}`;
  return {
    type: "page",
    title: t("events.title"),
    body: (
      <>
        <p class="row">
          {mayPlan ? (
            <a class="button main" href={`/console/events/new${own === "" ? "" : `?${own.slice(1)}`}`}>
              {t("events.new")}
            </a>
          ) : null}
          <a class="button" href={isMonth ? `/console/events?view=list${own}` : `/console/events?view=month${own}`}>
            {t(isMonth ? "events.view.list" : "events.view.month")}
          </a>
        </p>
        {isMonth ? (
          <Month
            t={t}
            language={visit.language}
            month={visit.query.get("month")}
            now={deps.now()}
            keep={own}
            days={events.map((found) => ({ found, name: nameOf(visit, deps, found) }))}
          />
        ) : rows.length === 0 ? (
          <p>{t("events.noneyet")}</p>
        ) : (
          <Table
            words={deps.words}
            visit={visit}
            caption={t("events.title")}
            path="/console/events"
            columns={columns}
            view={view}
            csv
            keep={["cohort"]}
          />
        )}
      </>
    ),
  };
}
