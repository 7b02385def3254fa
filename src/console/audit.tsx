import { rootId } from "../people/standing.ts";
import { showTime } from "./show.ts";
import { arrange, type Column, csvFile, Table } from "./table.tsx";
import type { Answer, ConsoleDeps, Section, Visit } from "./types.ts";

/** The latest entries that are looked through. */
const mostEntries = 2_000;

interface Row {
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly organisation: string;
}

async function list(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { db } = deps.store;
  const { language } = visit;
  const text = (key: string): string => deps.words.text(language, key);
  const within = [...visit.standing.within("audit.see")];
  // What concerns no organisation concerns the whole deployment.
  const where = within.includes(rootId) ? {} : { organisationId: { in: within } };
  const [entries, organisations] = await Promise.all([
    db.audit.findMany({ where, orderBy: { id: "desc" }, take: mostEntries }),
    db.organisation.findMany({ where: { id: { in: within } }, select: { id: true, name: true } }),
  ]);
  const places = new Map(organisations.map(({ id, name }) => [id, name]));
  const rows = entries.map(
    (entry): Row => ({
      at: Number(entry.at),
      actor: entry.actor,
      action: entry.action,
      subject: entry.subject ?? "",
      organisation: places.get(entry.organisationId ?? "") ?? "",
    }),
  );
  const columns: readonly Column<Row>[] = [
    {
      id: "at",
      label: text("console.audit.at"),
      value: (row) => row.at,
      show: (row) => showTime(language, row.at),
      csv: (row) => new Date(row.at).toISOString(),
    },
    { id: "actor", label: text("console.audit.actor"), value: (row) => row.actor },
    { id: "action", label: text("console.audit.action"), value: (row) => row.action },
    { id: "subject", label: text("console.audit.subject"), value: (row) => row.subject },
    { id: "organisation", label: text("console.people.organisation"), value: (row) => row.organisation },
  ];
  const query = new URLSearchParams(visit.query);
  if (!query.has("sort")) {
    query.set("sort", "at");
    query.set("down", "1");
  }
  const view = arrange(rows, columns, query, language);
  if (query.get("format") === "csv") return csvFile("audit", columns, view.all);
  return {
    type: "page",
    title: text("console.audit"),
    body: (
      <>
        <p>{text("console.audit.what")}</p>
        <Table
          words={deps.words}
          visit={visit}
          caption={text("console.audit")}
          path="/console/audit"
          columns={columns}
          view={view}
          csv
        />
      </>
    ),
  };
}

/** Who looked at whose data and who changed what. Ids only, as it is kept. */
export const audit: Section = {
  path: "/audit",
  name: "console.audit",
  routes: [{ method: "get", path: "/audit", action: "audit.see", handle: list }],
};
