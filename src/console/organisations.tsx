import { z } from "zod";
import { createOrganisation, organisationKinds } from "../people/organisations.ts";
import { countriesIn, isCountry } from "./countries.ts";
import { Form, SelectField, TextField } from "./fields.tsx";
import { organisationChoices } from "./people-data.ts";
import { arrange, type Column, csvFile, Table } from "./table.tsx";
import type { Answer, ConsoleDeps, Section, Visit } from "./types.ts";

const action = "organisations.change";

interface Row {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly parent: string;
  readonly country: string;
  readonly region: string;
}

const given = z.object({
  name: z.string().trim().min(1).max(200),
  kind: z.enum(organisationKinds),
  country: z.string().refine(isCountry),
  region: z
    .string()
    .trim()
    .max(100)
    .transform((region) => (region === "" ? undefined : region)),
});

function columnsFor(visit: Visit, deps: ConsoleDeps): readonly Column<Row>[] {
  const text = (key: string): string => deps.words.text(visit.language, key);
  const countries = new Map(countriesIn(visit.language).map(({ code, name }) => [code, name]));
  return [
    {
      id: "name",
      label: text("console.organisations.name"),
      value: (row) => row.name,
      show: (row) => <a href={`/console/organisations/${row.id}`}>{row.name}</a>,
    },
    { id: "kind", label: text("console.organisations.kind"), value: (row) => text(`console.kind.${row.kind}`) },
    { id: "parent", label: text("console.organisations.below"), value: (row) => row.parent },
    {
      id: "country",
      label: text("console.organisations.country"),
      value: (row) => countries.get(row.country) ?? row.country,
    },
    { id: "region", label: text("console.organisations.region"), value: (row) => row.region },
  ];
}

async function list(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { db } = deps.store;
  const text = (key: string): string => deps.words.text(visit.language, key);
  const within = visit.standing.within(action);
  const found = await db.organisation.findMany({ where: { id: { in: [...within] } } });
  const choices = await organisationChoices(db, within);
  const names = new Map(choices.map(({ value, label }) => [value, label]));
  const rows = found.map(({ id, kind, parentId, country, region }) => ({
    id,
    name: names.get(id) ?? "",
    kind,
    // What stands above this administrator's own organisation is not theirs to see.
    parent: names.get(parentId ?? "") ?? "",
    country,
    region: region ?? "",
  }));
  const columns = columnsFor(visit, deps);
  const view = arrange(rows, columns, visit.query, visit.language);
  if (visit.query.get("format") === "csv") return csvFile("organisations", columns, view.all);
  return {
    type: "page",
    title: text("console.organisations"),
    body: (
      <>
        <Table
          words={deps.words}
          visit={visit}
          caption={text("console.organisations")}
          path="/console/organisations"
          columns={columns}
          view={view}
          csv
        />
        <h2>{text("console.organisations.create")}</h2>
        <Form action="/console/organisations" csrf={visit.csrf}>
          <Fields visit={visit} deps={deps} values={{ kind: "municipality", country: "DK" }} />
          <SelectField id="parent" label={text("console.organisations.below")} options={choices} />
          <button type="submit" class="main">
            {text("console.organisations.create")}
          </button>
        </Form>
      </>
    ),
  };
}

function Fields(props: {
  readonly visit: Visit;
  readonly deps: ConsoleDeps;
  readonly values: {
    readonly name?: string;
    readonly kind?: string;
    readonly country?: string;
    readonly region?: string;
  };
}) {
  const { visit, deps, values } = props;
  const text = (key: string): string => deps.words.text(visit.language, key);
  return (
    <>
      <TextField id="name" label={text("console.organisations.name")} value={values.name ?? ""} required />
      <SelectField
        id="kind"
        label={text("console.organisations.kind")}
        value={values.kind}
        options={organisationKinds.map((kind) => ({ value: kind, label: text(`console.kind.${kind}`) }))}
      />
      <SelectField
        id="country"
        label={text("console.organisations.country")}
        value={values.country}
        options={countriesIn(visit.language).map(({ code, name }) => ({ value: code, label: name }))}
      />
      <TextField
        id="region"
        label={text("console.organisations.region")}
        hint={text("console.organisations.region.hint")}
        value={values.region ?? ""}
        most={100}
      />
    </>
  );
}

async function create(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const parentId = visit.form.get("parent") ?? "";
  if (!visit.standing.within(action).includes(parentId)) return { type: "missing" };
  const read = given.safeParse(Object.fromEntries(visit.form));
  if (!read.success) return { type: "go", to: "/organisations", said: "console.wrong" };
  const { region, ...rest } = read.data;
  const id = await createOrganisation(
    deps.store.db,
    { ...rest, parentId, ...(region === undefined ? {} : { region }) },
    deps.now(),
  );
  await deps.audit({ actor: visit.person.id, action: "organisation.create", subject: id, organisationId: parentId });
  return { type: "go", to: "/organisations", said: "console.organisations.created" };
}

async function one(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const id = visit.params.id ?? "";
  if (!visit.standing.within(action).includes(id)) return { type: "missing" };
  const row = await deps.store.db.organisation.findUnique({ where: { id } });
  if (row === null) return { type: "missing" };
  const text = (key: string): string => deps.words.text(visit.language, key);
  return {
    type: "page",
    title: row.name === "" ? text("console.organisations.unnamed") : row.name,
    body: (
      <>
        <Form action={`/console/organisations/${id}`} csrf={visit.csrf}>
          <Fields
            visit={visit}
            deps={deps}
            values={{ name: row.name, kind: row.kind, country: row.country, region: row.region ?? "" }}
          />
          <button type="submit" class="main">
            {text("console.save")}
          </button>
        </Form>
        <p>
          <a href="/console/organisations">{text("console.organisations")}</a>
        </p>
      </>
    ),
  };
}

async function change(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const id = visit.params.id ?? "";
  if (!visit.standing.within(action).includes(id)) return { type: "missing" };
  const read = given.safeParse(Object.fromEntries(visit.form));
  if (!read.success) return { type: "go", to: `/organisations/${id}`, said: "console.wrong" };
  const { name, kind, country, region } = read.data;
  await deps.store.db.organisation.update({ where: { id }, data: { name, kind, country, region: region ?? null } });
  await deps.audit({ actor: visit.person.id, action: "organisation.change", subject: id, organisationId: id });
  return { type: "go", to: "/organisations", said: "console.saved" };
}

/** The tree of organisations. */
export const organisations: Section = {
  path: "/organisations",
  name: "console.organisations",
  routes: [
    { method: "get", path: "/organisations", action, handle: list },
    { method: "post", path: "/organisations", action, handle: create },
    { method: "get", path: "/organisations/:id", action, handle: one },
    { method: "post", path: "/organisations/:id", action, handle: change },
  ],
};
