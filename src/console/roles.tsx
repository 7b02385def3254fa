import { z } from "zod";
import { type Role, roles as roleNames } from "../people/access.ts";
import { mayNameDeputy } from "../people/deputies.ts";
import { giveRole } from "../people/grants.ts";
import { roleOf, rootId, type Standing } from "../people/standing.ts";
import { Form, SelectField, TextField } from "./fields.tsx";
import { organisationChoices } from "./people-data.ts";
import { personSeen } from "./person-data.ts";
import { tellRole } from "./roles-told.ts";
import { showDay } from "./show.ts";
import { arrange, type Column, Table } from "./table.tsx";
import type { Answer, ConsoleDeps, Section, Visit } from "./types.ts";

const action = "roles.change";

/** Where a role counts. */
interface Scope {
  readonly organisationId: string;
  readonly programme: string | null;
}

interface Row {
  readonly id: string;
  readonly personId: string;
  readonly name: string;
  readonly role: string;
  readonly organisation: string;
  readonly programme: string;
  readonly deputyFor: string;
  readonly until: number | null;
}

/** Whether somebody gives and takes roles there, for this programme; null: for every one. */
function decides(standing: Standing, { organisationId, programme }: Scope): boolean {
  return standing.may(action, { organisationId, programme });
}

async function rowsFor(visit: Visit, deps: ConsoleDeps): Promise<readonly Row[]> {
  const { db } = deps.store;
  const within = visit.standing.withinSome(action);
  const [all, choices] = await Promise.all([
    db.grant.findMany({
      where: { organisationId: { in: [...within] } },
      include: { person: { select: { name: true } } },
    }),
    organisationChoices(db, within),
  ]);
  const grants = all.filter((grant) => decides(visit.standing, grant));
  const organisations = new Map(choices.map(({ value, label }) => [value, label]));
  const deputised = grants.flatMap(({ deputyFor }) => (deputyFor === null ? [] : [deputyFor]));
  const others = await db.person.findMany({ where: { id: { in: deputised } }, select: { id: true, name: true } });
  const names = new Map(others.map(({ id, name }) => [id, name]));
  return grants.map((grant) => ({
    id: grant.id,
    personId: grant.personId,
    name: grant.person.name,
    role: deps.words.text(visit.language, `role.${grant.role}`),
    organisation: organisations.get(grant.organisationId) ?? "",
    programme: grant.programme ?? "",
    deputyFor: names.get(grant.deputyFor ?? "") ?? "",
    until: grant.until === null ? null : Number(grant.until),
  }));
}

async function list(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { language } = visit;
  const text = (key: string, args?: Record<string, string | number>) => deps.words.text(language, key, args);
  const columns: readonly Column<Row>[] = [
    {
      id: "name",
      label: text("console.people.name"),
      value: (row) => row.name,
      show: (row) => <a href={`/console/people/${row.personId}`}>{row.name}</a>,
    },
    { id: "role", label: text("console.roles.role"), value: (row) => row.role },
    { id: "organisation", label: text("console.people.organisation"), value: (row) => row.organisation },
    { id: "programme", label: text("console.roles.programme"), value: (row) => row.programme },
    { id: "deputy", label: text("console.roles.deputyfor"), value: (row) => row.deputyFor },
    {
      id: "until",
      label: text("console.roles.until"),
      value: (row) => row.until,
      show: (row) => (row.until === null ? text("console.roles.forgood") : showDay(language, row.until)),
    },
    {
      id: "take",
      label: text("console.roles.take"),
      value: () => null,
      show: (row) => (
        <Form action={`/console/roles/${row.id}/take`} csrf={visit.csrf} plain>
          <button type="submit" class="danger">
            {text("console.roles.take")}
            <span class="visually-hidden">
              {" "}
              {row.role}, {row.name}
            </span>
          </button>
        </Form>
      ),
    },
  ];
  const view = arrange(await rowsFor(visit, deps), columns, visit.query, language);
  return {
    type: "page",
    title: text("console.roles"),
    body: (
      <>
        <p>{text("console.roles.how")}</p>
        <Table
          words={deps.words}
          visit={visit}
          caption={text("console.roles")}
          path="/console/roles"
          columns={columns}
          view={view}
        />
      </>
    ),
  };
}

async function form(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { db } = deps.store;
  const person = await personSeen(visit, deps, visit.params.person ?? "");
  if (person === undefined) return { type: "missing" };
  const text = (key: string, args?: Record<string, string | number>) => deps.words.text(visit.language, key, args);
  const within = visit.standing.withinSome(action);
  const now = BigInt(deps.now());
  const found = await db.grant.findMany({
    where: {
      role: "coordinator",
      organisationId: { in: [...within] },
      NOT: { personId: person.id },
      OR: [{ until: null }, { until: { gt: now } }],
    },
    select: { personId: true, organisationId: true, programme: true, person: { select: { name: true } } },
  });
  const coordinators = [
    ...new Map(found.filter((one) => decides(visit.standing, one)).map((one) => [one.personId, one])).values(),
  ];
  return {
    type: "page",
    title: text("console.roles.giveto", { name: person.name }),
    body: (
      <Form action={`/console/roles/give/${person.id}`} csrf={visit.csrf}>
        <SelectField
          id="role"
          label={text("console.roles.role")}
          options={roleNames
            .filter((role) => role !== "learner")
            .map((role) => ({ value: role, label: text(`role.${role}`) }))}
        />
        <SelectField
          id="organisation"
          label={text("console.people.organisation")}
          options={await organisationChoices(db, within)}
        />
        <SelectField
          id="programme"
          label={text("console.roles.programme")}
          options={[
            { value: "", label: text("console.roles.everyprogramme") },
            ...deps.catalogue.programmes.map(({ id }) => ({ value: id, label: id })),
          ]}
        />
        <SelectField
          id="deputyFor"
          label={text("console.roles.deputyfor")}
          options={[
            { value: "", label: "–" },
            ...coordinators.map(({ personId, person: { name } }) => ({ value: personId, label: name })),
          ]}
        />
        <TextField id="until" type="date" label={text("console.roles.until")} hint={text("console.roles.until.hint")} />
        <button type="submit" class="main">
          {text("console.roles.give")}
        </button>
      </Form>
    ),
  };
}

const wanted = z.object({
  role: z.string().transform((name, ctx): Role => {
    const role = roleOf(name);
    if (role !== undefined && role !== "learner") return role;
    ctx.addIssue("no such role");
    return z.NEVER;
  }),
  organisation: z.string(),
  programme: z.string(),
  deputyFor: z.string(),
  until: z.union([z.literal(""), z.iso.date()]),
});

async function give(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { db } = deps.store;
  const person = await personSeen(visit, deps, visit.params.person ?? "");
  if (person === undefined) return { type: "missing" };
  const read = wanted.safeParse(Object.fromEntries(visit.form));
  const again = { type: "go", to: `/roles/give/${person.id}`, said: "console.wrong" } as const;
  if (!read.success) return again;
  const { role, organisation: organisationId, programme, deputyFor, until } = read.data;
  // Whoever administers one programme cannot give more than that.
  const scope = { organisationId, programme: programme === "" ? null : programme };
  if (!decides(visit.standing, scope)) return { type: "missing" };
  if (programme !== "" && deps.catalogue.get(programme) === undefined) return again;
  // The whole last day counts.
  const end = until === "" ? undefined : Date.parse(`${until}T23:59:59.999Z`);
  if (end !== undefined && end < deps.now()) return again;
  if (role === "deputy" && (end === undefined || deputyFor === ""))
    return { ...again, said: "console.roles.deputyneeds" };
  if (role === "deputy") {
    const isNobody =
      deputyFor === person.id || !(await mayNameDeputy(db, visit.standing, { ...scope, deputyFor }, deps.now()));
    if (isNobody) return { ...again, said: "people.deputy.beyond" };
  }
  await giveRole(
    db,
    {
      personId: person.id,
      role,
      ...scope,
      createdBy: visit.person.id,
      ...(role === "deputy" ? { deputyFor } : {}),
      ...(end === undefined ? {} : { until: end }),
    },
    deps.now(),
  );
  const standsInFor = role === "deputy" ? deputyFor : null;
  await tellRole(visit, deps, { personId: person.id, role, organisationId, given: true, deputyFor: standsInFor });
  return { type: "go", to: "/roles", said: "console.roles.given" };
}

async function take(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { db } = deps.store;
  const id = visit.params.id ?? "";
  const grant = await db.grant.findUnique({ where: { id } });
  if (grant === null || !decides(visit.standing, grant)) return { type: "missing" };
  const { personId, role, organisationId, programme } = grant;
  if (role === "admin" && organisationId === rootId && programme === null) {
    const others = await db.grant.count({
      where: { role: "admin", organisationId: rootId, programme: null, until: null, NOT: { personId } },
    });
    if (others === 0) return { type: "go", to: "/roles", said: "console.roles.last" };
  }
  await db.grant.deleteMany({ where: { id } });
  await tellRole(visit, deps, { personId, role, organisationId, given: false });
  return { type: "go", to: "/roles", said: "console.roles.taken" };
}

/** Who may do what. */
export const roles: Section = {
  path: "/roles",
  name: "console.roles",
  routes: [
    { method: "get", path: "/roles", action, handle: list },
    { method: "get", path: "/roles/give/:person", action, handle: form },
    { method: "post", path: "/roles/give/:person", action, handle: give },
    { method: "post", path: "/roles/:id/take", action, handle: take },
  ],
};
