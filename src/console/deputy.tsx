import { z } from "zod";
import { dayMs } from "../domain/durations.ts";
import { mayNameDeputy } from "../people/deputies.ts";
import { giveRole } from "../people/grants.ts";
import { Form, SelectField, TextField } from "./fields.tsx";
import { organisationChoices } from "./people-data.ts";
import { tellRole } from "./roles-told.ts";
import { showDay } from "./show.ts";
import type { Answer, ConsoleDeps, Section, Visit } from "./types.ts";

const action = "deputy.name";
/** Nobody stands in for longer without being asked again. */
const mostDays = 366;

/** Roles of colleagues who may stand in. */
const colleagues = ["coordinator", "deputy", "assessor", "trainer", "expert", "author", "admin"];

/** A coordinator who is away names whoever stands in: questions and notices go there until the last day. */
export const deputy: Section = {
  path: "/deputy",
  name: "people.deputy.title",
  routes: [
    { method: "get", path: "/deputy", action, handle: page },
    { method: "post", path: "/deputy", action, handle: give },
    { method: "post", path: "/deputy/:id/end", action, handle: end },
  ],
};

/** Staff of the coordinator's own organisations who can be written to. */
async function choices(visit: Visit, { store, now }: ConsoleDeps) {
  const grants = await store.db.grant.findMany({
    where: {
      organisationId: { in: [...visit.standing.withinSome(action)] },
      role: { in: colleagues },
      OR: [{ until: null }, { until: { gt: BigInt(now()) } }],
      NOT: { personId: visit.person.id },
      person: { addresses: { some: { state: "reachable" } } },
    },
    select: { personId: true, person: { select: { name: true } } },
    orderBy: { person: { name: "asc" } },
  });
  return [...new Map(grants.map(({ personId, person }) => [personId, person.name])).entries()];
}

async function page(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { db } = deps.store;
  const text = (key: string, args?: Record<string, string | number>): string =>
    deps.words.text(visit.language, key, args);
  const named = await db.grant.findMany({
    where: { role: "deputy", deputyFor: visit.person.id, until: { gt: BigInt(deps.now()) } },
    include: { person: { select: { name: true } } },
    orderBy: { until: "asc" },
  });
  const places = await organisationChoices(
    db,
    named.map(({ organisationId }) => organisationId),
  );
  const options = await choices(visit, deps);
  const body = (
    <>
      <p>{text("people.deputy.what")}</p>
      {named.length === 0 ? <p>{text("people.deputy.none")}</p> : null}
      <ul class="cards">
        {named.map(({ id, person, organisationId, until }) => (
          <li class="card">
            <p>
              {text("people.deputy.one", {
                name: person.name,
                organisation: places.find(({ value }) => value === organisationId)?.label ?? "",
                day: showDay(visit.language, Number(until)),
              })}
            </p>
            <Form action={`/console/deputy/${id}/end`} csrf={visit.csrf} plain>
              <button type="submit">
                {text("people.deputy.end")}
                <span class="visually-hidden"> {person.name}</span>
              </button>
            </Form>
          </li>
        ))}
      </ul>
      <h2>{text("people.deputy.name")}</h2>
      {options.length === 0 ? (
        <p>{text("people.deputy.nobody")}</p>
      ) : (
        <Form action="/console/deputy" csrf={visit.csrf}>
          <SelectField
            id="person"
            label={text("people.deputy.who")}
            options={options.map(([value, label]) => ({ value, label }))}
          />
          <TextField
            id="until"
            type="date"
            label={text("people.deputy.until")}
            hint={text("people.deputy.until.hint")}
            required
          />
          <button type="submit" class="main">
            {text("people.deputy.button")}
          </button>
        </Form>
      )}
    </>
  );
  return { type: "page", title: text("people.deputy.title"), body };
}

const wanted = z.object({ person: z.string(), until: z.iso.date() });

async function give(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { db } = deps.store;
  const now = deps.now();
  const read = wanted.safeParse(Object.fromEntries(visit.form));
  if (!read.success) return { type: "go", to: "/deputy", said: "console.wrong" };
  const personId = read.data.person;
  // The whole last day counts.
  const until = Date.parse(`${read.data.until}T23:59:59.999Z`);
  if (until < now || until > now + mostDays * dayMs) return { type: "go", to: "/deputy", said: "people.deputy.day" };
  if (!(await choices(visit, deps)).some(([id]) => id === personId)) return { type: "missing" };
  const me = visit.person.id;
  // Everything that the coordinator has, and nothing beside it.
  for (const { role, organisationId, programme } of visit.standing.held) {
    const scope = { organisationId, programme, deputyFor: me };
    if (role !== "coordinator" || !(await mayNameDeputy(db, visit.standing, scope, now))) continue;
    await giveRole(db, { personId, role: "deputy", ...scope, until, createdBy: me }, now);
    await tellRole(visit, deps, { personId, role: "deputy", organisationId, given: true, deputyFor: me });
  }
  return { type: "go", to: "/deputy", said: "people.deputy.given" };
}

async function end(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { db } = deps.store;
  const deputyFor = visit.person.id;
  const grant = await db.grant.findFirst({ where: { id: visit.params.id ?? "", role: "deputy", deputyFor } });
  if (grant === null) return { type: "missing" };
  await db.grant.deleteMany({ where: { id: grant.id } });
  const { personId, organisationId } = grant;
  await tellRole(visit, deps, { personId, role: "deputy", organisationId, given: false, deputyFor });
  return { type: "go", to: "/deputy", said: "people.deputy.ended" };
}
