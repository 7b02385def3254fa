import { displayIn, standingAt, untilOf } from "../../certificates/award.ts";
import { inFirst } from "../../certificates/facts.ts";
import { rootId } from "../../people/standing.ts";
import { SelectField } from "../fields.tsx";
import { showDay } from "../show.ts";
import { arrange, type Column, csvFile, Table } from "../table.tsx";
import type { Answer, ConsoleDeps, Section, Visit } from "../types.ts";
import { one, oneRoutes } from "./one.tsx";

/** Certificates that were awarded: who has one, whether it counts, and what became of it. */
export const certificates: Section = {
  path: "/certificates",
  name: "certificates.console.title",
  routes: [
    { method: "get", path: "/certificates", action: "certificates.see", handle: list },
    { method: "get", path: "/certificates/:id", action: "certificates.see", handle: one },
    ...oneRoutes,
  ],
};

/** The newest that are looked through. */
const mostAwards = 2_000;
const states = ["valid", "early", "expired", "withdrawn", "superseded"] as const;

interface Row {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly level: string;
  readonly programme: string;
  readonly organisation: string;
  readonly state: string;
  readonly issued: number;
  readonly until: number | null;
}

async function list(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { db } = deps.store;
  const { language, query } = visit;
  const t = (key: string): string => deps.words.text(language, key);
  const within = [...visit.standing.withinSome("certificates.see")];
  const [organisation, programme, state] = ["organisation", "programme", "state"].map((name) => query.get(name) ?? "");
  const [found, organisations] = await Promise.all([
    db.award.findMany({
      where: {
        personId: { not: null },
        // What no organisation awarded, the house did.
        OR: [{ organisationId: { in: within } }, ...(within.includes(rootId) ? [{ organisationId: null }] : [])],
      },
      orderBy: { issuedAt: "desc" },
      take: mostAwards,
    }),
    db.organisation.findMany({ where: { id: { in: within } }, select: { id: true, name: true } }),
  ]);
  const names = new Map(organisations.map(({ id, name }) => [id, name]));
  const seen = found.filter((row) => {
    const place = { organisationId: row.organisationId ?? rootId, programme: row.programme };
    return visit.standing.may("certificates.see", place);
  });
  const rows = seen
    .map((row) => ({ row, standing: standingAt(row, deps.now()) }))
    .filter(({ row, standing }) => {
      const isPlace = organisation === "" || (row.organisationId ?? rootId) === organisation;
      return isPlace && (programme === "" || row.programme === programme) && (state === "" || standing === state);
    })
    .map(({ row, standing }): Row => {
      const display = displayIn(row);
      return {
        id: row.id,
        name: deps.open("certificate", row.name, `${row.id}:name`),
        title: inFirst(display.title, language),
        level: display.level === undefined ? "" : inFirst(display.level, language),
        programme: inFirst(display.programme, language),
        organisation: names.get(row.organisationId ?? rootId) ?? "",
        state: t(`certificates.console.state.${standing}`),
        issued: Number(row.issuedAt),
        until: untilOf(row),
      };
    });
  const day = (at: number | null): string => (at === null ? "" : showDay(language, at));
  const file = (at: number | null): string => (at === null ? "" : new Date(at).toISOString().slice(0, 10));
  const shared: readonly Column<Row>[] = [
    { id: "title", label: t("certificates.page.certificate"), value: ({ title }) => title },
    { id: "level", label: t("certificates.page.level"), value: ({ level }) => level },
    { id: "programme", label: t("certificates.page.programme"), value: (row) => row.programme },
    { id: "organisation", label: t("certificates.page.issuer"), value: (row) => row.organisation },
    { id: "state", label: t("certificates.console.state"), value: (row) => row.state },
    {
      id: "issued",
      label: t("certificates.paper.issued"),
      value: ({ issued }) => issued,
      show: ({ issued }) => day(issued),
      csv: ({ issued }) => file(issued),
    },
    {
      id: "until",
      label: t("certificates.paper.until"),
      value: ({ until }) => until,
      show: ({ until }) => day(until),
      csv: ({ until }) => file(until),
    },
  ];
  const columns: readonly Column<Row>[] = [
    {
      id: "name",
      label: t("certificates.page.name"),
      value: ({ name }) => name,
      show: ({ id, name }) => <a href={`/console/certificates/${id}`}>{name}</a>,
    },
    ...shared,
  ];
  const view = arrange(rows, columns, query, language);
  if (query.get("format") === "csv") {
    // Names leave the house by an export that a second person allows.
    const number: Column<Row> = { id: "number", label: t("certificates.page.number"), value: ({ id }) => id };
    return csvFile("certificates", [number, ...shared], view.all);
  }
  const any = { value: "", label: t("certificates.console.any") };
  const programmes = new Map(seen.map((row) => [row.programme, inFirst(displayIn(row).programme, language)]));
  return {
    type: "page",
    title: t("certificates.console.title"),
    body: (
      <>
        <form method="get" action="/console/certificates" class="stack">
          <SelectField
            id="state"
            label={t("certificates.console.state")}
            value={state}
            options={[any, ...states.map((value) => ({ value, label: t(`certificates.console.state.${value}`) }))]}
          />
          <SelectField
            id="organisation"
            label={t("certificates.page.issuer")}
            value={organisation}
            options={[any, ...organisations.map(({ id, name }) => ({ value: id, label: name }))]}
          />
          <SelectField
            id="programme"
            label={t("certificates.page.programme")}
            value={programme}
            options={[any, ...[...programmes].map(([value, label]) => ({ value, label }))]}
          />
          <button type="submit">{t("certificates.console.filter")}</button>
        </form>
        <Table
          words={deps.words}
          visit={visit}
          caption={t("certificates.console.title")}
          path="/console/certificates"
          keep={["state", "organisation", "programme"]}
          columns={columns}
          view={view}
          csv
        />
      </>
    ),
  };
}
