import { type Listed, listOf } from "../../events/list.ts";
import { type Column, csvFile } from "../table.tsx";
import type { Answer, ConsoleDeps, Route, Visit } from "../types.ts";
import { eventIn, nameOf, note, texts, whenOf } from "./common.ts";

/** The list of a training day to print and sign, or as a file. */
export const eventListRoutes: readonly Route[] = [
  { method: "get", path: "/events/:id/list", action: "events.see", handle: list },
];

async function list(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const found = await eventIn(visit, deps);
  if (found === undefined) return { type: "missing" };
  const t = texts(visit, deps);
  const people = (await listOf(deps.store.db, visit.standing, found)).filter(
    ({ state }) => state !== "declined" && state !== "waiting",
  );
  const columns: readonly Column<Listed>[] = [
    { id: "name", label: t("cohorts.column.name"), value: ({ name }) => (name === "" ? t("cohorts.nameless") : name) },
    { id: "organisation", label: t("cohorts.column.organisation"), value: ({ organisation }) => organisation },
    {
      id: "night",
      label: t("events.col.night"),
      value: ({ overnight }) => (overnight === "yes" || overnight === "no" ? t(`events.night.${overnight}`) : null),
    },
    {
      id: "attendance",
      label: t("events.col.attendance"),
      value: ({ attendance }) => (attendance === null ? null : t(`events.att.${attendance}`)),
    },
    { id: "minutes", label: t("events.col.minutes"), value: ({ minutes }) => minutes },
  ];
  if (visit.query.get("format") === "csv") {
    await note(visit, deps, found, "attendance.file", { count: people.length });
    return csvFile("training-day", columns, people);
  }
  const shown = columns.filter(({ id }) => found.event.overnight || id !== "night");
  const name = nameOf(visit, deps, found);
  return {
    type: "page",
    title: name,
    body: (
      <>
        <p class="row screen">
          <a href={`/console/events/${found.event.id}`}>{t("events.back")}</a>
          <a href={`/console/events/${found.event.id}/list?format=csv`}>{t("events.csv")}</a>
        </p>
        <p>{`${whenOf(visit, found)}, ${found.event.form === "online" ? t("events.online") : found.event.venue}`}</p>
        <p>{found.cohort.name}</p>
        {found.event.overnight ? (
          <p>{t("events.nights", { n: people.filter(({ overnight }) => overnight === "yes").length })}</p>
        ) : null}
        {/* What scrolls must be reachable by keyboard. */}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls */}
        <section class="scroll" aria-label={name} tabIndex={0}>
          <table>
            <caption>{t("events.seats")}</caption>
            <thead>
              <tr>
                {shown.map(({ label }) => (
                  <th scope="col">{label}</th>
                ))}
                <th scope="col">{t("events.col.sign")}</th>
              </tr>
            </thead>
            <tbody>
              {people.map((person) => (
                <tr>
                  {shown.map(({ value }, index) =>
                    index === 0 ? <th scope="row">{value(person)}</th> : <td>{value(person) ?? "–"}</td>,
                  )}
                  <td class="sign" />
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </>
    ),
  };
}
