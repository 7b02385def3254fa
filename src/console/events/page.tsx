import type { JSX } from "preact";
import { cancelEvent, type TrainingEvent } from "../../events/events.ts";
import type { Listed } from "../../events/list.ts";
import { hasMissed, makesUp, offerMakeUp } from "../../events/make-up.ts";
import { decides, eventsOf, mayAbout, type ReachedEvent } from "../../events/reach.ts";
import { Form, TextField } from "../fields.tsx";
import { arrange, Table } from "../table.tsx";
import type { Answer, ConsoleDeps, Route, Visit } from "../types.ts";
import {
  after,
  columnsFor,
  eventIn,
  isPersonal,
  listedIn,
  nameOf,
  personName,
  type T,
  templatesOf,
  texts,
  whenOf,
} from "./common.ts";

/** One training day: what is known, who is on its list, and what can be done with it. */
export const eventPageRoutes: readonly Route[] = [
  { method: "get", path: "/events/:id", action: "events.see", handle: (visit, deps) => show(visit, deps) },
  { method: "post", path: "/events/:id/cancel", action: "events.change", handle: cancel },
  { method: "post", path: "/events/:id/makeup", action: "events.change", handle: offer },
];

async function show(visit: Visit, deps: ConsoleDeps, problem?: string): Promise<Answer> {
  const listed = await listedIn(visit, deps);
  if (listed === undefined) return { type: "missing" };
  const { found, people } = listed;
  const t = texts(visit, deps);
  const { event } = found;
  const path = `/console/events/${event.id}`;
  const columns = columnsFor(t);
  const view = arrange(people, columns, visit.query, visit.language);
  const mayChange = decides(visit.standing, found);
  return {
    type: "page",
    title: nameOf(visit, deps, found),
    ...(problem === undefined ? {} : { status: 422 }),
    body: (
      <>
        {problem === undefined ? null : (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <Facts t={t} found={found} when={whenOf(visit, found)} people={people} />
        <p class="row">
          <a class="button main" href={`${path}/live`}>
            {t("events.live")}
          </a>
          <a class="button" href={`${path}/list`}>
            {t("events.print")}
          </a>
          {mayChange && event.state === "planned" ? (
            <a class="button" href={`${path}/edit`}>
              {t("events.edit")}
            </a>
          ) : null}
        </p>
        <h2>{t("events.seats")}</h2>
        {people.length === 0 ? (
          <p>{t("events.seats.none")}</p>
        ) : (
          <Table
            words={deps.words}
            visit={visit}
            caption={t("events.seats")}
            path={path}
            columns={columns}
            view={view}
          />
        )}
        {mayChange ? await missed(visit, deps, found, people) : null}
        {mayChange && event.state === "planned" ? (
          <details>
            <summary>{t("events.cancel")}</summary>
            <Form action={`${path}/cancel`} csrf={visit.csrf}>
              <TextField id="reason" label={t("events.field.reason")} most={300} />
              <button type="submit" class="danger">
                {t("events.cancel")}
              </button>
            </Form>
          </details>
        ) : null}
      </>
    ),
  };
}

function Facts(given: {
  readonly t: T;
  readonly found: ReachedEvent;
  readonly when: string;
  readonly people: readonly Listed[];
}): JSX.Element {
  const { t, found, when, people } = given;
  const { event, cohort } = found;
  const count = (...states: readonly string[]) => people.filter(({ state }) => states.includes(state)).length;
  const facts: readonly (readonly [string, string])[] = [
    [t("cohorts.field.state"), `${t(`events.is.${event.state}`)}${event.reason === "" ? "" : `: ${event.reason}`}`],
    [t("events.col.when"), `${when} (${event.timeZone})`],
    [t("events.col.cohort"), cohort.name],
    [t("events.field.form"), t(`events.form.${event.form}`)],
    [t("events.field.venue"), event.venue === "" ? "–" : event.venue],
    [t("events.field.link"), event.link === "" ? "–" : event.link],
    [t("events.field.minutes"), `${event.minutes} (${event.kind}${event.unit === null ? "" : `, ${event.unit}`})`],
    [
      t("events.col.coming"),
      `${count("coming", "offered", "walk-in")}${event.places === null ? "" : ` / ${event.places}`}`,
    ],
    [t("events.col.waiting"), String(count("waiting"))],
  ];
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </>
      ))}
    </dl>
  );
}

/** Sessions ahead that make up for this one. */
async function substitutes(visit: Visit, deps: ConsoleDeps, found: ReachedEvent): Promise<readonly ReachedEvent[]> {
  const { programme } = found.cohort;
  const rule = templatesOf(visit, deps, programme).find(({ id }) => id === found.event.template)?.makeUp ?? "any";
  const ahead = await eventsOf(deps.store.db, visit.standing, { from: deps.now() });
  return ahead.filter(
    (one) =>
      one.cohort.programme === programme && one.event.state === "planned" && makesUp(found.event, one.event, rule),
  );
}

async function missed(
  visit: Visit,
  deps: ConsoleDeps,
  found: ReachedEvent,
  people: readonly Listed[],
): Promise<JSX.Element | null> {
  const t = texts(visit, deps);
  const { event, cohort } = found;
  const who = people.filter((one) => hasMissed(one, event, deps.now()));
  if (who.length === 0) return null;
  const others = await substitutes(visit, deps, found);
  return (
    <section>
      <h2>{t("events.makeup.title")}</h2>
      <p>{t("events.makeup.text")}</p>
      <p>
        <a href={`/console/events/new?cohort=${cohort.id}&makesUpFor=${event.id}`}>{t("events.makeup.plan")}</a>
      </p>
      {others.length === 0 ? <p>{t("events.makeup.none")}</p> : null}
      <ul>
        {who.map(({ personId, name }) => (
          <li>
            {personName(t, { name })}
            {others.length === 0 ? null : (
              <Form action={`/console/events/${event.id}/makeup`} csrf={visit.csrf} plain>
                <input type="hidden" name="person" value={personId} />
                <div class="row">
                  <select name="to" aria-label={`${t("events.makeup.title")}: ${name}`}>
                    {others.map((other) => (
                      <option value={other.event.id}>
                        {`${nameOf(visit, deps, other)}, ${whenOf(visit, other)}, ${other.cohort.name}`}
                      </option>
                    ))}
                  </select>
                  <button type="submit" aria-label={`${t("events.makeup.offer")}: ${name}`}>
                    {t("events.makeup.offer")}
                  </button>
                </div>
              </Form>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

async function cancel(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const found = await eventIn(visit, deps);
  if (found === undefined || !decides(visit.standing, found)) return { type: "missing" };
  const reason = (visit.form.get("reason") ?? "").trim().slice(0, 300);
  if (isPersonal(visit, deps, reason)) return show(visit, deps, texts(visit, deps)("events.guard"));
  const isDone = await cancelEvent(deps.store.db, found.event.id, reason, deps.now());
  return after(visit, deps, found, { isDone, action: "event.cancel", said: "cancelled" });
}

async function offer(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { found, people } = (await listedIn(visit, deps)) ?? {};
  if (found === undefined || !decides(visit.standing, found)) return { type: "missing" };
  const personId = visit.form.get("person") ?? "";
  const person = people?.find((one) => one.personId === personId);
  const to = (await substitutes(visit, deps, found)).find(({ event }) => event.id === visit.form.get("to"));
  const isRight = person !== undefined && hasMissed(person, found.event satisfies TrainingEvent, deps.now());
  if (!isRight || to === undefined || !mayAbout(visit.standing, found, "events.change", undefined)) {
    return { type: "missing" };
  }
  const isDone = await offerMakeUp(deps.store.db, to.event.id, personId, deps.now());
  const detail = { person: personId, to: to.event.id };
  return after(visit, deps, found, { isDone, action: "event.makeup", detail, said: "offered" });
}
