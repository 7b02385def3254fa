import { randomUUID } from "node:crypto";
import type { ComponentChildren } from "preact";
import { foldPlain } from "../engine/fold.ts";
import { loadPerson } from "../people/loaded.ts";
import { mergeTwo } from "../people/merge.ts";
import { rootId } from "../people/standing.ts";
import { StoreError } from "../store/types.ts";
import { Form, TextField } from "./fields.tsx";
import { listPeople } from "./people-data.ts";
import { personSeen, type SeenPerson } from "./person-data.ts";
import { showDay } from "./show.ts";
import type { Answer, ConsoleDeps, Section, Visit } from "./types.ts";

const action = "people.merge";
/** People of one name that are offered. */
const most = 20;
const missing: Answer = { type: "missing" };

type Text = (key: string, args?: Record<string, string | number>) => string;

/** Two records of one person become one, and two again for thirty days. */
export const merge: Section = {
  name: "console.people",
  routes: [
    { method: "get", path: "/people/:id/merge", action, handle: page },
    { method: "post", path: "/people/:id/merge", action, handle: join },
    { method: "post", path: "/merges/:id/undo", action, handle: undo },
  ],
};

/**
 * A person whose record this visitor may join with another: theirs in every place. Whoever has a role is left to those who decide
 * about roles, because its chats would open to somebody else what the role opens.
 */
async function mine(visit: Visit, deps: ConsoleDeps, id: string): Promise<SeenPerson | undefined> {
  const { db } = deps.store;
  const { standing } = visit;
  const person = await personSeen(visit, deps, id);
  if (person === undefined) return undefined;
  const [memberships, grants, row] = await Promise.all([
    db.membership.findMany({
      where: { personId: id },
      select: { organisationId: true, cohort: { select: { programme: true } } },
    }),
    db.grant.findMany({ where: { personId: id }, select: { organisationId: true, programme: true } }),
    db.person.findUnique({ where: { id }, select: { roles: true } }),
  ]);
  const places = memberships.map(({ organisationId, cohort }) => ({ organisationId, programme: cohort.programme }));
  const top = { organisationId: rootId, programme: null };
  if (places.length === 0 && !standing.may(action, top)) return undefined;
  if (!places.every((place) => standing.may(action, place))) return undefined;
  // A role that is only a name, given without a grant, counts at the top.
  const named = (row?.roles ?? "[]") !== "[]" && grants.length === 0 ? [top] : [];
  return [...grants, ...named].every((scope) => standing.may("roles.change", scope)) ? person : undefined;
}

async function page(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const person = await personSeen(visit, deps, visit.params.id ?? "");
  if (person === undefined) return missing;
  const text: Text = (key, args) => deps.words.text(visit.language, key, args);
  const nameOf = (name: string): string => (name === "" ? text("console.people.noname") : name);
  const other = visit.query.get("other");
  await deps.audit({ actor: visit.person.id, action: "person.see", subject: person.id });
  const body = (
    <>
      <p>{text("people.merge.what")}</p>
      {other === null
        ? await search(visit, deps, person, text, nameOf)
        : await summary(visit, deps, person, other, text, nameOf)}
      {await past(visit, deps, person, text, nameOf)}
      <p>
        <a href={`/console/people/${person.id}`}>{nameOf(person.name)}</a>
      </p>
    </>
  );
  return { type: "page", title: text("people.merge.title", { name: nameOf(person.name) }), body };
}

type NameOf = (name: string) => string;

async function search(
  visit: Visit,
  deps: ConsoleDeps,
  person: SeenPerson,
  text: Text,
  nameOf: NameOf,
): Promise<ComponentChildren> {
  const wanted = visit.query.get("q") ?? person.name;
  const key = foldPlain(wanted);
  const all = await listPeople(deps.store.db, visit.standing, deps.now());
  const found = all.filter(({ id, name }) => id !== person.id && foldPlain(name).includes(key)).slice(0, most);
  const path = `/console/people/${person.id}/merge`;
  return (
    <>
      <form method="get" action={path} class="stack">
        <TextField id="q" type="search" label={text("people.merge.search")} value={wanted} />
        <button type="submit">{text("people.merge.find")}</button>
      </form>
      <h2>{text("people.merge.found")}</h2>
      {found.length === 0 ? <p>{text("people.merge.nobody")}</p> : null}
      <ul class="cards">
        {found.map(({ id, name, cohorts, organisations }) => (
          <li class="card">
            <p>
              <strong>{nameOf(name)}</strong>
              <br />
              {[cohorts, organisations].filter((one) => one !== "").join(", ")}
            </p>
            <a class="button" href={`${path}?other=${encodeURIComponent(id)}`}>
              {text("people.merge.choose")}
              <span class="visually-hidden"> {nameOf(name)}</span>
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

async function summary(
  visit: Visit,
  deps: ConsoleDeps,
  person: SeenPerson,
  otherId: string,
  text: Text,
  nameOf: NameOf,
): Promise<ComponentChildren> {
  const [into, from] = [await mine(visit, deps, person.id), await mine(visit, deps, otherId)];
  if (into === undefined || from === undefined || into.id === from.id) return <p>{text("people.merge.notyours")}</p>;
  await deps.audit({ actor: visit.person.id, action: "person.see", subject: from.id });
  const [one, other] = [await counts(deps, into.id), await counts(deps, from.id)];
  return (
    <>
      <h2>{text("people.merge.both")}</h2>
      <div class="scroll">
        <table>
          <caption class="visually-hidden">{text("people.merge.both")}</caption>
          <thead>
            <tr>
              <td />
              <th scope="col">{text("people.merge.keeps", { name: nameOf(into.name) })}</th>
              <th scope="col">{text("people.merge.moves", { name: nameOf(from.name) })}</th>
            </tr>
          </thead>
          <tbody>
            {one.map(([what, count], index) => (
              <tr>
                <th scope="row">{text(`people.merge.${what}`)}</th>
                <td>{count}</td>
                <td>{other[index]?.[1] ?? 0}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Form action={`/console/people/${into.id}/merge`} csrf={visit.csrf} plain>
        <input type="hidden" name="other" value={from.id} />
        <button type="submit" class="danger">
          {text("people.merge.button")}
        </button>
      </Form>
    </>
  );
}

async function counts({ store }: ConsoleDeps, personId: string): Promise<readonly (readonly [string, number])[]> {
  const { db } = store;
  const where = { personId };
  return [
    ["chats", await db.address.count({ where })],
    ["cohorts", await db.membership.count({ where })],
    ["records", await db.record.count({ where })],
    ["roles", await db.grant.count({ where })],
    ["questions", await db.question.count({ where })],
  ];
}

async function past(
  visit: Visit,
  deps: ConsoleDeps,
  person: SeenPerson,
  text: Text,
  nameOf: NameOf,
): Promise<ComponentChildren> {
  const rows = await deps.store.db.undo.findMany({
    where: { action: "person.merge", subject: person.id, undoneAt: null, expiresAt: { gt: BigInt(deps.now()) } },
    orderBy: { createdAt: "desc" },
  });
  if (rows.length === 0) return null;
  return (
    <>
      <h2>{text("people.merge.past")}</h2>
      <ul class="cards">
        {rows.map(({ id, createdAt }) => (
          <li class="card">
            <p>
              {text("people.merge.one", {
                name: nameOf(person.name),
                day: showDay(visit.language, Number(createdAt)),
              })}
            </p>
            <Form action={`/console/merges/${id}/undo`} csrf={visit.csrf} plain>
              <button type="submit">{text("people.merge.apart")}</button>
            </Form>
          </li>
        ))}
      </ul>
    </>
  );
}

async function join(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { store, now } = deps;
  const [into, from] = [
    await mine(visit, deps, visit.params.id ?? ""),
    await mine(visit, deps, visit.form.get("other") ?? ""),
  ];
  if (into === undefined || from === undefined || into.id === from.id) return missing;
  const to = `/people/${into.id}/merge`;
  const [one, other] = [await loadPerson(store.db, from.id), await loadPerson(store.db, into.id)];
  if (one === undefined || other === undefined) return missing;
  const id = randomUUID();
  const actor = visit.person.id;
  try {
    await mergeTwo(store, one, other, now(), { undo: { id, actor } });
  } catch (error) {
    if (error instanceof StoreError && error.kind === "conflict") return { type: "go", to, said: "people.merge.moved" };
    throw error;
  }
  await deps.audit({ actor, action: "person.merge", subject: into.id, ...placeOf(into), detail: { undo: id } });
  return { type: "go", to, said: "people.merge.done" };
}

async function undo(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const id = visit.params.id ?? "";
  const row = await deps.store.db.undo.findUnique({ where: { id }, select: { subject: true, action: true } });
  const person = row?.action === "person.merge" ? await mine(visit, deps, row.subject) : undefined;
  if (person === undefined) return missing;
  const to = `/people/${person.id}/merge`;
  const done = await deps.store.undoMerge(id, deps.now());
  if (done === undefined) return { type: "go", to, said: "people.merge.toolate" };
  const actor = visit.person.id;
  for (const subject of [done.into, done.from])
    await deps.audit({ actor, action: "person.unmerge", subject, ...placeOf(person), detail: { undo: id } });
  return { type: "go", to, said: "people.merge.undone" };
}

function placeOf({ memberships }: SeenPerson): { readonly organisationId?: string } {
  const [first] = memberships;
  return first === undefined ? {} : { organisationId: first.organisationId };
}
