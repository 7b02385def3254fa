import { randomUUID } from "node:crypto";
import { dayMs } from "../domain/durations.ts";
import { Form } from "./fields.tsx";
import { peopleColumns } from "./people.tsx";
import { activityOf, listPeople, organisationChoices, subtree } from "./people-data.ts";
import { showTime } from "./show.ts";
import { csvFile } from "./table.tsx";
import type { Answer, ConsoleDeps, Section, Visit } from "./types.ts";

/** How long a request for an export stands, asked or granted. */
const standsMs = dayMs;
const action = "people.export";

/** Somebody asks for a file with persons; somebody else has to agree. */
async function ask(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const organisationId = visit.form.get("organisation") ?? "";
  if (!visit.standing.within(action).includes(organisationId)) return { type: "missing" };
  const id = randomUUID();
  const now = deps.now();
  await deps.store.db.approval.create({
    data: {
      id,
      action,
      organisationId,
      detail: "{}",
      askedBy: visit.person.id,
      createdAt: BigInt(now),
      expiresAt: BigInt(now + standsMs),
    },
  });
  await deps.audit({ actor: visit.person.id, action: "export.ask", subject: id, organisationId });
  return { type: "go", to: "/exports", said: "console.exports.asked" };
}

async function list(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { db } = deps.store;
  const { language } = visit;
  const text = (key: string, args?: Record<string, string | number>) => deps.words.text(language, key, args);
  const within = visit.standing.within(action);
  const rows = await db.approval.findMany({
    where: { action, organisationId: { in: [...within] }, expiresAt: { gt: BigInt(deps.now()) } },
    orderBy: { createdAt: "desc" },
    take: 100,
  });
  const askers = await db.person.findMany({
    where: { id: { in: rows.map(({ askedBy }) => askedBy) } },
    select: { id: true, name: true },
  });
  const names = new Map(askers.map(({ id, name }) => [id, name]));
  const organisations = new Map((await organisationChoices(db, within)).map(({ value, label }) => [value, label]));
  const button = (id: string, what: string, main: boolean) => (
    <Form action={`/console/exports/${id}/${what}`} csrf={visit.csrf} plain>
      <button type="submit" class={main ? "main" : undefined}>
        {text(`console.exports.${what}`)}
      </button>
    </Form>
  );
  return {
    type: "page",
    title: text("console.exports"),
    body: (
      <>
        <p>{text("console.exports.why")}</p>
        {rows.length === 0 ? <p>{text("console.exports.none")}</p> : null}
        <ul class="cards">
          {rows.map((row) => {
            const own = row.askedBy === visit.person.id;
            const state = row.granted === null ? "waiting" : row.granted ? "granted" : "refused";
            return (
              <li class="card">
                <p>
                  <strong>{organisations.get(row.organisationId)}</strong>
                  <br />
                  {text("console.exports.by", {
                    name: names.get(row.askedBy) ?? "–",
                    time: showTime(language, Number(row.createdAt)),
                  })}
                  <br />
                  {text(`console.exports.${state}`)}
                </p>
                <div class="row">
                  {!own && row.granted === null
                    ? [button(row.id, "grant", true), button(row.id, "refuse", false)]
                    : null}
                  {own && row.granted === true ? button(row.id, "file", true) : null}
                </div>
              </li>
            );
          })}
        </ul>
      </>
    ),
  };
}

/** A second person agrees or not. Nobody agrees with themselves. */
function decide(granted: boolean) {
  return async (visit: Visit, deps: ConsoleDeps): Promise<Answer> => {
    const { db } = deps.store;
    const id = visit.params.id ?? "";
    const row = await db.approval.findUnique({ where: { id } });
    if (row?.action !== action || !visit.standing.within(action).includes(row.organisationId))
      return { type: "missing" };
    if (row.askedBy === visit.person.id) return { type: "go", to: "/exports", said: "console.exports.own" };
    const now = deps.now();
    const taken = await db.approval.updateMany({
      where: { id, granted: null, expiresAt: { gt: BigInt(now) }, NOT: { askedBy: visit.person.id } },
      data: {
        granted,
        decidedBy: visit.person.id,
        decidedAt: BigInt(now),
        expiresAt: BigInt(now + standsMs),
      },
    });
    if (taken.count === 0) return { type: "go", to: "/exports", said: "console.exports.decided" };
    const { organisationId } = row;
    await deps.audit({
      actor: visit.person.id,
      action: granted ? "export.grant" : "export.refuse",
      subject: id,
      organisationId,
    });
    return { type: "go", to: "/exports", said: "console.exports.thanks" };
  };
}

/** The file, once, for whoever asked. */
async function take(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { db } = deps.store;
  const id = visit.params.id ?? "";
  const row = await db.approval.findUnique({ where: { id } });
  if (row?.action !== action || row.askedBy !== visit.person.id) return { type: "missing" };
  const { organisationId } = row;
  if (!visit.standing.within(action).includes(organisationId)) return { type: "missing" };
  // Taken in one statement: of two presses at once one gets the file.
  const taken = await db.approval.updateMany({
    where: { id, granted: true, expiresAt: { gt: BigInt(deps.now()) } },
    data: { expiresAt: 0n },
  });
  if (taken.count === 0) return { type: "missing" };
  const people = await listPeople(db, visit.standing, deps.now(), await subtree(db, organisationId));
  const activity = await activityOf(db, deps.catalogue, people);
  await deps.audit({
    actor: visit.person.id,
    action: "export.take",
    subject: id,
    organisationId,
    detail: { count: people.length },
  });
  return csvFile("people", peopleColumns(deps, visit.language, activity), people);
}

/** Files with persons: asked by one, granted by another, taken once by the first within a day. */
export const exports: Section = {
  name: "console.exports",
  routes: [
    { method: "get", path: "/exports", action, handle: list },
    { method: "post", path: "/exports", action, handle: ask },
    { method: "post", path: "/exports/:id/grant", action, handle: decide(true) },
    { method: "post", path: "/exports/:id/refuse", action, handle: decide(false) },
    { method: "post", path: "/exports/:id/file", action, handle: take },
  ],
};
