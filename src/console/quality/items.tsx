import type { Item } from "../../domain/items.ts";
import { inLanguage, languageFor, type Programme, type Question } from "../../domain/programme.ts";
import { toPlain } from "../../engine/markup.ts";
import { itemsOf } from "../../quality/items.ts";
import { drawAcross } from "../overview-chart.ts";
import { arrange, type Column, csvFile, Table } from "../table.tsx";
import type { Answer, ConsoleDeps, Visit } from "../types.ts";

const path = "/console/quality/items";
/** Questions drawn at most. */
const mostBars = 8;
const percent = (share: number): number => Math.round(share * 100);

type Row = Item & { readonly programme: Programme };

/** What the answers say about each question; nothing below thirty of them, and no person. */
export async function itemsPage(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { language, standing, query } = visit;
  const text = (key: string, args?: Record<string, string | number>) =>
    deps.words.text(language, `quality.${key}`, args);
  const programmes = deps.catalogue.programmes.filter(({ id }) => standing.may("quality.items", { programme: id }));
  const rows: Row[] = [];
  for (const programme of programmes)
    rows.push(...(await itemsOf(deps.store.sql, deps.catalogue, programme.id)).map((item) => ({ ...item, programme })));
  const columns: readonly Column<Row>[] = [
    { id: "question", label: text("items.question"), value: (row) => stemOf(row, deps, language) },
    { id: "version", label: text("items.version"), value: ({ version }) => version },
    { id: "answers", label: text("items.answers"), value: ({ answers }) => answers },
    { id: "right", label: text("items.right"), value: ({ right }) => percent(right) },
    {
      id: "options",
      label: text("items.options"),
      value: ({ options }) => options.map(({ id, share }) => `${id} ${percent(share)}`).join(" · "),
    },
    {
      id: "discrimination",
      label: text("items.discrimination"),
      value: ({ discrimination }) => (discrimination === null ? null : Math.round(discrimination * 100) / 100),
    },
    {
      id: "flags",
      label: text("items.flags"),
      value: ({ flags }) => flags.map((flag) => text(`flag.${flag}`)).join("; "),
    },
  ];
  const view = arrange(rows, columns, query, language);
  if (query.get("format") === "csv") return csvFile("questions", columns, view.all);
  const bars = [...rows]
    .sort((one, other) => one.right - other.right)
    .slice(0, mostBars)
    .map((row) => ({ label: stemOf(row, deps, language), value: percent(row.right), note: `${percent(row.right)} %` }));
  const svg = bars.length === 0 ? undefined : await drawAcross(bars, 100);
  return {
    type: "page",
    title: text("items"),
    body: (
      <>
        <p>{text("items.what")}</p>
        {svg === undefined ? (
          <p>{text("items.none")}</p>
        ) : (
          <div class="charted">
            {/* Drawn here from numbers and the programme's questions, which the drawing escapes. */}
            <div class="card" role="img" aria-label={text("items.alt")} dangerouslySetInnerHTML={{ __html: svg }} />
            <div>
              <Table
                words={deps.words}
                visit={visit}
                caption={text("items")}
                path={path}
                columns={columns}
                view={view}
                csv
              />
            </div>
          </div>
        )}
      </>
    ),
  };
}

/** The question as it is asked, in the reader's language where it stands in it. */
function stemOf({ programme: { id }, question, version }: Row, deps: ConsoleDeps, language: string): string {
  const programme = deps.catalogue.get(id, version);
  const checks = [
    ...(programme?.units ?? []).map(({ check }) => check),
    ...(programme?.test ? [programme.test.check] : []),
  ];
  const found = checks
    .flatMap(({ bank }) => bank.flatMap((one): readonly Question[] => (one.kind === "case" ? one.steps : [one])))
    .find((one) => one.id === question);
  if (programme === undefined || found === undefined) return question;
  return toPlain(inLanguage(found.stem, languageFor(programme.languages, [language])));
}
