import { type ListedEvidence, listEvidence } from "../../evidence/review.ts";
import { showTime } from "../show.ts";
import { arrange, type Column, csvFile, Table } from "../table.tsx";
import type { Answer, ConsoleDeps, Section, Visit } from "../types.ts";
import { accept, back, destroy } from "./act.ts";
import { competenceTitles, kindOf } from "./names.ts";
import { file, one } from "./one.tsx";

const path = "/console/evidence";
/** What waits comes first. */
const states = ["submitted", "returned", "accepted", "destroyed", "withdrawn"] as const;

/** Evidence that waits to be looked at, and what became of the rest. */
export const evidence: Section = {
  path: "/evidence",
  name: "evidence.c.title",
  routes: [
    { method: "get", path: "/evidence", action: "evidence.see", handle: list },
    { method: "get", path: "/evidence/:id", action: "evidence.see", handle: one },
    { method: "get", path: "/evidence/:id/file", action: "evidence.see", handle: file },
    { method: "post", path: "/evidence/:id/accept", action: "evidence.review", handle: accept },
    { method: "post", path: "/evidence/:id/return", action: "evidence.review", handle: back },
    { method: "post", path: "/evidence/:id/recognisable", action: "evidence.review", handle: destroy },
  ],
};

async function list(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { language, query, standing } = visit;
  const { words } = deps;
  const text = (key: string): string => words.text(language, key);
  const state = states.find((known) => known === query.get("state")) ?? "submitted";
  const rows = await listEvidence(deps, standing, [state]);
  const columns = columnsOf(visit, deps);
  const view = arrange(rows, columns, query, language);
  if (query.get("format") === "csv") {
    // A file says nobody's name: files with persons need a second person's yes.
    return csvFile(
      "evidence",
      columns.filter(({ id }) => id !== "name"),
      view.all,
    );
  }
  const body = (
    <>
      <nav aria-label={text("evidence.c.states")}>
        <ul class="row">
          {states.map((known) => (
            <li>
              <a href={`${path}?state=${known}`} aria-current={known === state ? "page" : undefined}>
                {text(`evidence.state.${known}`)}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {rows.length === 0 ? (
        <p>{text("evidence.c.none")}</p>
      ) : (
        <Table
          words={words}
          visit={visit}
          caption={text(`evidence.state.${state}`)}
          path={path}
          columns={columns}
          view={view}
          keep={["state"]}
          csv
        />
      )}
    </>
  );
  return { type: "page", title: text("evidence.c.title"), body };
}

function columnsOf({ language }: Visit, deps: ConsoleDeps): readonly Column<ListedEvidence>[] {
  const text = (key: string): string => deps.words.text(language, key);
  const iso = ({ changedAt }: ListedEvidence): string => new Date(changedAt).toISOString();
  return [
    {
      id: "since",
      label: text("evidence.c.since"),
      value: ({ changedAt }) => changedAt,
      show: ({ changedAt }) => showTime(language, changedAt),
      csv: iso,
    },
    {
      id: "name",
      label: text("evidence.c.who"),
      value: ({ name }) => name,
      show: ({ id, name }) => <a href={`${path}/${id}`}>{name || text("evidence.c.someone")}</a>,
    },
    { id: "kind", label: text("evidence.c.kind"), value: (item) => kindOf(deps, item, language) },
    {
      id: "competences",
      label: text("evidence.c.competences"),
      value: (item) =>
        competenceTitles(deps, item, language)
          .map(({ title }) => title)
          .join("; "),
    },
    { id: "programme", label: text("evidence.c.programme"), value: ({ programme }) => programme },
    { id: "place", label: text("evidence.c.place"), value: ({ organisation }) => organisation },
  ];
}
