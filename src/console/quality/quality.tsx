import type { JSX } from "preact";
import { inLanguage, languageFor } from "../../domain/programme.ts";
import { drawReport } from "../../quality/paper.ts";
import { partsOf, type ReportPart } from "../../quality/report-parts.ts";
import { reviewOf } from "../../quality/reviews.ts";
import { SelectField, TextField } from "../fields.tsx";
import { drawAcross } from "../overview-chart.ts";
import { showDay } from "../show.ts";
import type { Answer, ConsoleDeps, Section, Visit } from "../types.ts";
import { type Chosen, chosenOf, reportFor } from "./chosen.ts";
import { itemsPage } from "./items.tsx";
import { SignForm, sign } from "./sign.tsx";

/** Yearly reports, their sign-off, and what answers say about questions. */
export const quality: Section = {
  path: "/quality",
  name: "quality.page",
  routes: [
    { method: "get", path: "/quality", action: "quality.see", handle: page },
    { method: "post", path: "/quality/sign", action: "quality.review", handle: sign },
    { method: "get", path: "/quality/items", action: "quality.items", handle: itemsPage },
  ],
};

type Text = (key: string, args?: Record<string, string | number>) => string;

async function page(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { language, query, standing } = visit;
  const whole: Text = (key, args) => deps.words.text(language, key, args);
  const text: Text = (key, args) => whole(`quality.${key}`, args);
  const chosen = await chosenOf(visit, deps, query, "quality.see");
  if (chosen === undefined) return { type: "missing" };
  const { programme, organisationId, year } = chosen;
  const report = await reportFor(chosen, deps);
  const last = await deps.store.db.qualityReview.findFirst({
    where: { programme: programme.id, organisationId, year },
    orderBy: [{ signedAt: "desc" }, { id: "desc" }],
  });
  const verdicts: Readonly<Record<string, string>> = last === null ? {} : JSON.parse(last.criteria);
  const parts = partsOf(report, programme, verdicts, language, whole);
  const day = (of: string): string => showDay(language, Date.parse(of));
  const programmeTitle = inLanguage(programme.title, languageFor(programme.languages, [language]));
  const house = chosen.organisations.find(({ value }) => value === organisationId)?.label ?? "";
  const title = text("report", { year: String(year), programme: programmeTitle });
  const { stands, until } = await reviewOf({ ...deps, db: deps.store.db }, programme.id, organisationId);
  const head = [
    text("period", { from: day(report.from), until: day(report.until) }),
    ...(programme.quality === undefined ? [] : [text("owner", { owner: text(`owner.${programme.quality.owner}`) })]),
    ...(until === null
      ? []
      : [
          stands
            ? text("stand.ok", { day: day(until) })
            : text("stand.over", { programme: programmeTitle, organisation: house, day: day(until) }),
        ]),
    ...(last === null
      ? []
      : [text("signed", { day: showDay(language, Number(last.signedAt)), until: day(last.validUntil) })]),
  ];
  if (query.get("format") === "pdf") {
    const data = JSON.stringify(report);
    const body = await drawReport({ title, house, language, head, parts, at: deps.now(), data });
    return { type: "file", name: `quality-${programme.id}-${year}.pdf`, mime: "application/pdf", body };
  }
  const address = new URLSearchParams({ programme: programme.id, organisation: organisationId, year: String(year) });
  const shown = await Promise.all(parts.map((part) => Part(part, text)));
  return {
    type: "page",
    title: text("page"),
    body: (
      <>
        <p>{text("what")}</p>
        {Choose(chosen, language, text)}
        {standing.may("quality.items") ? (
          <p>
            <a href="/console/quality/items">{text("items")}</a>
          </p>
        ) : null}
        <h2>{title}</h2>
        <p>{house}</p>
        {head.map((line) => (
          <p>{line}</p>
        ))}
        <p>
          <a href={`/console/quality?${address}&format=pdf`}>{text("pdf")}</a>
        </p>
        {shown}
        {await SignForm(chosen, programme, visit, deps, text)}
      </>
    ),
  };
}

function Choose(chosen: Chosen, language: string, text: Text): JSX.Element {
  const { programmes, organisations, organisationId, programme, year } = chosen;
  const choices = programmes.map(({ id, title, languages }) => ({
    value: id,
    label: inLanguage(title, languageFor(languages, [language])),
  }));
  return (
    <form method="get" action="/console/quality" class="row">
      <div>
        <SelectField id="programme" label={text("programme")} value={programme.id} options={choices} />
      </div>
      <div>
        <SelectField id="organisation" label={text("organisation")} value={organisationId} options={organisations} />
      </div>
      <div>
        <TextField id="year" label={text("year")} type="number" value={String(year)} />
      </div>
      <button type="submit">{text("show")}</button>
    </form>
  );
}

/** A part of the report: a chart where there is one, the same in a table, and lines. */
async function Part({ id, title, bars, rows, lines }: ReportPart, text: Text): Promise<JSX.Element> {
  const svg = bars.length === 0 ? undefined : await drawAcross(bars);
  return (
    <section aria-labelledby={`part-${id}`}>
      <h3 id={`part-${id}`}>{title}</h3>
      {rows.length === 0 ? (
        <p>{text("nothing")}</p>
      ) : (
        <div class={svg === undefined ? undefined : "charted"}>
          {svg === undefined ? null : (
            // Drawn here from numbers and the programme's titles, which the drawing escapes.
            <div
              class="card"
              role="img"
              aria-label={text("chart", { title })}
              dangerouslySetInnerHTML={{ __html: svg }}
            />
          )}
          <table>
            <thead>
              <tr>
                <th scope="col">{text("column.what")}</th>
                <th scope="col">{text("column.value")}</th>
                <th scope="col">{text("column.source")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ label, value, source }) => (
                <tr>
                  <th scope="row">{label}</th>
                  <td>{value}</td>
                  <td>{source}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {lines.length === 0 ? null : (
        <ul aria-label={text("lines")}>
          {lines.map((line) => (
            <li>{line}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
