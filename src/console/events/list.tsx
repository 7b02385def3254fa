import { csvFile } from "../table.tsx";
import type { Answer, ConsoleDeps, Route, Visit } from "../types.ts";
import { columnsFor, listedIn, nameOf, note, texts, whenOf } from "./common.ts";

/** The list of a training day to print and sign, or as a file. */
export const eventListRoutes: readonly Route[] = [
  { method: "get", path: "/events/:id/list", action: "events.see", handle: list },
];

async function list(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const listed = await listedIn(visit, deps);
  if (listed === undefined) return { type: "missing" };
  const { found } = listed;
  const t = texts(visit, deps);
  const people = listed.people.filter(({ state }) => state !== "declined" && state !== "waiting");
  // Whoever is on a list to sign is coming.
  const columns = columnsFor(t).filter(({ id }) => id !== "state");
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
