import { caseFrom, storedOf } from "../../assessments/case.ts";
import { queueFor } from "../../assessments/queue.ts";
import { titleOf } from "../../domain/missing.ts";
import { showDay } from "../show.ts";
import { arrange, type Column, csvFile, Table } from "../table.tsx";
import type { Answer, ConsoleDeps, Visit } from "../types.ts";
import { assessmentDeps } from "./seen.ts";

const which = ["waiting", "running", "over"] as const;
const underWay = ["open", "claimed", "rated", "returned"];
/** The most that a list reads: those that changed last. */
const most = 500;

interface Row {
  readonly id: string;
  readonly name: string;
  readonly certificate: string;
  readonly state: string;
  readonly organisation: string;
  readonly changedAt: number;
}

/** What waits for this person, what is under way, and what is over. */
export async function list(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { words } = deps;
  const { language, query } = visit;
  const text = (key: string, args?: Record<string, string | number>): string => words.text(language, key, args);
  const works = visit.standing.may("assessments.rate") || visit.standing.may("assessments.decide");
  const shown = which.filter((one) => works || one !== "waiting");
  const chosen = shown.find((one) => one === query.get("which")) ?? shown[0] ?? "running";
  const rows = await read(visit, deps, chosen);
  const columns: readonly Column<Row>[] = [
    {
      id: "name",
      label: text("assess.c.name"),
      value: ({ name }) => name,
      // Files with names of persons need a second person's yes (`exports.tsx`); this one has none.
      csv: ({ id }) => id,
      show: ({ id, name }) => (
        <a href={`/console/assessments/${id}`}>{name === "" ? text("coordinator.someone") : name}</a>
      ),
    },
    { id: "certificate", label: text("assess.c.certificate"), value: ({ certificate }) => certificate },
    { id: "state", label: text("assess.c.state"), value: ({ state }) => state },
    { id: "place", label: text("assess.c.place"), value: ({ organisation }) => organisation },
    {
      id: "since",
      label: text("assess.c.since"),
      value: ({ changedAt }) => changedAt,
      show: ({ changedAt }) => showDay(language, changedAt),
      csv: ({ changedAt }) => new Date(changedAt).toISOString(),
    },
  ];
  const view = arrange(rows, columns, query, language);
  if (query.get("format") === "csv") return csvFile("assessments", columns, view.all);
  const body = (
    <>
      <nav aria-label={text("assess.c.which")}>
        <ul class="row">
          {shown.map((one) => (
            <li>
              <a href={`/console/assessments?which=${one}`} aria-current={one === chosen ? "page" : undefined}>
                {text(`assess.c.which.${one}`)}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {rows.length === 0 ? (
        <p>{text("assess.c.none")}</p>
      ) : (
        <Table
          words={words}
          visit={visit}
          caption={text(`assess.c.which.${chosen}`)}
          path="/console/assessments"
          columns={columns}
          view={view}
          keep={["which"]}
          csv
        />
      )}
    </>
  );
  return { type: "page", title: text("assess.c.title"), body };
}

async function read(visit: Visit, deps: ConsoleDeps, chosen: (typeof which)[number]): Promise<readonly Row[]> {
  const { person, language } = visit;
  const own = assessmentDeps(deps);
  const cases =
    chosen === "waiting" ? (await queueFor(own, person.id)).map(({ found }) => found) : await seen(visit, deps, chosen);
  const ids = [...new Set(cases.map(({ row }) => row.organisationId))];
  const organisations = await deps.store.db.organisation.findMany({
    where: { id: { in: ids } },
    select: { id: true, name: true },
  });
  const names = new Map(organisations.map(({ id, name }) => [id, name]));
  const wanted = { wanted: [language] };
  return cases.map(({ row, name, programme, kind, next }) => ({
    id: row.id,
    name,
    certificate: titleOf(wanted, programme, [kind], kind.id),
    state: deps.words.text(language, `assess.waits.${next}`),
    organisation: names.get(row.organisationId) ?? "",
    changedAt: row.changedAt,
  }));
}

async function seen({ standing, person }: Visit, deps: ConsoleDeps, chosen: "running" | "over") {
  const rows = await deps.store.db.assessment.findMany({
    where: {
      organisationId: { in: [...standing.withinSome("assessments.see")] },
      state: chosen === "running" ? { in: underWay } : { notIn: underWay },
      NOT: { personId: person.id },
    },
    orderBy: { changedAt: "desc" },
    take: most,
  });
  const allowed = rows.filter(({ organisationId, programme }) =>
    standing.may("assessments.see", { organisationId, programme }),
  );
  const cases = await Promise.all(allowed.map((row) => caseFrom(assessmentDeps(deps), storedOf(row))));
  return cases.flatMap((found) => found ?? []);
}
