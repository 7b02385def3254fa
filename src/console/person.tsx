import type { ComponentChildren } from "preact";
import { inLanguage, languageFor } from "../domain/programme.ts";
import type { Session } from "../engine/session.ts";
import type { Json } from "../engine/types.ts";
import { outboxStatus } from "../store/types.ts";
import { whyGone } from "../supervision/reasons.ts";
import { sharedSelves } from "../supervision/self-shared.ts";
import { noteRoutes, notes } from "./notes.tsx";
import { creditRoute } from "./path/credit.ts";
import { pathOf } from "./path/section.tsx";
import { reachOf, stepsOf } from "./people-data.ts";
import { personSeen, type SeenPerson } from "./person-data.ts";
import { showDay, showTime } from "./show.ts";
import type { Answer, ConsoleDeps, Section, Visit } from "./types.ts";

/** Entries of the timeline on one page. */
const mostEntries = 50;
/** Records that have a name of their own; others are named by what they are called. */
const named = ["joined", "lesson.done", "check.done", "answer", "card.saved", "card.dropped", "told"];

/** Theirs alone: that they looked at themselves is seen where they share it, and nowhere else. */
const theirs = ["selfrated", "self.done", "self.shared"];

type Text = (key: string, args?: Record<string, string | number>) => string;

async function one(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const person = await personSeen(visit, deps, visit.params.id ?? "");
  if (person === undefined) return { type: "missing" };
  const organisationId = person.memberships[0]?.organisationId;
  await deps.audit({
    actor: visit.person.id,
    action: "person.see",
    subject: person.id,
    ...(organisationId === undefined ? {} : { organisationId }),
  });
  const text: Text = (key, args) => deps.words.text(visit.language, key, args);
  return {
    type: "page",
    title: person.name === "" ? text("console.people.noname") : person.name,
    body: (
      <>
        {await facts(person, visit, deps, text)}
        {await progress(person, visit, deps, text)}
        {await pathOf(person, visit, deps)}
        {await sharedSelf(person, visit, deps, text)}
        {memberships(person, visit, text)}
        {await notes(person, visit, deps)}
        {visit.standing.may("appointments") ? (
          <p>
            <a href={`/console/appointments?person=${person.id}`}>{text("appointment.c.person")}</a>
          </p>
        ) : null}
        {await roles(person, visit, deps, text)}
        {await consents(person, visit, deps, text)}
        {await timeline(person, visit, deps, text)}
        {visit.standing.may("people.merge") ? (
          <p>
            <a href={`/console/people/${person.id}/merge`}>{text("people.merge.link")}</a>
          </p>
        ) : null}
      </>
    ),
  };
}

async function facts(person: SeenPerson, visit: Visit, deps: ConsoleDeps, text: Text): Promise<ComponentChildren> {
  const row = await deps.store.db.session.findUnique({ where: { personId: person.id }, select: { state: true } });
  const seenAt = row === null ? 0 : (JSON.parse(row.state) as Session).seenAt;
  const reach = reachOf(person.addresses, person, deps.now());
  const gone = person.addresses.filter(({ state }) => state === "gone").map(({ id }) => id);
  const unsent = await deps.store.db.outbox.findMany({
    where: { addressId: { in: gone }, status: outboxStatus.gone },
    select: { addressId: true, code: true },
    orderBy: { seq: "asc" },
  });
  const codes = new Map(unsent.map(({ addressId, code }) => [addressId, code]));
  return (
    <section aria-labelledby="reach">
      <dl class="facts">
        <dt>{text("console.people.seen")}</dt>
        <dd>{seenAt === 0 ? text("console.people.never") : showTime(visit.language, seenAt)}</dd>
        <dt>{text("console.person.zone")}</dt>
        <dd>{person.timeZone}</dd>
      </dl>
      <h2 id="reach">{text("console.people.reach")}</h2>
      <p>
        <strong class={reach === "ok" ? "good" : "bad"}>{text(`console.reach.${reach}`)}</strong>.{" "}
        {text(`console.reach.${reach}.what`)}
      </p>
      {person.addresses.length === 0 ? null : (
        <ul>
          {person.addresses.map(({ id, channel, state, reason, changedAt }) => {
            const why = whyGone(reason, codes.get(id) ?? null);
            return (
              <li>
                {changedAt === 0n && state !== "gone"
                  ? text("console.person.mailbox", { channel })
                  : text(state === "gone" ? "console.person.gone" : "console.person.works", {
                      channel,
                      day: showDay(visit.language, Number(changedAt)),
                    })}
                {state === "gone" ? (
                  <>
                    <br />
                    {text(`today.reason.${why}`)} {text(`today.remedy.${why}`)}
                  </>
                ) : null}
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}

async function progress(person: SeenPerson, visit: Visit, deps: ConsoleDeps, text: Text): Promise<ComponentChildren> {
  const row = await deps.store.db.progress.findUnique({ where: { personId: person.id } });
  const stored = row === null ? null : (JSON.parse(row.state) as Json);
  const steps = stepsOf(deps.catalogue, stored, person.programmes);
  return (
    <section aria-labelledby="progress">
      <h2 id="progress">{text("console.person.progress")}</h2>
      {steps.length === 0 ? <p>{text("console.person.nothing")}</p> : null}
      <ul>
        {steps.map(({ programme, done, of }) => {
          const found = deps.catalogue.get(programme);
          const title =
            found === undefined ? programme : inLanguage(found.title, languageFor(found.languages, [visit.language]));
          return (
            <li>
              {text("console.person.steps", { title, done, of })} <progress value={done} max={of} aria-label={title} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** The way to what they shared of how they see themselves; nothing where they shared nothing. */
async function sharedSelf(person: SeenPerson, visit: Visit, deps: ConsoleDeps, text: Text): Promise<ComponentChildren> {
  if (!visit.standing.may("self.see")) return null;
  const given = { catalogue: deps.catalogue, now: deps.now(), personId: person.id };
  const [found] = await sharedSelves(deps.store.db, visit.standing, given);
  return found === undefined ? null : (
    <p>
      <a href={`/console/framework/${person.id}`}>{text("framework.person")}</a>
    </p>
  );
}

function memberships(person: SeenPerson, visit: Visit, text: Text): ComponentChildren {
  const cohorts = visit.standing.may("cohorts.see");
  return (
    <section aria-labelledby="memberships">
      <h2 id="memberships">{text("console.person.memberships")}</h2>
      {person.memberships.length === 0 ? <p>{text("console.person.nomembership")}</p> : null}
      <ul>
        {person.memberships.map(({ cohort, organisation, state, joinedAt }) => (
          <li>
            {cohorts ? <a href={`/console/cohorts/${cohort.id}`}>{cohort.name}</a> : cohort.name},{" "}
            {organisation.name === "" ? "Fadder" : organisation.name}: {text(`console.member.${state}`)} (
            {showDay(visit.language, Number(joinedAt))})
          </li>
        ))}
      </ul>
    </section>
  );
}

async function roles(person: SeenPerson, visit: Visit, deps: ConsoleDeps, text: Text): Promise<ComponentChildren> {
  const grants = await deps.store.db.grant.findMany({
    where: { personId: person.id, organisationId: { in: [...visit.standing.within("people.see")] } },
    include: { organisation: { select: { name: true } } },
  });
  return (
    <section aria-labelledby="roles">
      <h2 id="roles">{text("console.roles")}</h2>
      {grants.length === 0 ? <p>{text("console.person.norole")}</p> : null}
      <ul>
        {grants.map(({ role, organisation, until }) => (
          <li>
            {text(`role.${role}`)}, {organisation.name === "" ? "Fadder" : organisation.name}
            {until === null ? "" : ` (${text("console.roles.until")}: ${showDay(visit.language, Number(until))})`}
          </li>
        ))}
      </ul>
      {visit.standing.may("roles.change") ? (
        <p>
          <a class="button" href={`/console/roles/give/${person.id}`}>
            {text("console.roles.give")}
          </a>
        </p>
      ) : null}
    </section>
  );
}

async function consents(person: SeenPerson, visit: Visit, deps: ConsoleDeps, text: Text): Promise<ComponentChildren> {
  const rows = await deps.store.db.consent.findMany({ where: { personId: person.id }, orderBy: { id: "asc" } });
  const latest = [...new Map(rows.map((row) => [row.purpose, row])).values()];
  return (
    <section aria-labelledby="consents">
      <h2 id="consents">{text("console.person.consents")}</h2>
      {latest.length === 0 ? <p>{text("console.person.noconsent")}</p> : null}
      <ul>
        {latest.map(({ purpose, version, given, at }) => (
          <li>
            {text(given ? "console.person.given" : "console.person.withdrawn", {
              purpose,
              version,
              day: showDay(visit.language, Number(at)),
            })}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What somebody did and when; never what they answered. */
async function timeline(person: SeenPerson, visit: Visit, deps: ConsoleDeps, text: Text): Promise<ComponentChildren> {
  const rows = await deps.store.db.record.findMany({
    where: {
      personId: person.id,
      type: { notIn: theirs },
      ...(person.programmes === undefined ? {} : { programme: { in: [...person.programmes] } }),
    },
    orderBy: { id: "desc" },
    take: mostEntries,
    select: { type: true, at: true },
  });
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline">{text("console.person.timeline")}</h2>
      {rows.length === 0 ? <p>{text("console.person.nothing")}</p> : null}
      <ul>
        {rows.map(({ type, at }) => (
          <li>
            {showTime(visit.language, Number(at))}: {named.includes(type) ? text(`console.record.${type}`) : type}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** One person, as far as the visitor's organisations may see; every look is written down. */
export const person: Section = {
  name: "console.people",
  routes: [{ method: "get", path: "/people/:id", action: "people.see", handle: one }, creditRoute, ...noteRoutes],
};
