import type { JSX } from "preact";
import { toString as qr } from "qrcode";
import { minuteMs } from "../../domain/durations.ts";
import { type Attendance, attendances, decideGuest, noteAttendance, noteRest } from "../../events/attendance.ts";
import { codeAt, codeEnds, openTimes } from "../../events/codes.ts";
import type { Listed } from "../../events/list.ts";
import { mayAbout, type ReachedEvent } from "../../events/reach.ts";
import { Form } from "../fields.tsx";
import { showTime } from "../show.ts";
import type { Answer, ConsoleDeps, Route, Visit } from "../types.ts";
import { after, codingOf, listedIn, nameOf, note, personName, texts } from "./common.ts";

/** Seconds after which the page with the code renews itself. */
const renewEvery = 20;

/** The trainer's page during a session: the code on the wall, who is here, and notes by hand. */
export const eventLiveRoutes: readonly Route[] = [
  { method: "get", path: "/events/:id/live", action: "attendance.note", handle: live },
  { method: "post", path: "/events/:id/attendance", action: "attendance.note", handle: mark },
  { method: "post", path: "/events/:id/guest", action: "attendance.note", handle: guest },
  { method: "post", path: "/events/:id/rest", action: "attendance.note", handle: rest },
];

const there = ["present", "late", "partial"];
/** Where a form leads, and what is said. */
const noted = { page: "/live", said: "noted" };

async function live(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { found, people = [] } = (await listedIn(visit, deps)) ?? {};
  if (found === undefined || !mayNote(visit, found)) return { type: "missing" };
  const t = texts(visit, deps);
  const { event } = found;
  const asking = people.filter(({ state }) => state === "asking");
  const listed = people.filter(({ state }) => state !== "asking" && state !== "declined");
  const others = people.filter(({ state }) => state === "declined");
  // Nobody's page moves under their hands unless they ask for it (WCAG 2.2.1).
  const renews = visit.query.get("renew") === "1";
  const path = `/console/events/${event.id}`;
  const row = (one: Listed) => <Person visit={visit} deps={deps} found={found} person={one} />;
  return {
    type: "page",
    title: nameOf(visit, deps, found),
    ...(renews ? { refresh: renewEvery } : {}),
    body: (
      <>
        {await code(visit, deps, found)}
        <p role="status">
          {t("events.live.count", {
            n: listed.filter(({ attendance }) => there.includes(attendance ?? "")).length,
            of: listed.length,
          })}
        </p>
        <p class="row screen">
          <a href={path}>{t("events.back")}</a>
          <a href={renews ? `${path}/live` : `${path}/live?renew=1`}>
            {t(renews ? "events.live.still" : "events.live.renew")}
          </a>
        </p>
        {asking.length === 0 ? null : (
          <section>
            <h2>{t("events.live.asking")}</h2>
            <ul class="cards">
              {asking.map(({ personId, name }) => (
                <li class="card">
                  <h3>{personName(t, { name })}</h3>
                  <Form action={`${path}/guest`} csrf={visit.csrf} plain>
                    <input type="hidden" name="person" value={personId} />
                    <div class="row">
                      <button type="submit" name="decision" value="yes" aria-label={`${t("events.live.yes")}: ${name}`}>
                        {t("events.live.yes")}
                      </button>
                      <button type="submit" name="decision" value="no" aria-label={`${t("events.live.no")}: ${name}`}>
                        {t("events.live.no")}
                      </button>
                    </div>
                  </Form>
                </li>
              ))}
            </ul>
          </section>
        )}
        <h2>{t("events.seats")}</h2>
        {people.length === 0 ? <p>{t("events.seats.none")}</p> : null}
        <ul class="cards">{[...listed, ...others].map(row)}</ul>
        {deps.now() < event.startsAt || listed.every(({ attendance }) => attendance !== null) ? null : (
          <Form action={`${path}/rest`} csrf={visit.csrf} plain>
            <button type="submit">{t("events.live.rest")}</button>
          </Form>
        )}
      </>
    ),
  };
}

/** The code with a picture for each platform, as long as check-in is open. */
async function code(visit: Visit, deps: ConsoleDeps, found: ReachedEvent): Promise<JSX.Element> {
  const t = texts(visit, deps);
  const { event } = found;
  const coded = await codingOf(deps).codedOf(event);
  const { from, to } = openTimes(coded);
  const now = deps.now();
  if (event.state === "cancelled") return <p class="notice">{t("events.is.cancelled")}</p>;
  if (now < from) {
    return <p class="notice">{t("events.live.opens", { when: showTime(visit.language, from, event.timeZone) })}</p>;
  }
  if (now > to) return <p class="notice">{t("events.live.closed")}</p>;
  const shown = codeAt(coded, now);
  const ends = new Intl.DateTimeFormat(visit.language, {
    timeZone: event.timeZone,
    hour: "2-digit",
    minute: "2-digit",
  }).format(codeEnds(coded, now));
  const ways = await Promise.allSettled(deps.adapters.map((adapter) => adapter.joinWays?.(shown, "here") ?? []));
  const complete = ways.flatMap((one) => (one.status === "fulfilled" ? one.value : [])).filter((way) => way.complete);
  const pictures = await Promise.all(
    complete.map(async (way) => ({
      ...way,
      picture: await qr(way.url, { type: "svg", margin: 2, errorCorrectionLevel: "M", width: 220 }),
    })),
  );
  return (
    <section>
      <p class="code">
        <strong>{t("events.live.write", { code: shown })}</strong>
      </p>
      <p>{t("events.live.until", { when: ends })}</p>
      <ul class="cards">
        {pictures.map((way) => (
          <li class="card">
            <h3>{way.name}</h3>
            {/* Drawn here from an address of ours; nothing in it was written by a person. */}
            <div
              role="img"
              aria-label={t("events.live.picture", { name: way.name })}
              dangerouslySetInnerHTML={{ __html: way.picture }}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Person(given: {
  readonly visit: Visit;
  readonly deps: ConsoleDeps;
  readonly found: ReachedEvent;
  readonly person: Listed;
}): JSX.Element {
  const { visit, deps, found, person } = given;
  const t = texts(visit, deps);
  const { event } = found;
  const name = personName(t, person);
  const noted = person.attendance === null ? t(`events.seat.${person.state}`) : t(`events.att.${person.attendance}`);
  const arrived =
    person.checkedInAt === null ? "" : `, ${showTime(visit.language, person.checkedInAt, event.timeZone)}`;
  const field = `minutes-${person.personId}`;
  const button = (one: Attendance) => (
    <button type="submit" name="attendance" value={one} aria-label={`${t(`events.att.${one}`)}: ${name}`}>
      {t(`events.att.${one}`)}
    </button>
  );
  return (
    <li class="card">
      <h3>{name}</h3>
      <p class={there.includes(person.attendance ?? "") ? "good" : "soft"}>{`${noted}${arrived}`}</p>
      {event.overnight && person.overnight === "yes" ? <p>{t("events.col.night")}</p> : null}
      {mayAbout(visit.standing, found, "attendance.note", person.organisationId) ? (
        <Form action={`/console/events/${event.id}/attendance`} csrf={visit.csrf} plain>
          <input type="hidden" name="person" value={person.personId} />
          <div class="row">{attendances.filter((one) => one !== "partial").map(button)}</div>
          <label for={field}>{t("events.live.minutes")}</label>
          <div class="row">
            <input id={field} name="minutes" type="number" min={1} max={event.minutes} value={person.minutes ?? ""} />
            {button("partial")}
          </div>
        </Form>
      ) : null}
    </li>
  );
}

function mayNote(visit: Visit, found: ReachedEvent): boolean {
  return found.organisationIds.some((organisationId) =>
    mayAbout(visit.standing, found, "attendance.note", organisationId),
  );
}

/** The session and the person a form is about, where this visitor may note them. */
async function personIn(visit: Visit, deps: ConsoleDeps) {
  const listed = await listedIn(visit, deps);
  const person = listed?.people.find(({ personId }) => personId === visit.form.get("person"));
  if (listed === undefined || person === undefined) return undefined;
  const { found } = listed;
  if (!mayAbout(visit.standing, found, "attendance.note", person.organisationId)) return undefined;
  return { found, personId: person.personId, who: { eventId: found.event.id, personId: person.personId } };
}

async function mark(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const about = await personIn(visit, deps);
  const attendance = attendances.find((one) => one === visit.form.get("attendance"));
  if (about === undefined || attendance === undefined) return { type: "missing" };
  const { found, personId, who } = about;
  const minutes = Math.trunc(Number(visit.form.get("minutes"))) || 0;
  const isWrong = attendance === "partial" && (minutes < 1 || minutes > found.event.minutes);
  const done = isWrong
    ? undefined
    : await noteAttendance(deps.store.db, who, { attendance, minutes }, visit.person.id, deps.now());
  const detail = { person: personId, attendance, minutes: done?.minutes ?? 0 };
  return after(visit, deps, found, { ...noted, isDone: done !== undefined, action: "attendance.note", detail });
}

async function guest(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const about = await personIn(visit, deps);
  const decision = visit.form.get("decision");
  if (about === undefined || (decision !== "yes" && decision !== "no")) return { type: "missing" };
  const { found, personId, who } = about;
  const { times } = await codingOf(deps).rulesOf(found.event.cohortId);
  const lateMs = times.late * minuteMs;
  const isDone = await decideGuest(deps.store.db, who, decision === "yes", visit.person.id, lateMs, deps.now());
  const detail = { person: personId, decision };
  return after(visit, deps, found, { ...noted, isDone, action: "attendance.guest", detail });
}

async function rest(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { found, people = [] } = (await listedIn(visit, deps)) ?? {};
  if (found === undefined || !mayNote(visit, found)) return { type: "missing" };
  const { event } = found;
  const to = `/events/${event.id}/live`;
  if (deps.now() < event.startsAt) return { type: "go", to, said: "events.done.late" };
  const open = people.filter(
    ({ state, attendance, organisationId }) =>
      attendance === null &&
      ["invited", "coming", "walk-in"].includes(state) &&
      mayAbout(visit.standing, found, "attendance.note", organisationId),
  );
  const ids = open.map(({ personId }) => personId);
  const count = await noteRest(deps.store.db, event.id, ids, visit.person.id, deps.now());
  if (count > 0) await note(visit, deps, found, "attendance.rest", { count });
  return { type: "go", to, said: "events.done.noted" };
}
